// What trajectories are coloured by instead of their condition: time, behaviour, or the tangling of the averages.

import { Failure } from '../contract/failure.ts';
import { quantile } from '../numerics/statistics.ts';
import type { ValueScale } from '../scene/scene.ts';
import { behaviourOf } from './behaviour-values.ts';
import type { Shown } from './view.ts';

/** A value a bin; undefined where there is none, and the condition colours the line. */
export interface Shade {
  readonly scale: ValueScale;
  ofTrial(trial: number): Float64Array | undefined;
  ofAverage(condition: number, trials: Int32Array): Float64Array | undefined;
}

/** Throws a Failure where what colours is missing. */
export function shadeOf(
  { dataset, result }: Shown,
  kept: Int32Array,
  time: Float64Array,
  by: 'condition' | 'time' | 'behaviour' | 'tangling',
): Shade | undefined {
  switch (by) {
    case 'condition':
      return undefined;
    case 'time':
      return {
        scale: { label: 'Time', unit: 'ms', domain: [time[0], time[time.length - 1]], palette: 'sequential' },
        ofTrial: () => time,
        ofAverage: () => time,
      };
    case 'behaviour': {
      const behaviour = behaviourOf(dataset);
      const all = Array.from(kept, (trial) => [...behaviour.of(trial)]).flat();
      return {
        scale: { label: behaviour.label, unit: behaviour.unit, domain: domainOf(all), palette: 'sequential' },
        ofTrial: behaviour.of,
        ofAverage: (_, trials) => behaviour.mean(trials),
      };
    }
    case 'tangling': {
      const { q, conditions } = result?.arrays ?? {};
      if (!q || !conditions)
        throw new Failure('no-result', 'There is no tangling to colour by.', 'Run the analysis first: orrery analyze tangling.');
      const rows = conditions.values;
      const bins = q.values.length / Math.max(1, rows.length);
      return {
        scale: { label: 'Tangling of averages', unit: 's⁻²', domain: domainOf(Array.from(q.values)), palette: 'sequential' },
        // Tangling compares averages with each other; single trials keep the colour of their condition.
        ofTrial: () => undefined,
        ofAverage: (condition) => {
          const row = Array.from(rows).indexOf(condition);
          return row < 0 || bins !== time.length ? undefined : Float64Array.from(q.values.subarray(row * bins, (row + 1) * bins));
        },
      };
    }
    default:
      return by satisfies never;
  }
}

/** From 0, or the least, to a round number above nearly all. */
function domainOf(values: readonly number[]): readonly [number, number] {
  const known = Float64Array.from(values.filter(Number.isFinite));
  if (known.length === 0) return [0, 1];
  const [low, high] = [quantile(known, 0.02), quantile(known, 0.98)];
  return [Number(Math.min(0, low).toPrecision(2)), Number((high > 0 ? high : 1).toPrecision(2))];
}
