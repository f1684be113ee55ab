// Everything that any view could be asked to show, made of one small experiment.

import type { Analysis } from '../../src-worker/analyses/analysis.ts';
import { analyses } from '../../src-worker/analyses/index.ts';
import { statesOf } from '../../src-worker/analyses/states.ts';
import type { Settings } from '../../src-worker/contract/params.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Shown, View } from '../../src-worker/views/view.ts';
import { networkDynamics } from './network-dynamics.ts';
import { reachDynamics } from './reach-dynamics.ts';
import { reaches, type Reaches } from './reaches.ts';
import { inTwoRegions } from './two-regions.ts';

const job = { signal: new AbortController().signal, progress: async () => {}, seed: 0, threads: 1 };

/** Small and quick, where an analysis has such a setting. */
const QUICK: Settings = {
  draws: 5,
  searches: 2,
  range: [-8, 8],
  starts: 48,
  input: 'zero',
  steps: 300,
  recoveries: 1,
  refits: 4,
  shifted: 'off',
};

/** What a view needs; the result of its analysis where that can be made. */
export async function shownFor(view: Pick<View, 'shows'>, size: Reaches, settings: Settings = {}): Promise<Shown> {
  const { dataset, outputs, run, curves } = reaches(size);
  const shown: Shown = { dataset, outputs, run, curves };
  const analysis = (analyses as readonly Analysis[]).find(({ id }) => id === view.shows);
  if (!analysis) return shown;
  const quick = Object.fromEntries(Object.entries(QUICK).filter(([name]) => name in analysis.params));
  const params = valuesOf(analysis.params, { ...quick, ...settings });
  const flows = analysis.needs === 'flow';
  const dynamics = flows ? { dynamics: view.shows === 'weights' ? networkDynamics(dataset.units) : reachDynamics(size) } : {};
  const states = statesOf(dataset, flows ? 'generator' : analysis.state === 'counts' ? 'counts' : 'rates', outputs);
  // One unit alone has no two regions.
  const isConstrained = analysis.needs === 'tested' && dataset.units > 1;
  // Spread over seeds takes a second one.
  const seeds = view.shows === 'belief' ? { others: (J: Float64Array) => [J.map((weight, at) => weight + 0.1 * Math.cos(at))] } : {};
  // What is too little to fit or to analyse gives no result.
  const made = async () =>
    analysis.run(isConstrained ? inTwoRegions({ states, dataset }, seeds) : { states, dataset, ...dynamics }, params, job);
  const result = await made().catch(() => undefined);
  return { ...shown, ...(flows ? { ...dynamics, states } : {}), ...(result ? { result } : {}) };
}
