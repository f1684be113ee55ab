// What the window asks of a run's dynamics: its points with their modes at a held input, the inputs that can be moved, and the true points.

import type { FixedPoints } from './fixed-points.ts';

export interface PointMode {
  /** Per step of a map, per ms of an equation. */
  readonly re: number;
  readonly im: number;
  /** To fall, or to grow, by e. */
  readonly timeMs: number;
  readonly frequencyHz: number;
  readonly verdict: 'decays' | 'grows' | 'undecided';
}

export interface HeldInput {
  /** 'input 1', or the name of an external one. */
  readonly name: string;
  readonly isInferred: boolean;
  /** Over trials and time; 1 and 99 % of its values. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface TruePointBeside {
  readonly name: string;
  readonly stability: 'stable' | 'saddle';
  readonly unstable: number;
  readonly timeMs: number;
  readonly frequencyHz: number;
  /** Place of the nearest point, and how far it is, rms log rate over units; absent where there is none. */
  readonly nearest?: { readonly point: number; readonly apart: number };
}

export interface PointsReport extends FixedPoints {
  readonly run: string;
  readonly kind: 'map' | 'ode';
  /** Of one step of a map. */
  readonly stepMs?: number;
  /** What each point is called, from 0: its place in the search, also where it was followed from there. */
  readonly places: readonly number[];
  /** Of each point, the least stable first; a pair stands once. */
  readonly modes: readonly (readonly PointMode[])[];
  readonly inputs: readonly HeldInput[];
  readonly held: readonly number[];
  /** Not searched for at this input, but followed there from another. */
  readonly isFollowed: boolean;
  /** Share of points that such starts are thought to have found. */
  readonly coverage?: number;
  /** Conditions whose mean input can be held. */
  readonly conditions: readonly string[];
  /** What can be drawn, the usual one first. */
  readonly states: readonly string[];
  readonly truth?: readonly TruePointBeside[];
  readonly recipe: string;
  readonly notes: readonly string[];
  readonly seconds: number;
}
