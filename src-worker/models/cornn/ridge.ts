// How strongly CORNN's weights are held back: by the steps that are foretold best among those the weights were not fitted to.
//
// From the largest ridge down, each begins where the last ended, until less of the steps held back is foretold.

import { Doubles, product, put } from '../constrained/doubles.ts';
import { strongestEnough } from '../constrained/held-back.ts';
import { withSamples } from './resample.ts';
import { type Problem, Regressions, type Settings, type Solution } from './solver.ts';

/** λ per sample; activity lies within ±1. */
const RIDGES = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];
/** Weights that choose need stand still less well than those that are chosen for. */
const COARSER = 10;

export interface ChosenRidge {
  readonly ridge: number;
  /** Share of the squares of d that are held back which is foretold, with this ridge. */
  readonly heldBack: number;
  /** Weights of the other steps: inputs × units. */
  readonly theta: Float64Array;
}

/** `tick` is awaited with the share done. */
export async function chooseRidge(
  problem: Problem,
  heldBack: Uint8Array,
  settings: Settings,
  tick: (done: number) => Promise<void>,
): Promise<ChosenRidge> {
  const regressions = new Regressions(partOf(problem, heldBack, 0), { ...settings, tolerance: COARSER * settings.tolerance });
  const foretold = judge(partOf(problem, heldBack, 1));
  let last: Solution | undefined;
  const { candidate, share, fit } = await strongestEnough(RIDGES, async (ridge, place) => {
    last = await regressions.solve(ridge, () => tick(place / RIDGES.length), last?.theta);
    return { share: foretold(last.theta), fit: last.theta };
  });
  return { ridge: candidate, heldBack: share, theta: fit };
}

/** The samples that are marked so. */
const partOf = (problem: Problem, marks: Uint8Array, mark: number): Problem =>
  withSamples(problem, Int32Array.from(Array.from(marks.keys()).filter((sample) => marks[sample] === mark)));

/** 1 − Σ(d − tanh(xθ))² / Σd². */
function judge({ x, d, inputs, units }: Problem): (theta: Float64Array) => number {
  const samples = x.length / inputs;
  const plan = new Doubles();
  const [X, T, Z] = [plan.matrix(samples, inputs), plan.matrix(inputs, units), plan.matrix(samples, units)];
  const { kernels, view } = plan.open();
  put(view(X), X, x);
  return (theta) => {
    put(view(T), T, theta);
    product(kernels, X, T, Z);
    kernels.tanh64(samples * Z.ld, Z.at, Z.at);
    const z = view(Z);
    let [errors, squares] = [0, 0];
    for (let t = 0; t < samples; t++)
      for (let i = 0; i < units; i++) {
        const own = d[t * units + i];
        errors += (own - z[t * Z.ld + i]) ** 2;
        squares += own * own;
      }
    return 1 - errors / squares;
  };
}
