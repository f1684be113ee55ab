import { expect, test } from 'vitest';
import { reportText } from '../../src-main/cli/commands/report-text.ts';
import { report } from './fake.ts';

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
