// What a network is to give: recorded activity, every unit an output, or behaviour; with inputs, and hints for the target-generating network.

import { Failure } from '../../contract/failure.ts';
import type { Dataset } from '../../dataset/index.ts';
import { type Activity, activityRows, type Prepared } from '../constrained/activity.ts';
import type { Task } from './learner.ts';

export interface Wanted {
  readonly target: 'activity' | 'behaviour';
  /** Names of external inputs that are hints. */
  readonly hints: readonly string[];
  readonly sdMs: number;
}

/** Behaviour is (value − offset) / scale. */
export interface Scaling {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

export const behaviorNames = ({ behaviors }: Dataset): readonly string[] =>
  behaviors.flatMap(({ name, channels }) => (channels.length === 1 ? [name] : channels.map((channel) => `${name} ${channel}`)));

/** Mean of each group's trials, groups × bins × channels; a bin that any of them misses ends the row. */
function behaviorRows({ behaviors, bins }: Dataset, groups: readonly Int32Array[], scaling: Scaling | undefined) {
  const width = behaviors.reduce((sum, { channels }) => sum + channels.length, 0);
  const values = new Float64Array(groups.length * bins * width);
  const lengths = new Int32Array(groups.length).fill(bins);
  for (const [row, group] of groups.entries())
    for (let t = 0; t < bins; t++) {
      let at = (row * bins + t) * width;
      for (const { channels, values: own } of behaviors)
        for (let c = 0; c < channels.length; c++, at++) {
          let sum = 0;
          for (const trial of group) sum += own[(trial * bins + t) * channels.length + c];
          values[at] = sum / group.length;
          if (Number.isNaN(values[at])) {
            lengths[row] = Math.min(lengths[row], t);
            values[at] = 0;
          }
          const k = at % width;
          if (scaling) values[at] = (values[at] - scaling.offset[k]) / scaling.scale[k];
        }
    }
  return { values, width, lengths };
}

/** Mean and s.d. of every channel of behaviour over rows. Throws a Failure where there is none. */
export function scalingOf(dataset: Dataset, groups: readonly Int32Array[]): Scaling {
  if (dataset.behaviors.length === 0)
    throw new Failure(
      'no-behaviour',
      'There is no behaviour that the network could give.',
      'Name signals with --behavior, or choose --target activity.',
    );
  const { values, width, lengths } = behaviorRows(dataset, groups, undefined);
  const [offset, scale] = [new Float64Array(width), new Float64Array(width)];
  let count = 0;
  for (const [row, length] of lengths.entries())
    for (let t = 0; t < length; t++, count++) for (let k = 0; k < width; k++) offset[k] += values[(row * dataset.bins + t) * width + k];
  for (let k = 0; k < width; k++) offset[k] /= count;
  for (const [row, length] of lengths.entries())
    for (let t = 0; t < length; t++)
      for (let k = 0; k < width; k++) scale[k] += (values[(row * dataset.bins + t) * width + k] - offset[k]) ** 2 / count;
  const names = behaviorNames(dataset);
  const flat = names.filter((_, k) => !(scale[k] > 0));
  if (flat.length > 0)
    throw new Failure('constant-behaviour', `${flat.join(', ')} never changes over training.`, 'Leave it out of --behavior.');
  return { offset, scale: scale.map(Math.sqrt) };
}

/** Which channels of the external inputs are hints. Throws a Failure for names that are none. */
export function hintsAmong({ external }: Dataset, hints: readonly string[]): readonly boolean[] {
  const channels = external?.channels ?? [];
  const isOf = (hint: string, channel: string): boolean => channel === hint || channel.startsWith(`${hint} `) || channel.startsWith(hint);
  const unknown = hints.find((hint) => !channels.some((channel) => isOf(hint, channel)));
  if (unknown !== undefined)
    throw new Failure(
      'unknown-hint',
      `There is no external input “${unknown}” that could be a hint.`,
      channels.length > 0
        ? `Known are: ${channels.join(', ')}.`
        : 'Name external inputs with --external; --hints then says which of them are hints.',
    );
  return channels.map((channel) => hints.some((hint) => isOf(hint, channel)));
}

/** Rows of the task for groups of trials; the initial state of a row is that of its condition. */
export function taskOf(
  dataset: Dataset,
  prepared: Pick<Prepared, 'places' | 'transform'>,
  groups: readonly Int32Array[],
  wanted: Wanted,
  scaling: Scaling,
): Task {
  const all: Activity = activityRows(dataset, prepared, groups, wanted.sdMs, 0);
  const behavior = wanted.target === 'behaviour' ? behaviorRows(dataset, groups, scaling) : undefined;
  const isHint = hintsAmong(dataset, wanted.hints);
  const picked = (hint: boolean): Float64Array => all.inputs.filter((_, at) => isHint[at % all.inputCount] === hint);
  const hintCount = isHint.filter(Boolean).length;
  return {
    rows: all.rows,
    bins: all.bins,
    lengths: behavior ? all.lengths.map((length, row) => Math.min(length, behavior.lengths[row])) : all.lengths,
    outputs: behavior ? behavior.width : all.units,
    targets: behavior ? behavior.values : all.values,
    inputs: all.inputCount - hintCount,
    given: picked(false),
    hintCount,
    hints: picked(true),
    starts: all.conditions.map((condition) => condition + 1),
  };
}
