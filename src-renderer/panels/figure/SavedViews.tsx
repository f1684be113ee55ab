// Views of the project kept under names: each can be put on the page again as it was, and the page be kept as another.

import { useState } from 'react';
import type { SavedView } from '../../../src-worker/contract/api.ts';
import { keepView } from '../../state/kept-views.ts';
import { type FigureDraft, set, useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icons.tsx';

interface Props {
  readonly draft: FigureDraft;
  /** What the draft leaves to the view: the camera as it is drawn. */
  readonly camera: FigureDraft['camera'];
}

export function SavedViews({ draft, camera }: Props) {
  const project = useStore((state) => state.project);
  const views = useStore((state) => state.catalogue?.views);
  const [name, setName] = useState('');
  if (!project) return undefined;
  const saved = project.views ?? [];
  const isTaken = saved.some((view) => view.name === name.trim());
  const keep = (): void => {
    if (name.trim() === '' || project.readOnly) return;
    keepView(name.trim(), { ...draft, ...(camera ? { camera } : {}) });
    setName('');
  };
  return (
    <section className="saved" aria-label="Saved views">
      <h3>Saved views</h3>
      {saved.length === 0 && <p className="t3">None yet: give this one a name</p>}
      {saved.map(({ name: known, ...view }) => (
        <div key={known} className="entry-row">
          <button type="button" className="entry" onClick={() => set({ draft: draftOf(view) })}>
            <b>{known}</b>
            <span>{[views?.find(({ id }) => id === view.view)?.title ?? view.view, aboutView(view)].filter(Boolean).join('; ')}</span>
          </button>
          <button
            type="button"
            className="ib"
            aria-label={`Forget ${known}`}
            title={`Forget ${known}`}
            disabled={project.readOnly}
            onClick={() => keepView(known)}
          >
            <Icon name="close" size={10} />
          </button>
        </div>
      ))}
      <div className="acts">
        <span className="num">
          <input
            aria-label="Name to keep this view under"
            placeholder="Save as"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && keep()}
          />
        </span>
        <button type="button" className="btn sm" disabled={name.trim() === '' || project.readOnly} onClick={keep}>
          {isTaken ? 'Replace' : 'Keep'}
        </button>
      </div>
      {project.readOnly && <p className="hint">This project is open elsewhere and only read here</p>}
    </section>
  );
}

const draftOf = ({ state: _, camera, ...view }: SavedView): FigureDraft => ({ ...view, ...(camera ? { camera } : {}) });

/** What tells it from another of the same view. */
export const aboutView = ({ camera, trials }: SavedView): string =>
  [camera && `az ${Math.round(camera.azimuthDeg)}°, el ${Math.round(camera.elevationDeg)}°`.replaceAll('-', '−'), trials]
    .filter(Boolean)
    .join('; ');
