// A network whose units are the recorded ones, in two regions: what analyses and views of such networks are tried on.

import type { Inputs } from '../../src-worker/analyses/analysis.ts';
import type { Dataset } from '../../src-worker/dataset/dataset.ts';
import { cornn } from '../../src-worker/models/cornn/index.ts';

/** A network of the dataset's units, which lie in two regions in turn. */
export function inTwoRegions({
  states,
  dataset: { areas: _none, unitColumns: _columns, ...rest },
}: Pick<Inputs, 'states' | 'dataset'>): Inputs {
  const dataset: Dataset = { ...rest, areas: Array.from({ length: rest.units }, (_, u) => (u % 2 === 0 ? 'A' : 'B')) };
  const n = dataset.units;
  const model = cornn.constrained!;
  const resolved = cornn.resolve(dataset, { leastUnits: 1 });
  const network = {
    form: 'rates',
    units: n,
    inputs: 0,
    J: Float64Array.from({ length: n * n }, (_, at) => 0.3 * Math.sin(at)),
    V: new Float64Array(0),
    phi: 'tanh',
    alpha: 0.2,
    stepMs: dataset.binMs,
    stepsPerBin: 1,
  } as const;
  const fitted = {
    network,
    places: Int32Array.from({ length: n }, (_, u) => u),
    transform: { scale: new Float64Array(n).fill(50), offset: new Float64Array(n) },
    means: new Float64Array(n).fill(5),
  };
  return { states, dataset, constrained: { model, resolved, fitted, seed: 0, members: [{ run: 'a', seed: 0, network }], of: 'a network' } };
}
