// `npm run quality`: fits the test recordings with nothing set by hand and prints what they reach beside their baselines.
//
//   npm run quality                       every recording that is there, seed 0
//   npm run quality -- lorenz maze        some of them
//   npm run quality -- --seed 2 --threads 1 --set inputs=2,steps=600

import { parseArgs } from 'node:util';
import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../../src-worker/contract/params.ts';
import type { Scores } from '../../src-worker/contract/run.ts';
import { parseSettings } from '../../src-worker/contract/settings.ts';
import { makeDataset } from '../../src-worker/dataset/index.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { scoreBaselines, scoreRates } from '../../src-worker/metrics/report.ts';
import { lfads } from '../../src-worker/models/lfads/index.ts';
import type { FitJob } from '../../src-worker/models/model.ts';
import { realData } from '../data.ts';

interface Subject {
  readonly name: string;
  readonly path: string | undefined;
  readonly data: Settings;
  /** What it is judged by, and what three seeds of an earlier op-by-op implementation gave. */
  readonly by: 'r2Truth' | 'coBitsPerSpike';
  readonly earlier: string;
}

const fixed = { valid: 'every:5' } as const;
const heldOut = { ...fixed, heldOutUnits: 'every:4' } as const;

const subjects: readonly Subject[] = [
  {
    name: 'lorenz',
    path: realData('hdf5/lorenz.h5'),
    data: { ...fixed, binMs: 10, counts: '/spikes', truth: '/truth_rates' },
    by: 'r2Truth',
    earlier: '.976 to .980',
  },
  {
    name: 'maze',
    path: realData('nwb/mc_maze_small.nwb'),
    data: { ...heldOut, align: 'move_onset_time', windowMs: [-250, 450], binMs: 20 },
    by: 'coBitsPerSpike',
    earlier: '.295 to .303',
  },
  {
    name: 'day31',
    path: realData('hdf5/macaque_reaching_day31.h5'),
    data: { ...heldOut, binMs: 20, counts: '/spikes' },
    by: 'coBitsPerSpike',
    earlier: '.114 to .118',
  },
  {
    name: 'steinmetz',
    path: realData('hdf5/steinmetz2019_session11.h5'),
    data: { ...heldOut, binMs: 10, counts: '/spikes' },
    by: 'coBitsPerSpike',
    earlier: '.505 to .521',
  },
  {
    name: 'sample',
    path: 'resources/sample.nwb',
    data: { ...fixed, align: 'move_onset_time', windowMs: [-400, 600], binMs: 20, trials: ['success=true'], leaveOutUnits: [30, 61, 63] },
    by: 'r2Truth',
    earlier: '.924 to .938',
  },
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    device: { type: 'string', default: 'auto' },
    set: { type: 'string', default: '' },
    curves: { type: 'boolean', default: false },
    'no-baselines': { type: 'boolean', default: false },
  },
});

const set = parseSettings(
  lfads.params,
  Object.fromEntries(
    options.set
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('=') as [string, string]),
  ),
);

async function judge({ name, path, data, by, earlier }: Subject): Promise<Readonly<Record<string, string | number>>> {
  if (path === undefined) return { recording: name, note: 'not here' };
  const job: FitJob = {
    signal: new AbortController().signal,
    seed: Number(options.seed),
    threads: Number(options.threads),
    device: options.device,
    async progress() {
      await setImmediate();
    },
    metric({ step, values }) {
      if (!options.curves) return;
      const shown = Object.entries(values).map(([key, value]) => `${key} ${value.toPrecision(4)}`);
      console.error(`${name} ${step}: ${shown.join(', ')}`);
    },
    async save() {},
  };
  const recording = await openRecording(path, {}, job);
  const dataset = await makeDataset(recording, data, job);
  recording.close();
  const resolved = lfads.resolve(dataset, set);
  const begun = performance.now();
  const { checkpoint, deviceName } = await lfads.fit(dataset, resolved, job);
  const seconds = (performance.now() - begun) / 1000;
  const everyTrial = Int32Array.from({ length: dataset.trials }, (_, k) => k);
  const perBin = new Float32Array(dataset.counts.length);
  const size = dataset.bins * dataset.units;
  await lfads.infer(
    checkpoint,
    dataset,
    resolved,
    everyTrial,
    (trials, { rates }) => {
      trials.forEach((trial, row) => {
        for (let i = 0; i < size; i++) perBin[trial * size + i] = (rates!.values[row * size + i]! * dataset.binMs) / 1000;
      });
    },
    job,
  );
  const scores = scoreRates(dataset, everyTrial, perBin);
  const baselines = options['no-baselines'] ? {} : await scoreBaselines(dataset, job);
  const shown = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(4));
  return {
    recording: name,
    shape: `${dataset.trials} × ${dataset.bins} × ${dataset.units}`,
    by,
    lfads: shown(scores[by]),
    earlier,
    ...Object.fromEntries(Object.entries(baselines as Readonly<Record<string, Scores>>).map(([id, baseline]) => [id, shown(baseline[by])])),
    bitsPerSpike: shown(scores.bitsPerSpike),
    steps: checkpoint.step,
    best: checkpoint.bestStep,
    seconds: Math.round(seconds),
    device: deviceName,
  };
}

const wanted = subjects.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const rows: Readonly<Record<string, string | number>>[] = [];
for (const subject of wanted) {
  rows.push(await judge(subject));
  console.error(JSON.stringify(rows.at(-1)));
}
console.table(rows);
