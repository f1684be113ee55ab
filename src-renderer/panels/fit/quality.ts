// What a fit's report and pictures say in a sentence: units it misses, and how well averages agree.

import { minus } from '../../../src-worker/contract/minus.ts';
import type { BaselineScores, FitReport, UnitScore } from '../../../src-worker/contract/run.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import type { Line, Mark, Scene } from '../../../src-worker/scene/scene.ts';
import { counted } from '../../ui/format.ts';

/** The trials that a report's numbers are of: test trials where there are any, for then validation trials only chose the step. */
export const judgedBy = ({ dataset }: Pick<FitReport, 'dataset'>): 'test' | 'validation' =>
  (dataset.testTrials ?? 0) > 0 ? 'test' : 'validation';

/** '51 validation trials'. */
export const trialsOf = ({ dataset }: Pick<FitReport, 'dataset'>): string =>
  counted((judgedBy({ dataset }) === 'test' ? dataset.testTrials : dataset.validationTrials) ?? 0, `${judgedBy({ dataset })} trial`);

const MOST_NAMED = 6;
/** Below this share of the median unit a fit says next to nothing about a unit. */
const POOR_SHARE = 0.1;

const named = (units: readonly UnitScore[]): string => {
  const rows = units.map(({ unit }) => unit);
  return rows.length <= MOST_NAMED ? rows.join(', ') : `${rows.slice(0, MOST_NAMED).join(', ')} and ${rows.length - MOST_NAMED} more`;
};

/** '−0.012'. */
const signed = (value: number): string => minus(value.toFixed(3));

/** A unit that stays so far below what its true rates would get is missed. */
const TRUTH_MISSED = 0.05;
/** An advantage over the GLM below this is a narrow one. */
const NARROW = 0.005;

/** Units, worst first, that the fit predicts hardly better than by their mean rates. */
export function missedUnits({ perUnit }: Pick<FitReport, 'perUnit'>): readonly UnitScore[] {
  const known = perUnit.filter(({ bitsPerSpike }) => Number.isFinite(bitsPerSpike));
  if (known.length === 0) return [];
  const sorted = [...known].sort((a, b) => a.bitsPerSpike - b.bitsPerSpike);
  const median = sorted[Math.floor(sorted.length / 2)]!.bitsPerSpike;
  return sorted.filter(({ bitsPerSpike }) => bitsPerSpike <= Math.max(0, POOR_SHARE * median));
}

export interface Sentence {
  readonly isGood: boolean;
  readonly lead: string;
  readonly rest: string;
}

export function missedSentence(report: Pick<FitReport, 'perUnit'>): Sentence | undefined {
  if (report.perUnit.length === 0) return undefined;
  const missed = missedUnits(report);
  if (missed.length === 0)
    return {
      isGood: true,
      lead: 'No unit is missed.',
      rest: `All ${counted(report.perUnit.length, 'unit')} are predicted better than by their mean rates`,
    };
  const worst = signed(missed[0]!.bitsPerSpike);
  return missed.length === 1
    ? { isGood: false, lead: `The fit misses unit ${named(missed)}:`, rest: `${worst} bits per spike, hardly more than its mean rate says` }
    : {
        isGood: false,
        lead: `The fit misses units ${named(missed)}:`,
        rest: `${worst} to ${signed(missed.at(-1)!.bitsPerSpike)} bits per spike, hardly more than their mean rates say`,
      };
}

/** Units that stay below what their true rates would get, most first; undefined where no truth is known. */
export function belowTruth({ perUnit, truth }: Pick<FitReport, 'perUnit' | 'truth'>): Sentence | undefined {
  const best = new Map(truth?.perUnit?.map(({ unit, bitsPerSpike }) => [unit, bitsPerSpike]));
  const missed = perUnit
    .map((score) => ({ ...score, below: (best.get(score.unit) ?? Number.NaN) - score.bitsPerSpike }))
    .filter(({ below }) => below > TRUTH_MISSED)
    .sort((a, b) => b.below - a.below);
  if (missed.length === 0) return undefined;
  const [most, least] = [missed[0]!.below, missed.at(-1)!.below];
  const range = missed.length === 1 ? most.toFixed(2) : `${least.toFixed(2)} to ${most.toFixed(2)}`;
  return {
    isGood: false,
    lead: `The fit misses ${missed.length === 1 ? 'unit' : 'units'} ${named(missed)}:`,
    rest: `${range} bits per spike below ${missed.length === 1 ? 'its' : 'their'} true rates`,
  };
}

/** How many units are predicted better than by the GLM, held-out ones where there are any, and which ones are not; undefined without its scores. */
export function againstGlm({ perUnit, baselines, model }: Pick<FitReport, 'perUnit' | 'baselines' | 'model'>): Sentence | undefined {
  const glm = new Map(baselines.glm?.perUnit?.map(({ unit, bitsPerSpike }) => [unit, bitsPerSpike]));
  const heldOut = perUnit.some((score) => score.heldOut);
  const both = perUnit
    .filter((score) => score.heldOut === heldOut && glm.has(score.unit))
    .map((score) => ({ ...score, its: glm.get(score.unit)!, above: score.bitsPerSpike - glm.get(score.unit)! }))
    .sort((a, b) => a.above - b.above);
  if (both.length === 0 || model === 'glm') return undefined;
  const behind = both.filter(({ above }) => above <= 0);
  const kind = heldOut ? 'held-out unit' : 'unit';
  const [first] = both;
  if (behind.length > 0)
    return {
      isGood: false,
      lead: `Beats the Poisson GLM on ${both.length - behind.length} of ${counted(both.length, kind)}:`,
      rest: `not on ${behind.length === 1 ? 'unit' : 'units'} ${named(behind)}`,
    };
  const narrow =
    first!.above < NARROW ? `; unit ${first!.unit} only just, ${signed(first!.bitsPerSpike)} against ${signed(first!.its)}` : '';
  return {
    isGood: true,
    lead: `Beats the Poisson GLM on ${both.length === 1 ? `the one ${kind}` : `all ${counted(both.length, kind)}`}`,
    rest: narrow,
  };
}

/** Median over units of bits per spike, held-out ones where there are any. */
export function unitMedian({ perUnit = [] }: Pick<BaselineScores, 'perUnit'>): number | undefined {
  const heldOut = perUnit.filter((unit) => unit.heldOut);
  const values = (heldOut.length > 0 ? heldOut : perUnit).map(({ bitsPerSpike }) => bitsPerSpike).filter(Number.isFinite);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0
    ? undefined
    : sorted.length % 2 === 1
      ? sorted[Math.floor(middle)]
      : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** R² of the model's averages to those of smoothed spikes, over conditions and time, in a PSTH that holds both. */
export function psthR2({ marks }: Scene): number | undefined {
  const lines = marks.filter((mark): mark is Line => mark.kind === 'line');
  const pairs = lines
    .filter(({ key }) => key.startsWith('spikes '))
    .flatMap((data) => {
      const model = lines.find(({ key }) => key === data.key.replace('spikes', 'model'));
      return model ? Array.from(data.y, (value, k) => [value, model.y[k]!] as const) : [];
    })
    .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
  if (pairs.length < 2) return undefined;
  const mean = pairs.reduce((sum, [value]) => sum + value, 0) / pairs.length;
  const total = pairs.reduce((sum, [value]) => sum + (value - mean) ** 2, 0);
  const rest = pairs.reduce((sum, [value, model]) => sum + (value - model) ** 2, 0);
  return total > 0 ? 1 - rest / total : undefined;
}

/** The ends of a time axis and its zero; the last has the unit. */
function endsOf([from, to]: readonly [number, number], unit: string): readonly { readonly at: number; readonly label: string }[] {
  const inner = from < 0 && to > 0 ? [{ at: 0, label: '0' }] : [];
  return [{ at: from, label: numberText(from) }, ...inner, { at: to, label: `${numberText(to)} ${unit}` }];
}

/** A PSTH as one of several: no words on its axes but numbers, no legend, the event as a line alone. */
export function asSmall(scene: Scene): Scene {
  const plain = (mark: Mark): Mark => {
    if (mark.kind === 'line') {
      const { legend: _, ...rest } = mark;
      return rest;
    }
    return mark.kind === 'rule' ? { ...mark, label: '' } : mark;
  };
  return {
    ...scene,
    x: { ...scene.x, label: '', unit: '', ...(scene.x.domain ? { ticks: endsOf(scene.x.domain, scene.x.unit) } : {}) },
    y: { ...scene.y, label: '', unit: '' },
    marks: scene.marks.filter((mark) => mark.kind !== 'rule' || mark.x === undefined || mark.x === 0).map(plain),
  };
}
