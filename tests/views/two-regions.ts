// A network whose units are the recorded ones, in two regions: what analyses and views of such networks are tried on.

import type { Inputs } from '../../src-worker/analyses/analysis.ts';
import type { Dataset } from '../../src-worker/dataset/dataset.ts';
import { toArrays, toState } from '../../src-worker/models/constrained/network.ts';
import { cornn } from '../../src-worker/models/cornn/index.ts';

/** A network of the dataset's units, which lie in regions in turn; and those of other seeds, by their weights. */
export function inTwoRegions(
  { states, dataset: { areas: _none, unitColumns: _columns, ...rest } }: Pick<Inputs, 'states' | 'dataset'>,
  { names = ['A', 'B'], others = () => [] }: { readonly names?: readonly string[]; others?(J: Float64Array): readonly Float64Array[] } = {},
): Inputs {
  const dataset: Dataset = { ...rest, areas: Array.from({ length: rest.units }, (_, u) => names[u % names.length]) };
  const n = dataset.units;
  const model = cornn.tested!;
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
  const open = (J: Float64Array) => {
    const own = { ...fitted, network: { ...network, J } };
    return model.open({ step: 1, bestStep: 1, arrays: toArrays(own), state: toState(own) }, resolved, dataset);
  };
  const members = [network.J, ...others(network.J)].map((J, seed) => ({ run: `run${seed}`, seed, network: open(J) }));
  return { states, dataset, tested: { model, resolved, seed: 0, members, of: 'a network', title: 'CORNN' } };
}
