// What the page knows of the dynamics of the run in view, and the settings by which the host is asked for them.

import { create } from 'zustand';
import type { Failure } from '../../src-worker/contract/failure.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { PointsReport } from '../../src-worker/contract/points.ts';
import type { Scene } from '../../src-worker/scene/scene.ts';
import type { Progress } from './progress.ts';
import { get } from './store.ts';

export type HeldKind = 'mean' | 'zero' | 'condition' | 'external' | 'values';

export interface DynamicsState {
  /** Run and step that all of this belongs to. */
  readonly of: string;
  /** Input of the search. */
  readonly input: HeldKind;
  readonly condition?: string | undefined;
  readonly values?: readonly number[] | undefined;
  /** Input that the slider moves. */
  readonly channel: number;
  /** Where the slider stands, where that is not the input of the search. */
  readonly held?: readonly number[] | undefined;
  /** Mode with a ring, from 0. */
  readonly mode: number;
  /** Parameters of the portrait. */
  readonly look: Settings;
  readonly searched?: PointsReport | undefined;
  /** What is shown: the search, or what was followed from it. */
  readonly report?: PointsReport | undefined;
  readonly lines?: Scene | undefined;
  readonly portrait?: Scene | undefined;
  readonly plane?: Scene | undefined;
  /** Branches along the input that the slider moves, and how far following them is. */
  readonly diagram?: Scene | undefined;
  readonly following?: Progress | undefined;
  readonly noDiagram?: Failure | undefined;
  readonly failure?: Failure | undefined;
  readonly search?: Progress | undefined;
}

const nothing = {
  searched: undefined,
  report: undefined,
  lines: undefined,
  portrait: undefined,
  plane: undefined,
  diagram: undefined,
  following: undefined,
  noDiagram: undefined,
  failure: undefined,
  search: undefined,
};

export const fresh: DynamicsState = { of: '', input: 'zero', channel: 0, mode: 0, look: {}, ...nothing };

export const useDynamics = create<DynamicsState>()(() => fresh);

/** Settings of the search. */
export const searchSettings = ({ input, condition, values }: DynamicsState): Settings => ({
  input,
  ...(input === 'condition' && condition !== undefined ? { inputCondition: condition } : {}),
  ...(input === 'values' && values ? { inputValues: [...values] } : {}),
});

/** The portrait's parameters as a figure has them. */
export const portraitSettings = ({ look }: DynamicsState, point: number | undefined): Settings => ({
  ...look,
  ...(point === undefined ? {} : { point: point + 1 }),
});

/** Inputs as they are held now: by the slider, else by the search. */
export const heldNow = ({ held, searched }: DynamicsState): readonly number[] => held ?? searched?.held ?? [];

/** Settings of the branches along the input that the slider moves. */
export const branchSettings = (state: DynamicsState): Settings => ({ ...searchSettings(state), slider: String(state.channel + 1) });

/** Their picture's parameters: where the slider stands, and the height of the portrait's first axis. */
export function diagramSettings(state: DynamicsState): Settings {
  const at = heldNow(state)[state.channel];
  const { state: shown, dimensions } = state.look;
  const which = Array.isArray(dimensions) ? Number(dimensions[0]) : 1;
  const { point } = get().selection;
  return {
    ...(at === undefined ? {} : { at }),
    ...(point === undefined ? {} : { point: point + 1 }),
    ...(shown === undefined ? {} : { state: shown }),
    which,
  };
}
