// CORNN (Dinc et al. 2023): a rate network whose units are the recorded units, fitted in a second by convex regression.

import { Failure } from '../../contract/failure.ts';
import { minus } from '../../contract/minus.ts';
import { defineParams } from '../../contract/params.ts';
import type { Activity } from '../constrained/activity.ts';
import { defineConstrained } from '../constrained/constrained.ts';
import type { FitTo } from '../constrained/given.ts';
import { heldBackSteps } from '../constrained/held-back.ts';
import { resample, RESAMPLED } from '../constrained/pieces.ts';
import { chosenBy, isOn, numberOf, textOf } from '../constrained/resolved.ts';
import { projectionOf, signsFrom, signsOf } from './constraints.ts';
import { drawnSamples, withSamples } from './resample.ts';
import { chooseRidge } from './ridge.ts';
import { type Problem, Regressions, type Settings } from './solver.ts';

/** What tanh gave is held inside this. */
const EDGE = 1 - 1e-6;
/** Above this share of clipped values τ is too long for the activity. */
const MANY_CLIPPED = 0.05;
const USUAL_TAU_MS = 100;
/** Share of the work that choosing the ridge is. */
const CHOOSING = 0.7;

const params = defineParams({
  tauMs: {
    kind: 'number',
    label: 'Time constant',
    help: 'Time constant τ of every unit; activity that changes faster than it allows cannot be fitted',
    unit: 'ms',
    min: 0.001,
    tier: 'common',
  },
  selfCoupling: {
    kind: 'switch',
    label: 'Self-coupling',
    help: 'Lets units have weights onto themselves, which stand for nothing else than another time constant',
    default: false,
    tier: 'occasional',
  },
  dale: {
    kind: 'text',
    label: 'Dale’s law',
    help: 'All weights of a unit have one sign: auto by the sign of their sum without the law, or a column of units that says E or I; none unless set',
    default: 'none',
    offer: 'unit-columns',
    tier: 'occasional',
  },
  resample,
  ridge: {
    kind: 'number',
    label: 'Ridge',
    help: 'Penalty λ on squared weights, per sample; 0 has it chosen by how well steps are foretold that are held back from the fit',
    default: 0,
    min: 0,
    tier: 'occasional',
  },
  weighting: {
    kind: 'choice',
    label: 'Errors',
    help: 'Errors count by the slope of the nonlinearity. robust: those above the threshold count as the threshold; weighted: they do not count, and weights may never settle; plain: all count alike',
    choices: ['robust', 'weighted', 'plain'],
    default: 'robust',
    tier: 'rare',
  },
  threshold: {
    kind: 'number',
    label: 'Threshold',
    help: 'Largest weighted error that counts; .2 to 1 is usual, and up to .5 the iterations settle whatever the activity',
    default: 0.5,
    min: 1e-6,
    tier: 'rare',
  },
  iterations: {
    kind: 'number',
    label: 'Iterations',
    help: 'Most iterations after the closed-form start; it ends sooner where weights stand still',
    default: 100,
    min: 0,
    integer: true,
    tier: 'rare',
  },
  stiffness: {
    kind: 'number',
    label: 'Stiffness of constraints',
    help: 'First penalty ρ of ADMM per sample, 0 for one that suits the activity; it is adapted as they go, and changes how soon they hold, not what they are',
    default: 0,
    min: 0,
    tier: 'rare',
  },
  tolerance: {
    kind: 'number',
    label: 'Tolerance',
    help: 'The weights of a unit stand still when none changes, or differs from its constrained value, by more than this',
    default: 1e-3,
    min: 0,
    tier: 'rare',
  },
});

/** One row a step from bin to bin: activity and inputs before it, and what tanh must have given. */
export function problemOf(
  { rows, bins, units, lengths, values, inputs, inputCount }: Activity,
  alpha: number,
): Problem & { readonly clipped: number; readonly steps: readonly number[] } {
  const steps = Array.from(lengths, (length) => length - 1);
  const samples = steps.reduce((sum, own) => sum + own, 0);
  const width = units + inputCount;
  const x = new Float64Array(samples * width);
  const d = new Float64Array(samples * units);
  let [at, clipped] = [0, 0];
  for (let row = 0; row < rows; row++)
    for (let t = 0; t + 1 < lengths[row]; t++) {
      const from = (row * bins + t) * units;
      for (let i = 0; i < units; i++) {
        x[at * width + i] = values[from + i];
        const drive = (values[from + units + i] - (1 - alpha) * values[from + i]) / alpha;
        if (Math.abs(drive) > EDGE) clipped++;
        d[at * units + i] = Math.min(EDGE, Math.max(-EDGE, drive));
      }
      for (let k = 0; k < inputCount; k++) x[at * width + units + k] = inputs[(row * bins + t) * inputCount + k];
      at++;
    }
  return { x, d, inputs: width, units, clipped: clipped / Math.max(1, samples * units), steps };
}

const fitTo: FitTo = async (activity, resolved, { connectome, column }, job) => {
  const { units: n, inputCount: m, binMs } = activity;
  const tauMs = numberOf(resolved, 'tauMs');
  if (tauMs < binMs)
    throw new Failure(
      'step-too-long',
      `Bins of ${binMs} ms are longer than the time constant of ${tauMs} ms.`,
      'Choose a longer --tau-ms or narrower bins.',
    );
  const alpha = binMs / tauMs;
  const { clipped, steps, ...whole } = problemOf(activity, alpha);
  // Seed 0 is the fit to the trials as they are. A sample that is held back is so as often as it is drawn.
  const drawn = isOn(resolved, 'resample') && job.seed > 0 && !job.again ? drawnSamples(steps, job.seed) : undefined;
  const problem = drawn ? withSamples(whole, drawn) : whole;
  const marks = heldBackSteps(steps);
  const heldBack = drawn ? Uint8Array.from(drawn, (sample) => marks[sample]) : marks;
  const settings: Settings = {
    stiffness: numberOf(resolved, 'stiffness'),
    weighting: textOf(resolved, 'weighting') as Settings['weighting'],
    threshold: numberOf(resolved, 'threshold'),
    iterations: numberOf(resolved, 'iterations'),
    tolerance: numberOf(resolved, 'tolerance'),
    selfCoupling: isOn(resolved, 'selfCoupling'),
  };
  const set = numberOf(resolved, 'ridge');
  const chosen =
    set > 0 ? undefined : await chooseRidge(problem, heldBack, settings, (done) => job.progress(CHOOSING * done, 'Choosing the ridge'));
  const ridge = chosen?.ridge ?? set;
  const begun = chosen ? CHOOSING : 0;
  const tick = async (iteration: number, residual: number): Promise<void> => {
    if (Number.isFinite(residual)) job.metric({ step: iteration, values: { residual } });
    await job.progress(begun + ((1 - begun) * iteration) / settings.iterations, 'Solving for weights');
  };
  const notes: string[] = drawn ? [RESAMPLED] : [];
  const dale = textOf(resolved, 'dale');
  const regressions = new Regressions(problem, settings);
  let found = await regressions.solve(ridge, tick, chosen?.theta);
  const signs = dale === 'none' ? undefined : dale === 'auto' ? signsOf(found.theta, n) : signsFrom(column(dale), dale);
  if (dale === 'auto' && signs) {
    const negative = signs.filter((sign) => sign < 0).length;
    notes.push(
      `Signs of units are those of their summed weights without Dale’s law: ${n - negative} excitatory, ${negative} inhibitory; they are a guess.`,
    );
  }
  const projection = projectionOf({ units: n, selfCoupling: settings.selfCoupling, connectome, signs });
  if (projection) found = await regressions.solve(ridge, tick, found.theta, projection);
  if (found.unsettled > 0 && settings.iterations > 0)
    notes.push(
      `Weights onto ${found.unsettled === 1 ? '1 unit' : `${found.unsettled} units`} still changed by up to ${found.residual.toPrecision(2)} after ${found.iterations} iterations: raise --iterations.`,
    );
  if (clipped > MANY_CLIPPED)
    notes.push(
      `${Math.round(100 * clipped)} % of the activity changes faster than a time constant of ${tauMs} ms allows: choose a shorter --tau-ms, or smooth more.`,
    );
  await job.progress(1);
  // θ is sources × targets; a network's rows are its targets.
  const J = Float64Array.from({ length: n * n }, (_, i) => found.theta[(i % n) * n + Math.floor(i / n)]);
  const V = Float64Array.from({ length: n * m }, (_, i) => found.theta[(n + (i % m)) * n + Math.floor(i / m)]);
  return {
    network: { form: 'rates', units: n, inputs: m, J, V, phi: 'tanh', alpha, stepMs: binMs, stepsPerBin: 1 },
    step: 0,
    diagnostics: {
      iterations: found.iterations,
      residual: found.residual,
      clippedShare: clipped,
      ridge,
      ...(chosen && { heldBackR2: chosen.heldBack }),
    },
    ...(chosen && {
      chosen: {
        ridge: {
          value: ridge,
          reason: `By the data: steps held back are foretold by R² ${minus(chosen.heldBack.toFixed(2))}, best of all tried`,
        },
      },
    }),
    notes,
  };
};

export const cornn = defineConstrained({
  id: 'cornn',
  version: 2,
  title: 'CORNN',
  about: 'A rate network whose units are the recorded units, its weights found by convex regression in seconds',
  cites: [
    'Dinc F., Shai A., Schnitzer M., Tanaka H. CORNN: convex optimization of recurrent neural networks for rapid inference of neural dynamics. NeurIPS 36 (2023).',
  ],
  params,
  resolve(dataset, settings) {
    const chosen = chosenBy(settings);
    const tauMs = Math.max(USUAL_TAU_MS, dataset.binMs);
    const usual = (name: keyof typeof params, why: string) => chosen(name, [(params[name] as { default: number }).default, why]);
    return {
      tauMs: chosen('tauMs', [tauMs, 'Usual: for rates; sweep it']),
      selfCoupling: chosen('selfCoupling', [
        false,
        'Usual: a unit’s weight onto itself stands for nothing else than another time constant',
      ]),
      dale: chosen('dale', ['none', 'Unknown: the signs of units']),
      resample: usual('resample', 'Bootstrap: the fit itself has one answer, whatever it begins from'),
      ridge: usual('ridge', 'By the data: steps that are held back choose it'),
      weighting: usual('weighting', 'Convex: there is one answer, and iterations reach it'),
      threshold: usual('threshold', 'Usual'),
      iterations: usual('iterations', 'Usual'),
      stiffness: usual('stiffness', 'By the data: its eigenvalues choose it'),
      tolerance: usual('tolerance', 'Usual'),
    };
  },
  fitTo,
});
