// `npm run quality`: fits the test recordings with nothing set by hand, several seeds each, and prints what they reach beside their
// baselines and peers.
//
//   npm run quality                                every recording that is there, seeds 0, 1 and 2
//   npm run quality -- lorenz maze --seeds 0,1     some of them
//   npm run quality -- kills                       twenty kills of worker and host in mid-fit (tests/faults/kills.ts)
//   npm run quality -- --seeds 2 --threads 1 --set inputs=2,steps=600
//   npm run quality -- --model rate-rnn --set rank=3

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSettings } from '../../src-worker/contract/settings.ts';
import { models } from '../../src-worker/models/index.ts';
import { killAndGoOn } from '../faults/kills.ts';
import { baselineOf, datasetOf, type Fitted, fitSubject, type Options, scoreOf } from './fit-subject.ts';
import { type Subject, subjects } from './subjects.ts';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'lfads' },
    seeds: { type: 'string', default: '0,1,2' },
    threads: { type: 'string', default: '2' },
    device: { type: 'string', default: 'auto' },
    set: { type: 'string', default: '' },
    /** A file to which every fit adds a line of JSON. */
    log: { type: 'string' },
    curves: { type: 'boolean', default: false },
    'no-baselines': { type: 'boolean', default: false },
  },
});

const pairs = given.set.split(',').filter((pair) => pair !== '');
const model = models.find(({ id }) => id === given.model);
if (!model) throw new Error(`There is no model ${given.model}.`);
const options: Options = {
  model,
  threads: Number(given.threads),
  device: given.device,
  settings: parseSettings(model.params, Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))),
  curves: given.curves,
};

const shown = (score: number): string => score.toFixed(4).replace(/^(-?)0\./, '$1.');
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

function note(line: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(line);
  console.error(text);
  if (given.log !== undefined) appendFileSync(given.log, `${text}\n`);
}

async function judge(subject: Subject & { readonly path: string }): Promise<readonly string[]> {
  const dataset = await datasetOf(subject, options);
  const fits: Fitted[] = [];
  for (const seed of given.seeds.split(',').map(Number)) {
    const fit = await fitSubject(subject, dataset, seed, options);
    fits.push(fit);
    const { rates: _, ...rest } = fit;
    note({ recording: subject.name, set: given.set, ...rest });
  }
  const mean = fits[0]!.rates.map((_, i) => fits.reduce((sum, { rates }) => sum + rates[i]!, 0) / fits.length);
  const averaged = scoreOf(subject, dataset, mean).score;
  const baseline = given['no-baselines'] ? undefined : await baselineOf(subject, dataset, options);
  note({ recording: subject.name, set: given.set, median: median(fits.map(({ score }) => score)), averaged, baseline });
  return [
    `${subject.name}: ${dataset.trials} × ${dataset.bins} × ${dataset.units}, ${subject.by === 'r2Truth' ? 'R² to the truth' : 'co-bps'}`,
    fits.map(({ score }) => shown(score)).join(', '),
    shown(median(fits.map(({ score }) => score))),
    fits.length > 1 ? shown(averaged) : '',
    model?.id === 'lfads' ? subject.lfadsTorch : '',
    model?.id === 'lfads' ? subject.opByOp : '',
    baseline === undefined ? '' : shown(baseline),
    fits.map(({ bestStep }) => bestStep).join(', '),
    fits.map(({ seconds }) => (seconds / 60).toFixed(1)).join(', '),
  ];
}

const HEAD = [
  'recording (trials × bins × units), score',
  `seeds ${given.seeds}`,
  'median',
  'rates averaged',
  'lfads-torch',
  'op by op',
  'smoothing or GLM',
  'best step',
  'minutes',
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

if (positionals.includes('kills')) {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-kills-'));
  // Checkpoints come every ten seconds: some kills find a new one, others none.
  const kills = await killAndGoOn({ count: 20, seed: 1, steps: 5000, longestMs: 14_000, folder, say: console.log });
  console.log(`After ${kills.length} kills the run ended as one that nobody disturbed; nothing was lost.`);
  rmSync(folder, { recursive: true });
  process.exit(0);
}

const rows: string[] = [];
for (const subject of subjects) {
  if (positionals.length > 0 && !positionals.includes(subject.name)) continue;
  const { path } = subject;
  rows.push(row(path === undefined ? [`${subject.name}: not here`, ...HEAD.slice(1).map(() => '')] : await judge({ ...subject, path })));
}
console.log([row(HEAD), row(HEAD.map(() => '---')), ...rows].join('\n'));
process.exit(0);
