// Whether to trust a fit: numbers that tell it, each read out in one sentence. What is read here is computed in service/trust.ts.

import { minus } from '../contract/minus.ts';
import type { Reading, Scores, Verdict } from '../contract/run.ts';
import type { Divergences } from '../models/model.ts';

/** A dimension counts as used where its posterior tells, on average, more than this of a trial, nats. */
export const USED_NATS = 0.1;

/** As models/model.ts has them, in nats a trial. */
export type DivergencesPerTrial = { readonly [Name in keyof Divergences]: readonly number[] };

/** What is known of a fit; what does not exist is left out. */
export interface Evidence {
  readonly judgedBy: 'validation' | 'test';
  /** Scores on training trials; absent where the trials are not those that the model learned from. */
  readonly training?: Scores;
  readonly scores: Scores;
  /** Those of other models. */
  readonly baselines: Readonly<Record<string, Scores>>;
  readonly divergences?: DivergencesPerTrial;
  /** Share of the variance of rates that goes when inferred inputs are held at zero. */
  readonly inputShare?: number;
  /** Bits per spike of counts in training trials that were withheld from encoders and loss. */
  readonly withheldBitsPerSpike?: number;
}

/** The numbers of the readings by name, for `diagnostics`; and the readings. */
export function judged(evidence: Evidence): {
  readonly diagnostics: Readonly<Record<string, number>>;
  readonly readings: readonly Reading[];
} {
  const parts = [gap, overGlm, overSmoothing, inputShare, initialCondition, inferredInputs, sampleValidation].map((of) => of(evidence));
  const found = parts.filter((part) => part !== undefined);
  return {
    diagnostics: Object.assign({}, ...found.map(({ numbers }) => numbers)) as Record<string, number>,
    readings: found.map(({ numbers, reading }) => ({ ...reading, numbers: Object.keys(numbers) })),
  };
}

interface Part {
  readonly numbers: Readonly<Record<string, number>>;
  readonly reading: Omit<Reading, 'numbers'>;
}

const NAMES = {
  coBitsPerSpike: 'co-bps',
  bitsPerSpike: 'bits per spike',
  r2Truth: 'R² to the truth',
  r2Behavior: 'R² of decoded behaviour',
};

/** `.312`, `−.012`, `1.204`. */
const short = (value: number): string => minus(value.toFixed(3)).replace(/^(−?)0\./, '$1.');
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Shares of the training score that may be lost on other trials before a fit is looked at, and doubted. */
const LOST = { look: 0.25, doubt: 0.5 };

function gap({ training, scores, judgedBy, divergences }: Evidence): Part | undefined {
  const name = scores.coBitsPerSpike !== undefined && training?.coBitsPerSpike !== undefined ? 'coBitsPerSpike' : 'bitsPerSpike';
  const [learned, other] = [training?.[name], scores[name]];
  if (learned === undefined || other === undefined) return undefined;
  const lost = learned > 0 ? (learned - other) / learned : 0;
  const verdict: Verdict = other <= 0 || lost > LOST.doubt ? 'doubt' : lost > LOST.look ? 'look' : 'fine';
  const meaning =
    other <= 0
      ? `on ${judgedBy} trials it is no better than each unit's mean rate.`
      : verdict === 'fine'
        ? 'what it learned holds on trials that it did not learn from.'
        : `${percent(lost)} of what it gained is lost on trials that it did not learn from: it learned part of them by heart; ${divergences ? 'more trials, more dropout or heavier KL terms help' : 'more trials or a simpler model help'}.`;
  const sentence = `${upper(NAMES[name])} ${is(name)} ${short(learned)} on training and ${short(other)} on ${judgedBy} trials: ${meaning}`;
  const { bitsPerSpike, coBitsPerSpike } = training!;
  return {
    numbers: {
      ...(bitsPerSpike === undefined ? {} : { trainingBitsPerSpike: bitsPerSpike }),
      ...(coBitsPerSpike === undefined ? {} : { trainingCoBitsPerSpike: coBitsPerSpike }),
      trainingGap: learned - other,
    },
    reading: { id: 'gap', title: `Training and ${judgedBy}`, verdict, sentence },
  };
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const is = (name: keyof typeof NAMES): string => (name === 'bitsPerSpike' ? 'are' : 'is');

/** An advantage below this is none. */
const CLEAR = 0.005;

/** The first of the scores that both have, and what it says. */
function over(names: readonly (keyof typeof NAMES)[], { scores, baselines }: Evidence, baseline: string, called: string) {
  const name = names.find((one) => scores[one] !== undefined && baselines[baseline]?.[one] !== undefined);
  if (name === undefined) return undefined;
  const [own, its] = [scores[name]!, baselines[baseline]![name]!];
  const above = own - its;
  const worthless = above > 0 && own <= 0;
  const verdict: Verdict = worthless ? 'doubt' : above >= CLEAR ? 'fine' : above > 0 ? 'look' : 'doubt';
  const meaning = worthless
    ? 'ahead, but a constant rate, which scores 0, is better than either.'
    : verdict === 'fine'
      ? `ahead by ${short(above)}.`
      : verdict === 'look'
        ? 'hardly ahead; another seed may turn it round.'
        : `it is behind, so the simpler model is the one to use; more steps, or other settings than those in use, may help.`;
  return { above, verdict, sentence: `${upper(NAMES[name])} ${is(name)} ${short(own)}, of ${called} ${short(its)}: ${meaning}` };
}

function overGlm(evidence: Evidence): Part | undefined {
  const names = evidence.scores.coBitsPerSpike === undefined ? (['bitsPerSpike'] as const) : (['coBitsPerSpike'] as const);
  const found = over(names, evidence, 'glm', 'the Poisson GLM');
  return found && { numbers: { aboveGlm: found.above }, reading: { id: 'glm', title: 'Against the GLM', ...shown(found) } };
}

/** Smoothing sees the spikes that it is to predict, so only the truth and behaviour can be held against it. */
function overSmoothing(evidence: Evidence): Part | undefined {
  const found = over(['r2Truth', 'r2Behavior'], evidence, 'smoothing', 'smoothed counts');
  return found && { numbers: { aboveSmoothing: found.above }, reading: { id: 'smoothing', title: 'Against smoothing', ...shown(found) } };
}

const shown = ({ verdict, sentence }: { readonly verdict: Verdict; readonly sentence: string }) => ({ verdict, sentence });

/** Shares of the rates' variance that inferred inputs may carry before dynamics are read with them in mind. */
const CARRIED = { some: 0.1, most: 0.5 };

function inputShare({ inputShare: share, divergences }: Evidence): Part | undefined {
  if (share === undefined) return undefined;
  const none = divergences?.inputs.length === 0;
  const meaning =
    share < CARRIED.some
      ? 'from its initial condition the generator makes the rates almost by itself.'
      : share < CARRIED.most
        ? 'dynamics and inputs make the rates together; read pictures of the generator with its inputs beside them.'
        : 'inputs make most of the rates, and pictures of the generator alone describe the model rather than the circuit.';
  const sentence = none
    ? 'The model infers no inputs: from its initial condition the generator makes the rates by itself.'
    : `Holding inferred inputs at zero takes away ${percent(share)} of the variance of rates: ${meaning}`;
  return {
    numbers: { inputShare: share },
    reading: { id: 'inputShare', title: 'Share of inputs', verdict: share < CARRIED.most ? 'fine' : 'look', sentence },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function initialCondition({ divergences }: Evidence): Part | undefined {
  const nats = divergences?.initial ?? [];
  if (nats.length === 0) return undefined;
  const used = nats.filter((kl) => kl > USED_NATS).length;
  const verdict: Verdict = used === 0 || used === nats.length ? 'look' : 'fine';
  const meaning =
    used === 0
      ? usedInputs(divergences) > 0
        ? 'all trials start alike, and what differs between them comes in by inferred inputs.'
        : 'all trials start alike; a lighter KL term of the initial condition, or more steps, lets them differ.'
      : used === nats.length
        ? 'none is left over; a model with more may fit better.'
        : 'the others are left over, as they should be.';
  const sentence = `${upper(dimensions(used, nats.length))} of the initial condition ${used < 2 ? 'tells' : 'tell'} trials apart (${sum(nats).toFixed(1)} nats a trial): ${meaning}`;
  return {
    numbers: { klInitial: sum(nats), initialDimensions: nats.length, initialDimensionsUsed: used },
    reading: { id: 'initialCondition', title: 'Initial condition', verdict, sentence, perDimension: nats },
  };
}

/** How many inferred inputs tell something. */
const usedInputs = ({ inputs, unusedInputs }: DivergencesPerTrial = { initial: [], inputs: [], unusedInputs: [] }): number =>
  inputs.filter((kl, k) => kl - unusedInputs[k] > USED_NATS).length;

const dimensions = (used: number, of: number): string => `${used === 0 ? 'none' : used} of ${of} dimension${of === 1 ? '' : 's'}`;

function inferredInputs({ divergences }: Evidence): Part | undefined {
  const { inputs: nats = [], unusedInputs = [] } = divergences ?? {};
  if (nats.length === 0) return undefined;
  const used = usedInputs(divergences);
  const meaning =
    used === 0
      ? 'they tell nothing of a trial, and the generator runs by itself.'
      : used === nats.length
        ? 'each tells something of a trial.'
        : 'the others tell nothing of a trial.';
  const sentence = `${upper(dimensions(used, nats.length))} of the inferred inputs ${used < 2 ? 'is' : 'are'} used (${sum(nats).toFixed(1)} nats a trial, of which ${sum(unusedInputs).toFixed(1)} are the least that they cost): ${meaning}`;
  return {
    numbers: { klInputs: sum(nats), inputDimensions: nats.length, inputDimensionsUsed: used },
    reading: { id: 'inferredInputs', title: 'Inferred inputs', verdict: 'fine', sentence, perDimension: nats },
  };
}

function sampleValidation({ withheldBitsPerSpike: withheld, training }: Evidence): Part | undefined {
  const seen = training?.bitsPerSpike;
  if (withheld === undefined || seen === undefined) return undefined;
  const lost = seen > 0 ? (seen - withheld) / seen : 0;
  const verdict: Verdict = withheld <= 0 || lost > LOST.doubt ? 'doubt' : lost > LOST.look ? 'look' : 'fine';
  const meaning =
    verdict === 'fine'
      ? 'rates follow what units share, not single spikes.'
      : 'part of the rates follows the very spikes that they are to explain; more coordinated dropout helps.';
  return {
    numbers: { withheldBitsPerSpike: withheld },
    reading: {
      id: 'sampleValidation',
      title: 'Sample validation',
      verdict,
      sentence: `Counts withheld from training are predicted at ${short(withheld)} bits per spike, those it saw at ${short(seen)}: ${meaning}`,
    },
  };
}
