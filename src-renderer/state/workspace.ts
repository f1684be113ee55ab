// What the window shows, as a text that the host keeps: a reload or a second tab goes on from it.

import type { Settings } from '../../src-worker/contract/params.ts';
import { type Screen, type Selection, type State, screens } from './store.ts';

export interface Workspace {
  readonly screen: Screen;
  readonly recording: { readonly grant: string; readonly name: string } | undefined;
  readonly data: Settings;
  readonly model: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly project: string | undefined;
  readonly run: string | undefined;
  readonly selection: Selection;
}

export const describe = (state: State): string =>
  JSON.stringify({
    screen: state.screen,
    recording: state.recording && { grant: state.recording.entry.grant, name: state.recording.entry.name },
    data: state.data,
    model: state.model,
    settings: state.settings,
    seed: state.seed,
    project: state.project?.path,
    run: state.run?.id,
    selection: state.selection,
  } satisfies Workspace);

/** Undefined where the text is none of ours. */
export function recall(text: string | undefined): Workspace | undefined {
  if (text === undefined) return undefined;
  const workspace = JSON.parse(text) as Workspace;
  return screens.includes(workspace.screen) ? workspace : undefined;
}
