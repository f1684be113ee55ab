// Trajectories of a phase portrait: single trials pale, condition averages over them, with the alignment's sign and an arrow where they
// end. A start has no dot, which would look like a stable point.

import { countOf } from '../../analyses/states.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { numberText } from '../../scene/axes.ts';
import type { ColourRole, Line, Mark, Points } from '../../scene/scene.ts';
import { conditionKey, conditionRole, eventsOf, thinned, trialsShown, aboutTrial } from '../shared.ts';
import type { PortraitSpace } from './space.ts';

export interface Drawn {
  readonly marks: readonly Mark[];
  /** '64 of 256 trials drawn'. */
  readonly words: string;
  /** x, y, z … of the states that the camera fits. */
  readonly fitted: Float64Array;
}

const axis = (scores: Float64Array, row: number, bins: number, d: number): Float64Array =>
  Float64Array.from({ length: bins }, (_, bin) => scores[3 * (row * bins + bin) + d]);

const pathOf = (scores: Float64Array, row: number, bins: number) => ({
  x: axis(scores, row, bins, 0),
  y: axis(scores, row, bins, 1),
  z: axis(scores, row, bins, 2),
});

export function trajectoriesOf(
  dataset: Dataset,
  { trials, scores, averages, averageScores }: PortraitSpace,
  { show, most }: { readonly show: 'both' | 'averages' | 'trials'; readonly most: number },
): Drawn {
  const hasConditions = trials.conditions.some((condition) => condition >= 0);
  const rows = Int32Array.from(trials.rowIds.keys()).filter((row) => !hasConditions || trials.conditions[row] >= 0);
  const drawn = show === 'averages' && hasConditions ? { trials: new Int32Array(0), every: 1 } : thinned(rows, most);
  const aboutOf = new Map(Array.from(dataset.trialRows, (row, trial) => [row, aboutTrial(dataset, trial)]));
  const single = Array.from(drawn.trials, (row): Line => {
    const condition = trials.conditions[row];
    const about = aboutOf.get(trials.rowIds[row]);
    return {
      kind: 'line',
      key: `trial ${trials.rowIds[row]}`,
      datum: { trial: trials.rowIds[row], condition, ...(about ? { about } : {}) },
      colour: condition >= 0 ? conditionRole(condition) : 'mute',
      weight: 'thin',
      timeMs: trials.timeMs,
      ...pathOf(scores, row, trials.bins),
    };
  });
  const loud = show !== 'trials' && hasConditions;
  const names = conditionKey(dataset, trialsShown(dataset))?.names ?? averages.conditionNames;
  const mean = loud
    ? Array.from({ length: averages.rows }, (_, row) => averageMarks(dataset, averages, averageScores, row, names)).flat()
    : [];
  const words = [
    loud && countOf(averages.rows, 'average'),
    drawn.trials.length > 0 &&
      (drawn.trials.length < rows.length ? `${drawn.trials.length} of ${countOf(rows.length, 'trial')}` : countOf(rows.length, 'trial')),
  ];
  return {
    marks: [...single, ...mean],
    words: words.filter(Boolean).join(', '),
    fitted: hasConditions ? averageScores : scores,
  };
}

function averageMarks(
  dataset: Dataset,
  { conditions, timeMs, bins }: PortraitSpace['averages'],
  scores: Float64Array,
  row: number,
  names: readonly string[],
): readonly Mark[] {
  const condition = conditions[row];
  const colour: ColourRole = conditionRole(condition);
  const path = pathOf(scores, row, bins);
  const base = { datum: { condition }, colour };
  const seen = [...timeMs.keys()].filter((bin) => Number.isFinite(path.x[bin]));
  if (seen.length === 0) return [];
  const sign = (key: string, bin: number, rest: Pick<Points, 'sign'> & Partial<Points>): Points => ({
    ...base,
    kind: 'points',
    key: `${key} ${condition}`,
    x: path.x.slice(bin, bin + 1),
    y: path.y.slice(bin, bin + 1),
    z: path.z.slice(bin, bin + 1),
    timeMs: timeMs.slice(bin, bin + 1),
    ...rest,
  });
  const [first, last] = [seen[0], seen[seen.length - 1]];
  const aligned = eventsOf(dataset).find(({ isAlignment }) => isAlignment);
  const zero = aligned ? timeMs.findIndex((time) => time >= 0) : -1;
  const from = { fromX: path.x.slice(last - 1, last), fromY: path.y.slice(last - 1, last), fromZ: path.z.slice(last - 1, last) };
  return [
    {
      ...base,
      kind: 'line',
      key: `average ${condition}`,
      weight: 'line',
      timeMs,
      ...path,
      ...(names[condition] ? { label: names[condition] } : {}),
    },
    ...(aligned && zero > first && zero < last
      ? [sign(aligned.name, zero, { sign: aligned.sign, size: 'small', legend: aligned.name })]
      : []),
    ...(last > first ? [sign('end', last, { sign: 'arrow', size: 'small', legend: `${numberText(timeMs[last], 0)} ms`, ...from })] : []),
  ];
}
