// What a view declares: which data it can show, and a pure function from them to a Scene.

import type { Params, Settings, Values } from '../contract/params.ts';
import type { Dynamics } from '../analyses/analysis.ts';
import type { Arrays, Result, States } from '../contract/result.ts';
import type { MetricPoint, RunRecord } from '../contract/run.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Scene } from '../scene/scene.ts';

/** Where the Scene will be drawn: CSS pixels on screen, points on paper. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** What there is to show; a view names what it needs in `shows`. */
export interface Shown {
  readonly dataset: Dataset;
  readonly run?: RunRecord;
  /** Title of the run's model, for captions. */
  readonly modelTitle?: string;
  readonly outputs?: Arrays;
  readonly curves?: readonly MetricPoint[];
  readonly result?: Result;
  /** Of the run, where the result is one of an analysis of its dynamics; and the states that these visited. */
  readonly dynamics?: Dynamics;
  readonly states?: States;
}

export interface View<P extends Params = Params> {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly about: string;
  /** `dataset`, `outputs` or `curves` of a run, or the id of the analysis whose result it draws. */
  readonly shows: string;
  readonly params: P;
  /** An analysis whose result it draws beside that, with these settings. */
  also?(params: Values<P>): string | undefined;
  /** How it stands in a report: first with these settings, then with those that follow from that picture (undefined where it could not be drawn), where there is what they show. */
  readonly report?: { readonly first?: Settings; more?(first: Scene | undefined): readonly Settings[] };
  /** Throws a Failure where what it shows is missing. */
  scene(shown: Shown, params: Values<P>, viewport: Viewport): Scene;
}

export const defineView = <const P extends Params>(view: View<P>): View<P> => view;
