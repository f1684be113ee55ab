// Behaviour as one number a bin: the length of a velocity is a speed, other signals are their first channel.

import type { Binned, Dataset } from '../dataset/dataset.ts';
import { Failure } from '../contract/failure.ts';

export interface Behaviour {
  /** 'Hand speed'. */
  readonly label: string;
  readonly unit: string;
  /** One value a bin of a trial (a place in the dataset), NaN where not observed. */
  of(trial: number): Float64Array;
  /** Mean over trials in every bin, NaN where none is known. */
  mean(trials: Int32Array): Float64Array;
}

const isVelocity = (name: string): boolean => /^d:|veloc/i.test(name);

/** Throws a Failure where the dataset holds no behaviour. */
export function behaviourOf({ behaviors, bins, observed }: Dataset): Behaviour {
  const signal = behaviors.find(({ name, channels }) => isVelocity(name) && channels.length > 1) ?? behaviors[0];
  if (!signal)
    throw new Failure(
      'no-behavior',
      'The dataset holds no behaviour.',
      'Name a signal as behaviour when the dataset is made, then fit again.',
    );
  const { channels, values } = signal;
  const isSpeed = isVelocity(signal.name) && channels.length > 1;
  const of = (trial: number): Float64Array =>
    Float64Array.from({ length: bins }, (_, bin) => {
      if (observed && !observed[trial * bins + bin]) return Number.NaN;
      const at = (trial * bins + bin) * channels.length;
      return isSpeed ? Math.hypot(...values.subarray(at, at + channels.length)) : values[at];
    });
  return {
    label: labelOf(signal, isSpeed),
    unit: signal.unit,
    of,
    mean(trials) {
      const all = Array.from(trials, of);
      return Float64Array.from({ length: bins }, (_, bin) => {
        const known = all.map((one) => one[bin]).filter(Number.isFinite);
        return known.reduce((sum, value) => sum + value / known.length, known.length > 0 ? 0 : Number.NaN);
      });
    },
  };
}

/** 'hand_velocity' is 'Hand speed'; 'eye_position' of two channels is 'Eye position, x'. */
function labelOf({ name, channels }: Binned, isSpeed: boolean): string {
  const words = (name.replace(/^d:/, '').split('/').at(-1) ?? name).replace(/[_-]+/g, ' ').trim();
  const said = isSpeed ? `${words.replace(/\s*(velocity|position)\s*$/i, '')} speed`.trim() : words;
  const label = said.charAt(0).toUpperCase() + said.slice(1);
  return !isSpeed && channels.length > 1 ? `${label}, ${channels[0]}` : label;
}
