// Views of the project kept under names: each can be put on the page again as it was, and the page be kept as another.

import type { SavedView } from '../../../src-worker/contract/api.ts';
import { aboutView, keepView } from '../../state/kept-views.ts';
import { type FigureDraft, set, useStore } from '../../state/store.ts';
import { KeptNames } from '../../ui/KeptNames.tsx';

interface Props {
  readonly draft: FigureDraft;
  /** What the draft leaves to the view: the camera as it is drawn. */
  readonly camera: FigureDraft['camera'];
}

export function SavedViews({ draft, camera }: Props) {
  const project = useStore((state) => state.project);
  const views = useStore((state) => state.catalogue?.views);
  if (!project) return undefined;
  const saved = project.views ?? [];
  const take = (name: string): void => {
    const view = saved.find((one) => one.name === name);
    if (view) set({ draft: draftOf(view) });
  };
  return (
    <section className="saved" aria-label="Saved views">
      <h3>Saved views</h3>
      <KeptNames
        items={saved.map(({ name, ...view }) => ({
          name,
          note: views?.find(({ id }) => id === view.view)?.title ?? view.view,
          about: aboutView(view),
        }))}
        none="None yet: give this one a name"
        hint={project.readOnly ? 'This project is open elsewhere and only read here' : undefined}
        canKeep={!project.readOnly}
        canForget={!project.readOnly}
        onTake={take}
        onKeep={(name) => keepView(name, { ...draft, ...(camera ? { camera } : {}) })}
        onForget={keepView}
      />
    </section>
  );
}

const draftOf = ({ state: _, camera, ...view }: SavedView): FigureDraft => ({ ...view, ...(camera ? { camera } : {}) });
