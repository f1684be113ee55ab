// The known truth of a synthetic recording, from /processing/truth: rates that follow from latents, weights and bias of each unit.
//
//   rate = min(exp(z·w + b), cap)   in Hz, constant within a step

import type { Table, Truth } from '../format.ts';
import type { H5File } from '../h5/file.ts';
import { columnOf, numbersOf } from './tables.ts';

const TRUTH = '/processing/truth';

/** Truth of `units`, whose columns `truth_bias`, `truth_weights` and, where given, `truth_cap` (Hz) and `truth_when` it follows from. */
export function readTruth(file: H5File, units: Table | undefined, trials: Table | undefined): Truth | undefined {
  if (units === undefined || !file.isGroup(TRUTH)) return undefined;
  const data = file.array(`${TRUTH}/latents/data`);
  const weights = file.array(`${units.path}/truth_weights`);
  const bias = numbersOf(units, 'truth_bias');
  const rateHz = file.attributeNumber(`${TRUTH}/latents/starting_time`, 'rate');
  if (data?.shape.length !== 2 || bias === undefined || rateHz === undefined || !(rateHz > 0)) return undefined;
  const [steps, latents] = data.shape;
  if (weights?.kind !== 'number' || weights.shape.length !== 2 || weights.shape[0] !== units.rows || weights.shape[1] !== latents)
    return undefined;

  const cap = numbersOf(units, 'truth_cap');
  const when = columnOf(units, 'truth_when')?.values as readonly string[] | undefined;
  let [z, w, inTrial]: [Float64Array?, Float64Array?, Uint8Array?] = [];
  const [system] = file.array('/identifier') ? file.texts('/identifier') : [];
  return {
    stepSeconds: 1 / rateHz,
    ...(system === undefined ? {} : { system }),
    logRateHz(unitRow, at) {
      w ??= file.numbers(weights.path);
      let logRate = bias[unitRow];
      for (let k = 0; k < latents; k++) logRate += at[k] * w[unitRow * latents + k];
      return Math.min(logRate, Math.log(cap?.[unitRow] ?? Infinity));
    },
    rateHz(unitRow, fromStep, toStep) {
      z ??= file.numbers(data.path);
      w ??= file.numbers(weights.path);
      inTrial ??= stepsInTrials(trials, steps, rateHz);
      const rates = new Float64Array(Math.max(0, toStep - fromStep));
      const limit = cap?.[unitRow] ?? Infinity;
      for (let i = 0; i < rates.length; i++) {
        const step = fromStep + i;
        if (step < 0 || step >= steps) rates[i] = NaN;
        else if (when?.[unitRow] === 'never' || (when?.[unitRow] === 'between trials' && inTrial[step] === 1)) rates[i] = 0;
        else {
          let logRate = bias[unitRow];
          for (let k = 0; k < latents; k++) logRate += z[step * latents + k] * w[unitRow * latents + k];
          rates[i] = Math.min(Math.exp(logRate), limit);
        }
      }
      return rates;
    },
  };
}

/** 1 for every step from a trial's first to the one in which it stops. */
function stepsInTrials(trials: Table | undefined, steps: number, rateHz: number): Uint8Array {
  const inside = new Uint8Array(steps);
  const start = trials === undefined ? undefined : numbersOf(trials, 'start_time');
  const stop = trials === undefined ? undefined : numbersOf(trials, 'stop_time');
  if (start === undefined || stop === undefined) return inside;
  for (const [row, from] of start.entries()) inside.fill(1, Math.round(from * rateHz), Math.round(stop[row] * rateHz) + 1);
  return inside;
}
