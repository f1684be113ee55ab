// The report page and the methods text: what stands in them, and what never does.

import { expect, test } from 'vitest';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import type { RunRecord } from '../../src-worker/contract/run.ts';
import { html } from '../../src-worker/report/html.ts';
import { methodsOf, settingValue } from '../../src-worker/report/methods.ts';
import { type ReportContent, reportPage } from '../../src-worker/report/page.ts';

const dataset: DatasetSummary = {
  hash: 'd',
  trials: 40,
  bins: 50,
  units: 12,
  binMs: 20,
  windowMs: [-400, 600],
  event: 'move_onset_time',
  emptyShare: 0.5,
  spikes: 12345,
  conditions: [{ name: '<0°>', training: 20, validation: 10, test: 0 }],
  trainingTrials: 32,
  validationTrials: 8,
  testTrials: 0,
  heldOutUnits: 3,
  bytes: 1,
  left: [{ what: 'unit', rows: [4, 5], why: '2 units have no spikes in trials' }],
  warnings: [],
  hasTruth: false,
  behaviors: [],
  externals: [],
};

const run: RunRecord = {
  id: 'abc123',
  model: 'made',
  modelVersion: 1,
  dataset: 'd',
  seed: 7,
  state: 'finished',
  created: '2024-01-01',
  settings: {},
  resolved: {
    steps: { value: 600, reason: 'as many as this takes' },
    size: { value: 64, reason: 'for 12 units' },
    lag: { value: 20, reason: 'one bin' },
    kind: { value: 'a', reason: 'the default' },
    onlyOfB: { value: 3, reason: 'the default' },
  },
  device: 'fused',
  step: 600,
  bestStep: 450,
  report: {
    run: 'abc123',
    model: 'made',
    device: 'fused',
    deviceName: 'CPU',
    threads: 2,
    seed: 7,
    steps: 600,
    bestStep: 450,
    seconds: 12.4,
    dataset: { trials: 40, bins: 50, units: 12, heldOutUnits: 3, validationTrials: 8, left: [] },
    bitsPerSpike: 0.4567,
    coBitsPerSpike: -0.1234,
    perUnit: [],
    baselines: { smoothing: { bitsPerSpike: 0.9 }, glm: { bitsPerSpike: 0.3, coBitsPerSpike: 0.1 } },
    beatsBaseline: false,
    diagnostics: {},
    readings: [{ id: 'gap', title: 'Gap', verdict: 'doubt', sentence: 'Training is far above validation', numbers: [] }],
    notes: [],
  },
};

const described = { tier: 'common', help: '' } as const;
const model = {
  title: 'Made-up model',
  cites: ['First A. (2001).', 'Second B. (2002).'],
  params: {
    steps: { ...described, kind: 'number', label: 'Steps', unit: 'steps' },
    size: { ...described, kind: 'number', label: 'Generator size' },
    lag: { ...described, kind: 'number', label: 'Lag', unit: 'ms' },
    kind: { ...described, kind: 'choice', choices: ['a', 'b'], label: 'Kind' },
    onlyOfB: { ...described, kind: 'number', label: 'Only of b', when: { param: 'kind', is: 'b' } },
  },
} as const;
const analysis = { title: 'Tangling', params: {}, cites: ['Second B. (2002).', 'Third C. (2003).'] };

const methods = methodsOf({ run, model, dataset, recording: 'x.nwb', analyses: [{ analysis, recipe: 'of rates' }], version: '1.2.3' });

test('a value of one has its unit in the singular, and a label that is the unit has none', () => {
  const every = { tier: 'common', help: '', kind: 'number', label: 'Force every', unit: 'bins' } as const;
  expect([1, 2].map((value) => settingValue(value, every))).toEqual(['1 bin', '2 bins']);
  expect(settingValue(600, { ...every, label: 'Steps', unit: 'steps' })).toBe('600');
  expect(settingValue(true, undefined)).toBe('on');
});

test('methods name the data, every setting in use with its unit, the kept step, and scores beside their baselines', () => {
  expect(methods.text).toContain('Activity of 12 units in 40 trials of x.nwb was taken from −400 to 600 ms about move_onset_time');
  expect(methods.text).toContain('2 units were left out (2 units have no spikes in trials)');
  expect(methods.text).toContain('(seed 7; steps 600, generator size 64, lag 20 ms, kind a)');
  expect(methods.text).toContain('600 steps; the weights of step 450');
  expect(methods.text).toContain('On the 8 validation trials: bits per spike of held-in units 0.457 (Poisson GLM 0.3)');
  expect(methods.text).toMatch(/held-out units \[3\] −0.123 \(Poisson GLM 0.1\)/);
  expect(methods.text).not.toContain('only of b');
});

test('weights are chosen by validation only where there is some, and the last ones are said to be the last', () => {
  const said = (bestStep: number, validationTrials: number) =>
    methodsOf({
      run: { ...run, report: { ...run.report!, bestStep } },
      model,
      dataset: { ...dataset, validationTrials },
      recording: 'x.nwb',
      analyses: [],
      version: '1.2.3',
    }).text;
  expect(said(450, 8)).toContain('the weights of step 450, which served validation best, were kept.');
  expect(said(450, 0)).toContain('the weights of step 450 were kept.');
  expect(said(600, 0)).toContain('600 steps; the weights of the last were kept.');
});

test('references are numbered in the order of the text, each once', () => {
  expect(methods.text).toMatch(/Made-up model \[1, 2\] was fitted/);
  expect(methods.text).toMatch(/Tangling \[2, 4\]: of rates\.$/);
  expect(methods.references).toHaveLength(4);
  expect(methods.references[3]).toBe('Third C. (2003).');
});

const svg = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="10mm" height="10mm" viewBox="0 0 9 9"><defs><clipPath id="c0"><rect/></clipPath></defs><g clip-path="url(#c0)" fill="${colour}"></g></svg>`;
const content: ReportContent = {
  name: 'tuesday <script>',
  version: '1.2.3',
  recordings: [{ name: 'x.nwb', identity: '0123456789abcdef0123', found: false }],
  datasets: [
    {
      recording: 'x.nwb',
      summary: dataset,
      runs: [{ title: 'Made-up model', run }],
      sections: [
        {
          title: 'Made-up model',
          run,
          pictures: [
            { title: 'One', caption: 'a caption', svg: svg('red') },
            { title: 'Other', caption: 'a caption', svg: svg('blue') },
          ],
          findings: [
            {
              id: 'tangling',
              title: 'Tangling',
              recipe: 'of rates',
              summary: { median: 1.23456789, rows: 8 },
              notes: ['a note'],
              readings: [{ title: 'Surrogates', verdict: 'look', sentence: 'It is no larger than that of surrogates.' }],
            },
          ],
          missing: ['Weights could not be drawn: there are none.'],
          methods,
          params: model.params,
        },
      ],
    },
  ],
};
const page = reportPage(content);

test('no trials judge a run that was given all of them', () => {
  const { dataset: own } = run.report!;
  const unjudged = { ...run, report: { ...run.report!, dataset: { ...own, validationTrials: 0 } } };
  const rowsOf = (one: RunRecord) =>
    reportPage({ ...content, datasets: [{ ...content.datasets[0]!, runs: [1, 2].map(() => ({ title: 'M', run: one })) }] });
  expect(rowsOf(run)).toMatch(/<td>7<\/td><td>validation<\/td>.*<td>no<\/td><\/tr>/);
  expect(rowsOf(unjudged)).toMatch(/<td>7<\/td><td>–<\/td>.*<td>–<\/td><\/tr>/);
});

test('many numbers of an analysis are folded', () => {
  const [section] = content.datasets[0]!.sections;
  const summary = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`number${at}`, at]));
  const findings = [{ ...section!.findings[0]!, summary }];
  const folded = reportPage({ ...content, datasets: [{ ...content.datasets[0]!, sections: [{ ...section!, findings }] }] });
  expect(folded).toContain('<details><summary>All 20 numbers</summary>');
  expect(page).not.toContain('numbers</summary>');
});

test('the page holds scores, readings, findings, what is missing, settings with their reasons', () => {
  for (const text of [
    'Scores of 8 validation trials; best at step 450 of 600',
    '<td>0.457</td>',
    '<td>−0.123</td>',
    'Training is far above validation.',
    '<td>median</td><td>1.235 s⁻²</td>',
    '<li class="look"><b>Surrogates</b> It is no larger than that of surrogates.</li>',
    'Weights could not be drawn',
    '<td>Generator size</td><td>64</td><td>for 12 units</td>',
    '<td>Lag</td><td>20 ms</td><td>one bin</td>',
    '<td>Steps</td><td>600</td><td>',
    '<tr><td>Poisson GLM</td><td>0.300</td>',
    'no longer where it was',
    '<li>Third C. (2003).</li>',
  ])
    expect(page).toContain(text);
});

test('nothing of a recording is taken for HTML, and nothing is fetched or run', () => {
  expect(page).toContain('tuesday &lt;script&gt;');
  expect(page).toContain('&lt;0°&gt;');
  expect(page).not.toContain('<script');
  expect(page).toContain(`default-src 'none'`);
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
});

test('clips of one picture are not those of another', () => {
  const ids = [...page.matchAll(/clipPath id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(page).toContain(`url(#${id})`);
});

test('lists are joined, undefined is nothing', () => {
  expect(html`<p>${['a', html`<b>${1}</b>`]}${undefined}</p>`.html).toBe('<p>a<b>1</b></p>');
});
