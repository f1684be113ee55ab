// Bits per spike of every unit as a Scene: held-in ones, then held-out ones, each with its baselines and what the true rates would get.

import { numberText } from '../../../src-worker/scene/axes.ts';
import type { ColourRole, Datum, Line, Mark, Points, Scene } from '../../../src-worker/scene/scene.ts';
import type { BaselineScores, FitReport, UnitScore } from '../../../src-worker/contract/run.ts';
import { trialsOf } from './quality.ts';

/** Units as the strip has them: held-in ones first, each kind from best to worst. */
export const orderedUnits = (perUnit: FitReport['perUnit']): FitReport['perUnit'] =>
  [...perUnit].sort((a, b) => Number(a.heldOut) - Number(b.heldOut) || b.bitsPerSpike - a.bitsPerSpike);

const scoresOf = (scores: BaselineScores | undefined): ReadonlyMap<number, number> =>
  new Map(scores?.perUnit?.map(({ unit, bitsPerSpike }) => [unit, bitsPerSpike]));

/** What stands beside the fit's own scores. Smoothing sees the very spikes it is scored on, so it is drawn, said to, and never an opponent. */
const beside = [
  { id: 'glm', legend: 'Poisson GLM', sign: 'ring', colour: 'ink' },
  { id: 'smoothing', legend: 'smoothing (sees them)', sign: 'cross', colour: 'mute' },
] as const;

/** Bits per spike of each unit, best first, held-out ones apart. */
export function unitScene(report: FitReport, picked?: number): Scene {
  const ordered = orderedUnits(report.perUnit);
  const own = report.model;
  const [low, high] = domainOf(report);
  const inside = (scores: ReadonlyMap<number, number>) => new Map([...scores].filter(([, score]) => score >= low && score <= high));
  const marks: readonly Mark[] = [
    { kind: 'rule', key: 'zero', datum: {}, colour: 'mute', y: 0, label: '', dashed: true },
    ...boundary(ordered),
    ...toTruth(ordered, scoresOf(report.truth)),
    ...beside
      .filter(({ id }) => id !== own && inside(scoresOf(report.baselines[id])).size > 0)
      .map(({ id, legend, sign, colour }) => pointsOf(ordered, inside(scoresOf(report.baselines[id])), legend, sign, colour)),
    ...([false, true] as const).flatMap((heldOut) => {
      const scores = new Map(ordered.filter((unit) => unit.heldOut === heldOut).map(({ unit, bitsPerSpike }) => [unit, bitsPerSpike]));
      return scores.size === 0 ? [] : [pointsOf(ordered, scores, heldOut ? 'held-out' : 'held-in', 'dot', heldOut ? 'ink' : 'mute')];
    }),
    ...pickedMark(ordered, picked),
  ];
  return {
    title: 'Bits per spike and unit',
    subtitle: trialsOf(report),
    x: {
      label: '',
      unit: '',
      scale: 'linear',
      domain: [0, ordered.length + 1],
      ticks: ordered.map(({ unit }, index) => ({ at: index + 1, label: String(unit) })),
    },
    y: { label: '', unit: '', scale: 'linear', domain: [low, high] },
    marks,
    text: `Bits per spike of ${ordered.length} units on ${trialsOf(report)}.`,
    caption: '',
  };
}

/** As far as the fit, the GLM and the truth reach: what sees the spikes it is scored on is left out beyond. */
function domainOf({ perUnit, baselines, truth }: FitReport): readonly [number, number] {
  const known = [perUnit, baselines.glm?.perUnit ?? [], truth?.perUnit ?? []].flat().map(({ bitsPerSpike }) => bitsPerSpike);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const room = Math.max(0.02, 0.08 * (high - low));
  return [low - room, high + room];
}

function pointsOf(
  ordered: readonly UnitScore[],
  scores: ReadonlyMap<number, number>,
  legend: string,
  sign: Points['sign'],
  colour: ColourRole,
): Points {
  const places = ordered.map(({ unit }, index) => ({ unit, x: index + 1, y: scores.get(unit) })).filter(({ y }) => y !== undefined);
  return {
    kind: 'points',
    key: legend,
    datum: {},
    colour,
    sign,
    size: 'small',
    legend,
    x: Float64Array.from(places, ({ x }) => x),
    y: Float64Array.from(places, ({ y }) => y!),
    data: places.map(({ unit }) => ({ unit })),
  };
}

/** A line between the last held-in unit and the first held-out one. */
function boundary(ordered: readonly UnitScore[]): readonly Mark[] {
  const first = ordered.findIndex(({ heldOut }) => heldOut);
  return first <= 0 ? [] : [{ kind: 'rule', key: 'held out', datum: {}, colour: 'mute', x: first + 0.5, label: '', dashed: true }];
}

/** A line from each unit to what the true rates get for it. */
function toTruth(ordered: readonly UnitScore[], truth: ReadonlyMap<number, number>): readonly Line[] {
  if (truth.size === 0) return [];
  const at = ordered.flatMap(({ unit, bitsPerSpike }, index) => {
    const best = truth.get(unit);
    return best === undefined
      ? []
      : [
          [index + 1, bitsPerSpike],
          [index + 1, best],
          [index + 0.7, best],
          [index + 1.3, best],
          [Number.NaN, Number.NaN],
        ];
  });
  return [
    {
      kind: 'line',
      key: 'true rates',
      datum: {},
      colour: 'mute',
      weight: 'thin',
      legend: 'true rates',
      x: Float64Array.from(at, ([x]) => x!),
      y: Float64Array.from(at, ([, y]) => y!),
    },
  ];
}

function pickedMark(ordered: FitReport['perUnit'], picked: number | undefined): readonly Mark[] {
  const at = ordered.findIndex(({ unit }) => unit === picked);
  if (at < 0) return [];
  const [x, y] = [Float64Array.of(at + 1), Float64Array.of(ordered[at]!.bitsPerSpike)];
  return [{ kind: 'points', key: 'picked', datum: { unit: ordered[at]!.unit }, colour: 'accent', sign: 'ring', size: 'large', x, y }];
}

/** What is known of the unit under the pointer, a line each; the first names it, the second its score and the trials. */
export function unitTip(report: FitReport, { unit }: Datum): readonly string[] {
  const score = report.perUnit.find((one) => one.unit === unit);
  if (!score || unit === undefined) return [];
  const text = (value: number): string => numberText(value, 3);
  const others = [
    ...beside.filter(({ id }) => id !== report.model).map(({ id, legend }) => [legend, scoresOf(report.baselines[id]).get(unit)] as const),
    ['True rates', scoresOf(report.truth).get(unit)] as const,
  ];
  return [
    `Unit ${unit}, ${score.heldOut ? 'held out' : 'held in'}`,
    `${text(score.bitsPerSpike)} bits per spike on ${trialsOf(report)}`,
    ...others.flatMap(([name, value]) => (value === undefined ? [] : [`${name.charAt(0).toUpperCase()}${name.slice(1)} ${text(value)}`])),
    'Click picks it',
  ];
}
