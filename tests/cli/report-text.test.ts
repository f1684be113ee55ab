import { expect, test } from 'vitest';
import { datasetText, reportText } from '../../src-main/cli/commands/report-text.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import { report } from './fake.ts';

const counts = { trials: 2, bins: 5, binMs: 20, units: 1, spikes: 7, emptyShare: 0.5, windowMs: [0, 100], event: 'go', heldOutUnits: 0 };
const split = { trainingTrials: 1, validationTrials: 1, testTrials: 0, conditions: [], left: [], warnings: [] };
const summary = { ...counts, ...split } as unknown as DatasetSummary;

test('a report shows scores beside those of the baselines, and the verdict; smoothing saw the spikes that it would be scored on', () => {
  const baselines = { glm: { bitsPerSpike: 0.31 }, smoothing: { bitsPerSpike: 0.71, r2Truth: 0.6 } };
  const text = reportText({ ...report, r2Truth: 0.9, baselines, beatsBaseline: true });
  expect(text).toMatch(/lfads +0\.432 +0\.900/);
  expect(text).toMatch(/glm +0\.310/);
  expect(text).toMatch(/smoothing +0\.600/);
  expect(text).toContain('Beats its baseline');
});

test('a fit to rates, which have no spikes to score, gets no verdict', () => {
  const { bitsPerSpike: _none, ...rest } = report;
  const text = reportText({ ...rest, perUnit: [], baselines: { smoothing: {}, glm: {} }, beatsBaseline: false });
  expect(text).toContain('Nothing to score');
  expect(text).not.toMatch(/baseline|bits\/spike/);
});

test('scores are labelled by the trials that judged: test where there are any', () => {
  expect(reportText(report)).toContain(`scores of ${report.dataset.validationTrials} validation trials`);
  expect(reportText({ ...report, dataset: { ...report.dataset, testTrials: 7 } })).toContain('scores of 7 test trials');
});

test('one of a thing is not said as several, and what was not judged is not scored', () => {
  const { dataset } = report;
  expect(reportText({ ...report, dataset: { ...dataset, trials: 1, validationTrials: 0 } })).toMatch(/^1 trial × .*; all of it trains$/m);
  expect(reportText({ ...report, dataset: { ...dataset, validationTrials: 1 } })).toMatch(/scores of 1 validation trial$/m);
  const one = { name: 'left', training: 1, validation: 0, test: 0 };
  const text = datasetText({ ...summary, conditions: [one] }, {});
  expect(text).toContain('2 trials × 5 bins of 20 ms × 1 unit, 7 spikes, 50 % of bins empty');
  expect(text).toContain('1 condition: left (1)');
});

test('rates hold no spikes to be counted', () => {
  expect(datasetText({ ...summary, spikes: 0 }, {})).not.toMatch(/spikes|empty/);
});

test('threads are said where there is a choice of them', () => {
  expect(reportText({ ...report, deviceName: 'CPU', threads: 1 })).toMatch(/ on CPU, 1 thread$/m);
  expect(reportText({ ...report, steps: 0, deviceName: 'CPU', threads: 1 })).toMatch(/ on CPU$/m);
});
