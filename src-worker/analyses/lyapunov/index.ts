// Lyapunov spectrum of fitted or brought dynamics: how fast nearby states part or meet in the long run, at a held input and, where there are
// inputs, under those that the trials had (exponents.ts; conditional spectra as Pecora and Carroll 1990).

import { Failure } from '../../contract/failure.ts';
import type { Job } from '../../contract/job.ts';
import { defineParams } from '../../contract/params.ts';
import type { Result } from '../../contract/result.ts';
import { key, normal, permutation } from '../../engine/random.ts';
import type { Flow } from '../../models/model.ts';
import { type Dynamics, defineAnalysis } from '../analysis.ts';
import { rowsOf, visitedRows } from '../fixed-points/starts.ts';
import { heldInput, heldParams } from '../flow/held.ts';
import { type Course, courseOf } from './course.ts';
import { heldExponents } from './autonomous.ts';
import { conditionalSpectrum } from './conditional.ts';
import { drivingOf, finiteTimeGrowth } from './driven.ts';
import { type Exponents, exponentsOf } from './exponents.ts';
import { boxOf, exponentsAt, type Orbit, settle, stepFor } from './orbit.ts';
import { GOOD, resultOf } from './result.ts';

const STREAM = { choice: 132, made: 133 } as const;
/** All exponents of networks up to this size; of larger ones the first half as many, and more while their sum stays positive. */
const SMALL = 64;
const FIRST = 32;
const MOST = 128;
/** A run may be so much longer than asked for while they are not reached. */
const LONGEST = 4;

const params = defineParams({
  ...heldParams,
  steps: {
    kind: 'number',
    label: 'Steps',
    help: 'Steps to average over; up to four times as many while the largest exponent is not known to 2 %.',
    default: 20_000,
    min: 100,
    max: 10_000_000,
    integer: true,
    tier: 'common',
  },
  count: {
    kind: 'number',
    label: 'Exponents',
    help: 'How many of the largest exponents; all of up to 64 states, else as many as the dimension needs, unless set.',
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  starts: {
    kind: 'number',
    label: 'Starts',
    help: 'States to start from, to see whether all end alike; the spectrum is that of the first that does not settle.',
    default: 4,
    min: 1,
    max: 1000,
    integer: true,
    tier: 'occasional',
  },
  sequences: {
    kind: 'number',
    label: 'Input sequences',
    help: 'Sequences of inputs for the conditional spectrum; 0 for none.',
    default: 5,
    min: 0,
    max: 100,
    integer: true,
    tier: 'occasional',
  },
  inputsOf: {
    kind: 'choice',
    label: 'Inputs of sequences',
    help: 'Inputs of the trials joined end to end in an order drawn for each sequence, or inferred inputs drawn from their fitted prior (external ones stay those of the trials).',
    choices: ['trials', 'prior'],
    default: 'trials',
    tier: 'occasional',
  },
  stepMs: {
    kind: 'number',
    label: 'Step',
    help: 'Step of a continuous network; a tenth of its shortest time unless given.',
    min: 0,
    unit: 'ms',
    tier: 'rare',
  },
});

export const lyapunov = defineAnalysis({
  id: 'lyapunov',
  version: 3,
  title: 'Lyapunov spectrum',
  about: 'How fast nearby states part or meet in the long run, at a held input and under the inputs of the trials.',
  cites: [
    'Benettin G., Galgani L., Giorgilli A., Strelcyn J.-M. Lyapunov characteristic exponents for smooth dynamical systems and for Hamiltonian systems; a method for computing all of them. Meccanica 15, 9–20 (1980).',
  ],
  needs: 'flow',
  state: 'generator',
  params,
  async run({ states, dynamics }, asked, job): Promise<Result> {
    if (dynamics === undefined)
      throw new Failure('no-dynamics', 'Trials alone have no dynamics.', 'Choose a run of LFADS, or of a network from elsewhere.');
    const { flow } = dynamics;
    const held = heldInput(dynamics, asked);
    const visited = states.dimensions === flow.states ? visitedRows(states) : [];
    const starts = startsOf(dynamics, visited, asked.starts, job.seed);
    const stepMs = flow.kind === 'map' ? flow.stepMs : asked.stepMs || stepFor(flow, visited.length > 0 ? visited : starts, held.u);
    const heldCourse = (ms: number): Course => courseOf(flow, () => held.u, ms);
    const course = heldCourse(stepMs);
    const orbits: Orbit[] = [];
    for (const start of starts) orbits.push(await settle(flow, course, held.u, start, job));
    const orbit = orbits.find(({ fate }) => fate === 'moving') ?? orbits.find(({ fate }) => fate === 'settled');
    if (orbit === undefined)
      throw new Failure(
        'unbounded',
        `From every one of ${starts.length} starts, ${dynamics.of} leaves all bounds.`,
        'Look at its weights and its kind (--map), or bring starts nearer to zero.',
      );
    const isOutside = boxOf(states);
    const share = { outside: 0, all: 0 };
    const visit = (x: Float64Array) => {
      if (isOutside === undefined) return;
      share.all++;
      if (isOutside(x)) share.outside++;
    };
    if (asked.inputsOf === 'prior' && !dynamics.prior)
      throw new Failure('no-prior', `No inputs of ${dynamics.of} are inferred, so none have a prior.`, 'Leave --inputs-of at trials.');
    const driving = flow.inputs > 0 && asked.sequences > 0 ? dynamics.driven : undefined;
    const part = driving ? 0.5 : 1;
    let found: Exponents;
    if (orbit.fate === 'settled') {
      visit(orbit.end);
      found = ofPoint(exponentsAt(flow, orbit.end, held.u).slice(0, asked.count), stepMs, asked.steps);
    } else {
      const progress = (done: number) => job.progress(part * done);
      found = await spectrumOf(flow, { u: held.u, stepMs }, orbit.end, asked, { visit, progress }, job);
    }
    const halved =
      flow.kind === 'ode' && orbit.fate === 'moving'
        ? await halvedStep(heldCourse(stepMs / 2), orbit.end, found, asked.steps, job)
        : undefined;
    const conditional = driving
      ? await conditionalSpectrum(
          flow,
          drivingOf(driving, asked.inputsOf === 'prior' ? dynamics.prior : undefined, {
            seed: job.seed,
            stepMs,
          }),
          orbit.end,
          { count: found.values.length, steps: Math.max(100, Math.floor(asked.steps / asked.sequences)) },
          asked.sequences,
          { ...job, progress: (done) => job.progress(part + (1 - part) * done) },
        )
      : undefined;
    const growth =
      flow.kind === 'map' && states.rows > 0 && states.dimensions === flow.states
        ? await finiteTimeGrowth(flow, states, dynamics.driven, held.u, job)
        : new Float64Array(0);
    return resultOf({
      dynamics,
      held,
      found,
      stepMs,
      orbit,
      orbits,
      conditional,
      growth,
      outside: share.all > 0 ? share.outside / share.all : undefined,
      halved,
      inputsOf: asked.inputsOf,
    });
  },
});

function startsOf({ flow, starts }: Dynamics, visited: readonly Float64Array[], count: number, seed: number): readonly Float64Array[] {
  const brought = starts ? rowsOf(starts) : [];
  const known = visited.length > 0 ? visited : brought;
  const order = permutation(key(seed, STREAM.choice), known.length);
  return Array.from({ length: count }, (_, k) =>
    k < known.length
      ? known[order[k]]
      : Float64Array.from({ length: flow.states }, (_state, i) => 0.5 * normal(key(seed, STREAM.made, k), i)),
  );
}

/** Exponents of an orbit that has settled: those of the Jacobian there, without an error of sampling. */
function ofPoint(values: Float64Array, stepMs: number, steps: number): Exponents {
  const seconds = (steps * stepMs) / 1000;
  const zeros = new Float64Array(values.length);
  return {
    values,
    errors: zeros,
    sumErrors: zeros,
    running: Float64Array.from([...values, ...values]),
    runningSeconds: Float64Array.of(0, seconds),
    steps: 0,
    correlationSteps: 1,
    end: zeros,
  };
}

interface Watch {
  visit(x: Float64Array): void;
  progress(done: number): Promise<void>;
}

async function spectrumOf(
  flow: Flow,
  held: { readonly u: Float64Array; readonly stepMs: number },
  x: Float64Array,
  { steps, count: asked }: { readonly steps: number; readonly count: number | undefined },
  watch: Watch,
  job: Job,
): Promise<Exponents> {
  const { states } = flow;
  let count = Math.min(states, asked ?? (states <= SMALL ? states : FIRST));
  for (;;) {
    const goesOn: NonNullable<Parameters<typeof exponentsOf>[2]['goesOn']> = ({ values, errors, steps: so }) =>
      so < LONGEST * steps && errors[0] > Math.max(GOOD.relative * Math.abs(values[0]), GOOD.perSecond);
    const found = await heldExponents(flow, held, x, { count, settle: 1000, steps, goesOn, ...watch }, job);
    const sum = found.values.reduce((total, value) => total + value, 0);
    if (asked !== undefined || sum < 0 || count >= Math.min(MOST, states)) return found;
    count = Math.min(2 * count, MOST, states);
  }
}

/** By how much half the step changes the largest exponent, 1/s, over a fifth of the time. */
async function halvedStep(course: Course, x: Float64Array, found: Exponents, steps: number, job: Job): Promise<number> {
  const wanted = { count: Math.min(1, found.values.length), settle: 1000, steps: Math.max(100, Math.round((2 * steps) / 5)) };
  const fine = await exponentsOf(course, x, wanted, job);
  return fine.values[0] - found.values[0];
}
