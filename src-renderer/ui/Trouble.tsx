// A Failure where the user looks: sign, sentence, hint.

import type { Failure } from '../../src-worker/contract/failure.ts';
import { Icon } from './icons.tsx';

export function Trouble({
  failure,
  onClose,
}: {
  readonly failure: Pick<Failure, 'code' | 'sentence' | 'hint'>;
  readonly onClose?: () => void;
}) {
  return (
    <div className="note bad" role="alert" data-code={failure.code}>
      <Icon name="warn" size={14} />
      <p>
        <b>{failure.sentence}</b> {failure.hint}
      </p>
      {onClose && (
        <button type="button" className="ib" onClick={onClose} aria-label="Dismiss">
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

interface Link {
  readonly title: string;
  onClick(): void;
}

export function Warning({ text, repair }: { readonly text: string; readonly repair?: Link | undefined }) {
  return (
    <div className="note warn">
      <Icon name="warn" size={14} />
      <p>
        {text}{' '}
        {repair && (
          <button type="button" className="link" onClick={repair.onClick}>
            {repair.title}
          </button>
        )}
      </p>
    </div>
  );
}

export function Info({ text }: { readonly text: string }) {
  return (
    <div className="note info">
      <Icon name="info" size={14} />
      <p>{text}</p>
    </div>
  );
}
