// Small datasets whose rates are known: a few latents that turn, units that follow them, Poisson counts.

import type { Settings } from '../../src-worker/contract/params.ts';
import { type Dataset, makeDataset } from '../../src-worker/dataset/index.ts';
import { key, uniform } from '../../src-worker/engine/random.ts';
import { array, fakeRecording, quietJob } from '../dataset/fake-recording.ts';

/** A Poisson count of that mean, by inversion of one uniform number. */
function poisson(mean: number, u: number): number {
  let [chance, left, count] = [Math.exp(-mean), u, 0];
  for (; left > chance && count < 100; count++) {
    left -= chance;
    chance *= mean / (count + 1);
  }
  return count;
}

export const SIZES = { trials: 40, bins: 20, units: 8 };

/** Two latents turn at a speed and phase of each trial; condition k starts a quarter turn after condition k − 1. */
export function turningRates({ trials, bins, units } = SIZES): Float64Array {
  return Float64Array.from({ length: trials * bins * units }, (_, i) => {
    const [trial, bin, unit] = [Math.floor(i / bins / units), Math.floor(i / units) % bins, i % units];
    const phase = (Math.PI / 2) * (trial % 4) + 0.3 * (uniform(key(1), trial) - 0.5) + 0.35 * bin;
    return Math.exp(0.9 * Math.cos(phase - (2 * Math.PI * unit) / units) - 0.8);
  });
}

export function turningDataset(settings: Settings = {}, sizes = SIZES): Promise<Dataset> {
  const { trials, bins, units } = sizes;
  const rates = turningRates(sizes);
  const counts = Array.from(rates, (rate, i) => poisson(rate, uniform(key(2), i)));
  const velocity = Array.from({ length: trials * bins }, (_, row) => rates[row * units] - rates[row * units + 3]);
  const recording = fakeRecording({
    arrays: [
      array('/spikes', [trials, bins, units], counts),
      array('/rates', [trials, bins, units], Array.from(rates)),
      array(
        '/condition',
        [trials],
        Array.from({ length: trials }, (_, k) => k % 4),
      ),
      array('/velocity', [trials, bins], velocity),
    ],
  });
  return makeDataset(recording, { counts: '/spikes', binMs: 20, valid: 'every:5', condition: 'condition', ...settings }, quietJob());
}
