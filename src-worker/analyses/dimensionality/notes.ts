// What must be known of a dimensionality, in sentences.

import type { States } from '../../contract/result.ts';
import { principalComponents } from '../../numerics/pca.ts';
import { countOf } from '../states.ts';

interface Facts {
  readonly left: number;
  readonly conditions: number;
  readonly splits: number;
  readonly wanted: number;
  readonly signal: number;
  readonly total: number;
}

export function notesOf(given: States, { left, conditions, splits, wanted, signal, total }: Facts): string[] {
  const said: string[] = [];
  if (!(signal > 0)) said.push('Halves of the trials share no variance: these averages are noise, and have no number of dimensions.');
  else
    said.push(
      `${Math.round((100 * signal) / total)} % of the variance of the averages is shared by halves of the trials; the rest is noise.`,
    );
  if (given.state !== 'counts')
    said.push(
      `Trials of ${given.state ?? 'these states'} went through one model: what it adds to all of them alike counts as signal here, and only counts have noise that differs.`,
    );
  const rank = logRank(given);
  if (rank !== undefined)
    said.push(
      `The logarithms of these rates fill ${countOf(rank, 'dimension')} by construction, the model’s factors: no more can be found.`,
    );
  if (conditions === 1) said.push('There is one condition: only its course over time has dimensions, and both shuffles keep it.');
  if (left > 0) said.push(`${countOf(left, 'trial')} without a condition, or alone in it, ${left === 1 ? 'was' : 'were'} left out.`);
  if (splits < wanted) said.push(`${splits} splits instead of ${wanted}: there are many units.`);
  return said;
}

/** Dimensions of the logarithms of rates where these are fewer than units: exponentials of factors. */
function logRank({ values, dimensions, state }: States): number | undefined {
  if (state !== 'rates' || values.some((value) => !(value > 0))) return undefined;
  const every = Math.max(1, Math.ceil(values.length / dimensions / 1500));
  const rows = values.filter((_, i) => Math.floor(i / dimensions) % every === 0).map(Math.log);
  if (rows.length / dimensions <= dimensions) return undefined;
  const { variances } = principalComponents(rows, dimensions);
  const rank = variances.filter((variance) => variance > 1e-9 * variances[0]).length;
  return rank < dimensions ? rank : undefined;
}
