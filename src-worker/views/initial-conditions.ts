// Initial conditions of every trial in three principal components or a seeded t-SNE, coloured by condition, behaviour or trial number.

import { createHash } from 'node:crypto';
import { countOf } from '../analyses/states.ts';
import { defineParams, type Values } from '../contract/params.ts';
import { Failure } from '../contract/failure.ts';
import type { NamedArray } from '../contract/result.ts';
import { key, normal } from '../engine/random.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { principalComponents, project } from '../numerics/pca.ts';
import { quantile } from '../numerics/statistics.ts';
import { type Embedding, tsne } from '../numerics/tsne.ts';
import type { Axis, Points, ValueScale } from '../scene/scene.ts';
import { behaviourOf } from './behaviour-values.ts';
import { cameraOf, cameraParams } from './camera.ts';
import { conditionKey, conditionRole, sourceText, thinned, trialDatum, trialsShown, trialsText } from './shared.ts';
import { defineView } from './view.ts';

const params = defineParams({
  axes: {
    kind: 'choice',
    label: 'Axes',
    help: 'Principal components keep distances; t-SNE keeps neighbours, and says nothing about distances between groups.',
    choices: ['components', 't-SNE'],
    default: 'components',
    tier: 'common',
  },
  colour: {
    kind: 'choice',
    label: 'Colour',
    help: 'By condition, by the mean of behaviour over the trial, or by the number of the trial in the file.',
    choices: ['condition', 'behaviour', 'trial number'],
    default: 'condition',
    tier: 'common',
  },
  perplexity: {
    kind: 'number',
    label: 'Perplexity',
    help: 'How many neighbours of each trial t-SNE keeps together.',
    default: 30,
    min: 2,
    max: 1000,
    tier: 'occasional',
    when: { param: 'axes', is: 't-SNE' },
  },
  seed: {
    kind: 'number',
    label: 'Seed',
    help: 'Of the start of t-SNE: what holds under one seed alone is no finding.',
    default: 0,
    min: 0,
    integer: true,
    tier: 'occasional',
    when: { param: 'axes', is: 't-SNE' },
  },
  ...cameraParams,
});

/** Every pair of trials counts in t-SNE: of more than these every n-th is embedded, and the caption says so. */
const MOST_EMBEDDED = 600;
const ITERATIONS = 500;
/** Counter of the randomness of its start, apart from the streams of a fit. */
const START = 103;
/** Embeddings are dear, and the same in every colour: the newest are kept, by what they were made of. */
const MOST_KEPT = 4;
const kept = new Map<string, Embedding>();

function embeddingOf(values: Float64Array, dimensions: number, perplexity: number, seed: number): Embedding {
  const digest = createHash('sha1')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
  const name = `${digest} ${dimensions} ${perplexity} ${seed}`;
  const rows = values.length / dimensions;
  const start = () => Float64Array.from({ length: 3 * rows }, (_, i) => 1e-4 * normal(key(seed, START), i));
  const embedding = kept.get(name) ?? tsne(values, dimensions, start(), { perplexity, iterations: ITERATIONS });
  kept.delete(name);
  kept.set(name, embedding);
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
  return embedding;
}

export const initialConditions = defineView({
  id: 'initial-conditions',
  title: 'Initial conditions',
  version: 2,
  about: 'Where the generator starts in every trial, in principal components or by t-SNE.',
  shows: 'outputs',
  params,
  scene(shown, settings) {
    const { dataset, outputs } = shown;
    const array = outputs?.initialConditions;
    const dimensions = array?.shape[1] ?? 0;
    if (!array || dimensions === 0)
      throw new Failure('no-initial-conditions', 'This model has no initial conditions.', 'Fit one that has, or look at its rates.');
    const all = trialsShown(dataset);
    if (all.length < 2) throw new Failure('no-trials', 'Two trials are needed for principal components.', 'Let more trials in.');
    const isEmbedded = settings.axes === 't-SNE';
    const { trials: chosen, every } = isEmbedded ? thinned(all, MOST_EMBEDDED) : { trials: all, every: 1 };
    const { axes, column, recipe } = placesOf(array, dimensions, chosen, settings);
    const shade = shadeOf(dataset, chosen, settings.colour);
    const groups = Map.groupBy(chosen.keys(), (row) => dataset.conditions?.of[chosen[row]] ?? -1);
    const marks = [...groups.entries()]
      .sort(([a], [b]) => a - b)
      .map(
        ([condition, rows]): Points => ({
          kind: 'points',
          key: `condition ${condition}`,
          datum: condition >= 0 ? { condition } : {},
          colour: conditionRole(condition),
          sign: 'dot',
          size: 'small',
          x: column(rows, 0),
          y: column(rows, 1),
          z: column(rows, 2),
          ...(shade ? { value: Float64Array.from(rows, (row) => shade.of(chosen[row])) } : {}),
          data: rows.map((row) => trialDatum(dataset, chosen[row])),
        }),
      );
    const conditions = conditionKey(dataset, chosen);
    const how = `${isEmbedded ? recipe : `principal components of ${trialsText(dataset, chosen)}`}${every > 1 ? `, every ${every}th trial` : ''}`;
    return {
      title: 'Initial conditions',
      subtitle: `${countOf(chosen.length, 'trial')}, ${dimensions} dimensions${isEmbedded ? `; ${recipe}` : ''}`,
      x: axes[0],
      y: axes[1],
      z: axes[2],
      camera: cameraOf(settings),
      marks,
      ...(conditions ? { conditions } : {}),
      ...(shade ? { values: shade.scale } : {}),
      text: `Initial conditions of ${chosen.length} trials along ${axes.map(({ label }) => label).join('; ')}.`,
      caption: `Initial conditions of ${sourceText(shown)}, posterior means; ${how}${shade ? `; coloured by ${shade.scale.label.toLowerCase()}` : ''}; equal scale, orthographic.`,
    };
  },
});

interface Places {
  readonly axes: readonly [Axis, Axis, Axis];
  column(rows: readonly number[], dimension: number): Float64Array;
  readonly recipe: string;
}

/** Throws where a value is not finite. */
function placesOf(array: NamedArray, dimensions: number, trials: Int32Array, { axes, perplexity, seed }: Values<typeof params>): Places {
  const values = new Float64Array(trials.length * dimensions);
  for (const [row, trial] of trials.entries())
    values.set(array.values.subarray(trial * dimensions, (trial + 1) * dimensions), row * dimensions);
  if (!values.every(Number.isFinite))
    throw new Failure('not-finite', 'Some initial conditions are not numbers.', 'Fit again, with a lower learning rate.');
  if (axes === 't-SNE') {
    const embedded = embeddingOf(values, dimensions, perplexity, seed);
    const axis = (d: number): Axis => ({ label: `t-SNE ${d}`, unit: '', scale: 'linear' });
    const used = Math.min(perplexity, (trials.length - 1) / 3);
    return {
      axes: [axis(1), axis(2), axis(3)],
      column: (rows, d) => Float64Array.from(rows, (row) => embedded.values[3 * row + d]),
      recipe: `t-SNE, perplexity ${Number(used.toPrecision(3))}, seed ${seed}, ${embedded.divergence.toFixed(2)} nats`,
    };
  }
  const basis = principalComponents(values, dimensions, 3);
  const scores = project(values, basis);
  const axis = (d: number): Axis => ({
    label: `PC ${d + 1}, ${Math.round(100 * (basis.shares[d] ?? 0))} %`,
    unit: array.unit === '1' ? '' : array.unit,
    scale: 'linear',
  });
  return {
    axes: [axis(0), axis(1), axis(2)],
    column: (rows, d) => Float64Array.from(rows, (row) => (d < basis.count ? scores[row * basis.count + d] : 0)),
    recipe: 'principal components',
  };
}

/** A number for each trial (a place in the dataset), and its scale; undefined where the condition colours. */
function shadeOf(
  dataset: Dataset,
  trials: Int32Array,
  by: Values<typeof params>['colour'],
): { readonly scale: ValueScale; of(trial: number): number } | undefined {
  switch (by) {
    case 'condition':
      return undefined;
    case 'trial number': {
      const rows = Array.from(trials, (trial) => dataset.trialRows[trial]);
      const domain = [Math.min(...rows), Math.max(...rows)] as const;
      return { scale: { label: 'Trial number', unit: '', domain, palette: 'sequential' }, of: (trial) => dataset.trialRows[trial] };
    }
    case 'behaviour': {
      const behaviour = behaviourOf(dataset);
      const means = new Map(Array.from(trials, (trial) => [trial, meanOf(behaviour.of(trial))]));
      const known = Float64Array.from(means.values()).filter(Number.isFinite);
      const domain = known.length > 0 ? ([quantile(known, 0.02), quantile(known, 0.98)] as const) : ([0, 1] as const);
      const rounded = domain.map((value) => Number(value.toPrecision(3))) as [number, number];
      return {
        scale: { label: `${behaviour.label}, mean of the trial`, unit: behaviour.unit, domain: rounded, palette: 'sequential' },
        of: (trial) => means.get(trial) ?? Number.NaN,
      };
    }
    default:
      return by satisfies never;
  }
}

const meanOf = (values: Float64Array): number => {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value / known.length, known.length > 0 ? 0 : Number.NaN);
};
