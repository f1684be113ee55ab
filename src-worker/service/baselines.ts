// Scores of the baselines on a dataset, kept in the project: every fit of one dataset is held against the same numbers, made once.

import type { Arrays } from '../contract/result.ts';
import type { BaselineScores, UnitScore } from '../contract/run.ts';
import type { scoreBaselines } from '../metrics/report.ts';
import { loadResult, type Project, type Provenance, saveResult } from '../store/index.ts';

export type Baselines = Awaited<ReturnType<typeof scoreBaselines>>;

/** Raised whenever baselines or metrics give other numbers for the same dataset. */
const VERSION = 2;

const provenance = (dataset: string): Provenance => ({ kind: 'analysis', dataset, recipe: { id: 'baselines', version: VERSION } });

export async function loadBaselines(project: Project, dataset: string): Promise<Baselines | undefined> {
  const kept = await loadResult(project, provenance(dataset));
  if (!kept) return undefined;
  const scoresOf = (name: keyof Baselines): BaselineScores => {
    const scores = Object.entries(kept.summary).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value]] : [],
    );
    const { [`${name}.unit`]: units, [`${name}.heldOut`]: heldOut, [`${name}.bits`]: bits } = kept.arrays;
    const perUnit = Array.from(units?.values ?? [], (unit, k) => ({
      unit,
      heldOut: heldOut?.values[k] === 1,
      bitsPerSpike: bits?.values[k] ?? Number.NaN,
    }));
    return { ...Object.fromEntries(scores), ...(perUnit.length > 0 ? { perUnit } : {}) };
  };
  return { smoothing: scoresOf('smoothing'), glm: scoresOf('glm') };
}

export async function keepBaselines(project: Project, dataset: string, baselines: Baselines): Promise<void> {
  const all = Object.entries(baselines);
  const scores = all.flatMap(([name, { perUnit: _, ...own }]) => Object.entries(own).map(([score, value]) => [`${name}.${score}`, value]));
  const arrays = Object.assign({}, ...all.map(([name, { perUnit = [] }]) => unitArrays(name, perUnit))) as Arrays;
  const recipe = `Baselines of dataset ${dataset} on the trials that judge a fit`;
  await saveResult(project, provenance(dataset), { arrays, summary: Object.fromEntries(scores), recipe, notes: [] });
}

function unitArrays(name: string, perUnit: readonly UnitScore[]): Arrays {
  if (perUnit.length === 0) return {};
  const column = (values: Float64Array | Int32Array | Uint8Array, unit: string) => ({
    values,
    shape: [perUnit.length],
    axes: ['unit'],
    unit,
  });
  return {
    [`${name}.unit`]: column(
      Int32Array.from(perUnit, ({ unit }) => unit),
      '1',
    ),
    [`${name}.heldOut`]: column(
      Uint8Array.from(perUnit, ({ heldOut }) => Number(heldOut)),
      '1',
    ),
    [`${name}.bits`]: column(
      Float64Array.from(perUnit, ({ bitsPerSpike }) => bitsPerSpike),
      'bits per spike',
    ),
  };
}
