// What a kick does, when, and to what: made sense of from what was asked; and the same done elsewhere at random, its control.

import { Failure } from '../../contract/failure.ts';
import { key, normal, permutation } from '../../engine/random.ts';
import { length } from '../../numerics/lu.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { totalVariance } from '../../numerics/statistics.ts';
import type { Perturbation, Trials } from './simulate.ts';

const STREAM = { direction: 142, units: 143 } as const;

export const round = (value: number): number => Number(value.toPrecision(6));

/** Bins from which and before which something is done. */
export function windowOf(
  { timeMs, bins, stepMs }: Trials,
  { atMs, durationMs }: { readonly atMs: number | undefined; readonly durationMs: number | undefined },
) {
  const from = atMs === undefined ? Math.floor(bins / 3) : timeMs.findIndex((time) => time + stepMs / 2 > atMs);
  if (from < 0 || (atMs !== undefined && atMs < timeMs[0] - stepMs / 2))
    throw new Failure(
      'outside-window',
      `${atMs} ms lies outside the trials, which run from ${round(timeMs[0])} to ${round(timeMs[bins - 1])} ms.`,
      'Choose an --at-ms within them.',
    );
  return { from, to: durationMs === undefined ? bins : Math.min(bins, from + Math.max(1, Math.round(durationMs / stepMs))) };
}

interface Asked {
  readonly kick: 'push' | 'clamp' | 'silence' | 'add-input' | 'remove-input';
  readonly places: readonly number[];
  readonly size: number;
}

interface Own {
  readonly done: Perturbation;
  readonly words: string;
  /** What the control is: 'pushes in random directions'. */
  readonly control: string;
}

/** What is asked for, made sense of. Throws where a place is not there. */
export function perturbation(
  { kick: kind, places, size }: Asked,
  window: { readonly from: number; readonly to: number },
  alone: Float64Array,
  n: number,
  inputs: number,
  names: readonly string[] | undefined,
): Own {
  const ofInputs = kind === 'add-input' || kind === 'remove-input';
  const [count, noun] = ofInputs ? [inputs, 'input'] : [n, 'state'];
  if (ofInputs && inputs === 0)
    throw new Failure('no-inputs', 'These dynamics have no inputs to change.', 'Push, clamp or silence their states.');
  const wrong = places.find((place) => !Number.isInteger(place) || place < 0 || place >= count);
  if (wrong !== undefined)
    throw new Failure('no-such-place', `There is no ${noun} ${wrong}: there are ${count}.`, `Choose --places from 0 to ${count - 1}.`);
  if (places.length === 0 && kind !== 'push' && kind !== 'remove-input')
    throw new Failure(
      'no-places',
      `Which ${noun}s to ${kind === 'add-input' ? 'add to' : kind} is not said.`,
      `Name them: --places 0,3, from 0 to ${count - 1}.`,
    );
  const list = (of: readonly number[]) =>
    of.length > 6
      ? `${of.length} ${noun}s`
      : `${noun}${of.length === 1 ? '' : 's'} ${of.map((place) => (ofInputs ? (names?.[place] ?? place) : place)).join(', ')}`;
  switch (kind) {
    case 'push': {
      const first = () => principalComponents(alone, n, 1).components;
      const direction =
        places.length === 0 ? first() : Float64Array.from({ length: n }, (_, i) => (places.includes(i) ? 1 / Math.sqrt(places.length) : 0));
      const along = new Float64Array(alone.length / n);
      for (let i = 0; i < alone.length; i++) along[Math.floor(i / n)] += alone[i] * direction[i % n];
      const sd = Math.sqrt(totalVariance({ values: along, dimensions: 1 }));
      const push = direction.map((part) => part * size * (sd > 0 ? sd : 1));
      const where = places.length === 0 ? 'the first principal component' : list(places);
      return {
        done: { ...window, push },
        words: `the state pushed by ${size} s.d. along ${where}`,
        control: 'pushes as long in random directions',
      };
    }
    case 'clamp':
    case 'silence': {
      const value = kind === 'silence' ? 0 : size;
      return {
        done: { ...window, hold: { places, value } },
        words: `${list(places)} held at ${value}`,
        control: `draws of as many random states held at ${value}`,
      };
    }
    case 'add-input':
      return {
        done: { ...window, input: { places, by: size } },
        words: `${size} added to ${list(places)}`,
        control: 'draws of as many random inputs',
      };
    case 'remove-input': {
      const all = places.length > 0 ? places : Array.from({ length: inputs }, (_, i) => i);
      return {
        done: { ...window, input: { places: all, by: 'remove' } },
        words: `${list(all)} at zero`,
        control: 'draws of as many random inputs',
      };
    }
    default:
      return kind satisfies never;
  }
}

/** The same done elsewhere; undefined where there is no elsewhere. */
export function randomLike(done: Perturbation, n: number, inputs: number, seed: number, draw: number): Perturbation | undefined {
  const { push, hold, input } = done;
  if (push) {
    const direction = Float64Array.from({ length: n }, (_, i) => normal(key(seed, STREAM.direction, draw), i));
    const scale = length(push) / length(direction);
    return { ...done, push: direction.map((value) => value * scale) };
  }
  const some = (count: number, of: number) => Array.from(permutation(key(seed, STREAM.units, draw), of).subarray(0, count));
  if (hold) return hold.places.length < n ? { ...done, hold: { ...hold, places: some(hold.places.length, n) } } : undefined;
  if (input) return input.places.length < inputs ? { ...done, input: { ...input, places: some(input.places.length, inputs) } } : undefined;
  return undefined;
}
