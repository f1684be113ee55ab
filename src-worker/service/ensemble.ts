// Several finished fits of one dataset by one model, taken together: spread of their metrics, scores of their rates averaged, agreement.

import type { Job } from '../contract/job.ts';
import type { Arrays, NamedArray } from '../contract/result.ts';
import { Failure } from '../contract/failure.ts';
import type { Agreement, EnsembleReport, FitReport, RunRecord } from '../contract/run.ts';
import { type Dataset, ofTrials } from '../dataset/index.ts';
import { agreementOf, directR2, type Sampled, sampled, withinConditions } from '../metrics/agreement.ts';
import { RateAverage, readEnsemble, spreads } from '../metrics/ensemble.ts';
import { beats, scoreRates, scoringTrials } from '../metrics/report.ts';
import { loadOutputs, type Project, resolveRun } from '../store/index.ts';
import type { Library } from './library.ts';

/** Outputs that are compared between fits. */
const COMPARED = ['rates', 'factors', 'inputs'] as const;

type Member = RunRecord & { readonly report: FitReport };

/** Throws a Failure where there are fewer than two runs, or where they are not finished fits of one dataset by one model. */
export async function ensembleOf(project: Project, library: Library, ids: readonly string[], job: Job): Promise<EnsembleReport> {
  const begun = performance.now();
  const members = membersOf(project, ids);
  const first = members[0].report;
  const dataset = await library.datasetOf(project, members[0].dataset, job);
  const trials = scoringTrials(dataset);
  const average = new RateAverage();
  const samples: Record<string, Sampled[]> = {};
  for (const [done, { id }] of members.entries()) {
    await job.progress((0.5 * done) / members.length, `Reading run ${id}`);
    const outputs = await outputsOf(project, id);
    average.take(perBin(dataset, outputs.rates, trials));
    for (const [name, sample] of samplesOf(dataset, outputs)) samples[name] = [...(samples[name] ?? []), sample];
  }

  const agreement: Record<string, Agreement> = {};
  for (const [done, [name, of]] of Object.entries(samples).entries()) {
    await job.progress(0.5 + (0.5 * done) / Object.keys(samples).length, 'Comparing the fits');
    const found = of.length === members.length ? agreementOf(of, name.startsWith('rates') ? directR2 : undefined) : undefined;
    if (found) agreement[name] = found;
  }

  const { perUnit: _units, ...averaged } = scoreRates(dataset, trials, average.mean());
  const metrics = spreads(members.map(({ report }) => report));
  const { smoothing = {}, glm = {} } = first.baselines;
  await job.progress(1, 'Comparing the fits');
  return {
    runs: members.map(({ id }) => id),
    seeds: members.map(({ seed }) => seed),
    model: first.model,
    metrics,
    averaged,
    baselines: first.baselines,
    beatsBaseline: beats(dataset, averaged, { smoothing, glm }),
    agreement,
    readings: readEnsemble(members.length, metrics, averaged, agreement),
    seconds: (performance.now() - begun) / 1000,
  };
}

function membersOf(project: Project, ids: readonly string[]): readonly Member[] {
  const runs = [...new Map(ids.map((id) => resolveRun(project, id)).map((run) => [run.id, run])).values()];
  const hint = 'Take finished runs of one model and one dataset that differ in their seeds.';
  if (runs.length < 2) throw new Failure('bad-ensemble', 'An ensemble takes two runs or more.', hint);
  return runs.map((run) => {
    if (!run.report) throw new Failure('bad-ensemble', `Run ${run.id} has no report yet: it is ${run.state}.`, hint);
    if (run.model !== runs[0].model || run.dataset !== runs[0].dataset)
      throw new Failure('bad-ensemble', `Run ${run.id} is of another model or dataset than run ${runs[0].id}.`, hint);
    return { ...run, report: run.report };
  });
}

async function outputsOf(project: Project, id: string): Promise<Arrays & { readonly rates: NamedArray }> {
  const outputs = await loadOutputs(project, id, [...COMPARED]);
  if (outputs?.rates) return { ...outputs, rates: outputs.rates };
  throw new Failure('no-outputs', `Run ${id} has no rates.`, 'Resume it to its end.');
}

/** Rates of some trials in counts per bin. */
const perBin = ({ bins, units, binMs }: Dataset, { values }: NamedArray, trials: Int32Array): Float32Array =>
  ofTrials(Float32Array.from(values), trials, bins * units).map((hz) => (hz * binMs) / 1000);

/** What is compared of one fit, by name: its outputs, and where trials have conditions what is left of them within conditions. */
function samplesOf(dataset: Dataset, outputs: Arrays): readonly (readonly [string, Sampled])[] {
  return COMPARED.flatMap((name) => {
    const array = outputs[name];
    if (!array) return [];
    const dimensions = array.shape[2];
    const whole = [name, sampled(dataset, array.values, dimensions)] as const;
    if (!dataset.conditions) return [whole];
    return [whole, [`${name}WithinConditions`, sampled(dataset, withinConditions(dataset, array.values, dimensions), dimensions)] as const];
  });
}
