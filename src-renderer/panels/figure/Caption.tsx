// The caption as it goes below the figure, to be copied, and the methods text of the run with it.

import { useState } from 'react';
import { attempt } from '../../state/actions.ts';
import { host } from '../../state/connection.ts';
import { useWords } from '../../state/spoken.ts';
import { useStore } from '../../state/store.ts';

export function Caption({ text: caption }: { readonly text: string }) {
  const text = useWords()(caption);
  const { project, run } = useStore();
  const [copied, setCopied] = useState<string | undefined>();
  const copy = (what: string, give: () => Promise<string>) =>
    attempt(async () => {
      await navigator.clipboard.writeText(await give());
      setCopied(what);
    });
  const methods = async (): Promise<string> => {
    if (!project || !run) return '';
    const { text: told, references } = await host.methods({ project: project.path, run: run.id }, 'methods');
    return [told, '', ...references.map((reference, place) => `[${place + 1}] ${reference}`)].join('\n');
  };
  return (
    <>
      <h3 className="with-link">
        Caption
        <span className="acts">
          <button type="button" className="link" onClick={() => copy('caption', async () => text)}>
            {copied === 'caption' ? 'Copied' : 'Copy'}
          </button>
          <button
            type="button"
            className="link"
            title="How the run was made, with every parameter and what to cite"
            onClick={() => copy('methods', methods)}
          >
            {copied === 'methods' ? 'Copied' : 'Copy methods text'}
          </button>
        </span>
      </h3>
      <p className="caption">{text}</p>
    </>
  );
}
