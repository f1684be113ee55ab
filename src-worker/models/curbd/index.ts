// CURBD (Perich et al. 2021): a network whose units are the recorded units, its weights learned by recursive least squares while it runs, so
// that currents between regions can be read off.

import { defineConstrained } from '../constrained/constrained.ts';
import type { FitTo, Learned } from '../constrained/given.ts';
import { drawnPieces, piecesOf, RESAMPLED } from '../constrained/pieces.ts';
import { numberOf } from '../constrained/resolved.ts';
import { CHOOSING, chooseP0, type ChosenP0, chosenSaid, PIECE_TAUS, POOR, poorSaid } from './choose.ts';
import type { RunScore, Weights } from './learner.ts';
import { foretellCurbd, jointOf, machineOf } from './machine.ts';
import { curbdParams, resolveCurbd } from './params.ts';

const SAVE_EVERY_MS = 10_000;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const fitTo: FitTo = async (activity, resolved, _given, job) => {
  const { units: n, inputCount: m, binMs } = activity;
  const { learnerOf, networkOf, firstWith, gain, tauMs, stepMs, alpha } = machineOf(activity, resolved, job.seed);
  const { resume } = job;
  const begun = resume?.step ?? 0;
  const runs = job.moreSteps === undefined ? numberOf(resolved, 'steps') : begun + job.moreSteps;
  const asked = numberOf(resolved, 'p0');
  const before = resume?.state.chosen as ChosenP0 | undefined;
  const isOpen = asked === 0 && !resume;
  const choosing = isOpen ? CHOOSING : 0;
  const chosen = isOpen
    ? await chooseP0(activity, Math.max(2, Math.round((PIECE_TAUS * tauMs) / binMs)), {
        runs,
        learnerOf: (of, p0) => learnerOf(of, 0, firstWith(p0)),
        networkOf,
        tick: (done) => job.progress(choosing * done, 'Choosing P₀'),
      })
    : before;
  const p0 = chosen?.p0 ?? asked;
  const first: Weights = resume
    ? { J: jointOf(resume.arrays.J.values, resume.arrays.V.values, n, m), P: Float64Array.from(resume.arrays.P.values) }
    : firstWith(p0);
  // Seed 0 learns from the trials as they are.
  const isDrawn = resolved.resample?.value === true && job.seed > 0 && !job.again;
  const taught = isDrawn ? piecesOf(activity, drawnPieces(activity.lengths, job.seed)) : activity;
  const learner = learnerOf(taught, 0, first);
  const tick = (done: number): Promise<void> => job.progress(choosing + (1 - choosing) * Math.min(1, done), 'Learning');

  let weights = first;
  let last: RunScore = { pVar: Number.NaN, chi2: Number.NaN };
  const learned = (step: number): Learned => ({
    network: networkOf(weights.J),
    step,
    arrays: {
      P: { values: weights.P, shape: [n + m, n + m], axes: ['regressor', 'regressor'], unit: '', about: 'P of recursive least squares' },
    },
    ...(chosen && { state: { chosen } }),
  });
  let saved = performance.now();
  let step = begun;
  try {
    while (step < runs) {
      last = await learner.run(true, (done) => tick((step + done - begun) / (runs - begun)));
      step++;
      weights = learner.weights();
      job.metric({ step, values: { pVar: last.pVar, chi2: last.chi2 } });
      if (performance.now() - saved > SAVE_EVERY_MS) {
        await job.keep(learned(step));
        saved = performance.now();
      }
      await tick((step - begun) / (runs - begun));
    }
  } catch (error) {
    if (job.signal.aborted) await job.keep(learned(step));
    throw error;
  }

  const free: number[] = [];
  for (let k = 1; k <= numberOf(resolved, 'freeRuns'); k++) {
    free.push((await learnerOf(activity, k, weights).run(false, () => job.progress(1))).pVar);
  }
  const scores = {
    gain,
    p0,
    heldBackPVar: chosen?.heldBack ?? Number.NaN,
    pVar: last.pVar,
    chi2: last.chi2,
    ...(free.length > 0 && { pVarFreeRuns: mean(free) }),
  };
  return {
    ...learned(step),
    diagnostics: Object.fromEntries(Object.entries(scores).filter(([, value]) => Number.isFinite(value))),
    ...(chosen && { chosen: { p0: { value: p0, reason: chosenSaid(chosen) } } }),
    notes: [
      ...(isDrawn ? [RESAMPLED] : []),
      ...(alpha > 0.3 ? [`A step of ${stepMs} ms is long for a time constant of ${tauMs} ms: raise --steps-per-bin.`] : []),
      ...(chosen && (chosen.heldBack ?? POOR) < POOR ? [poorSaid(chosen)] : []),
    ],
  };
};

export const curbd = defineConstrained({
  id: 'curbd',
  version: 2,
  title: 'CURBD',
  about: 'A network whose units are the recorded units, learned while it runs, for the currents between regions',
  cites: [
    'Perich M. G. et al. Inferring brain-wide interactions using data-constrained recurrent neural network models. bioRxiv 2020.12.18.423348 (2021).',
  ],
  params: curbdParams,
  resolve: resolveCurbd,
  foretell: foretellCurbd,
  fitTo,
});
