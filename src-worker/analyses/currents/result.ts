// Regions and pairs as objects, out of a result that may have been kept for long.

import type { CurrentPair, Currents, CurrentUnit } from '../../contract/currents.ts';
import type { Result } from '../../contract/result.ts';

export function currentsOf({ arrays }: Pick<Result, 'arrays'>): Omit<Currents, 'diagnostics'> {
  const names = arrays.regions.labels ?? [];
  const R = names.length;
  const P = R * R;
  const members = arrays.shares.shape[0];
  const averaged = (name: string, pair: number): number => {
    const { values } = arrays[name];
    const length = values.length / P;
    let sum = 0;
    for (let at = pair * length; at < (pair + 1) * length; at++) sum += values[at];
    return sum / length;
  };
  const overMembers = (name: string, pair: number): number[] => {
    const { values, shape } = arrays[name];
    return Array.from({ length: shape[0] }, (_, k) => values[k * P + pair]);
  };
  const { values: size, shape } = arrays.size;
  const bins = shape[3];
  const components = arrays.componentShares.shape[2];
  const pairs = Array.from({ length: P }, (_, pair): CurrentPair => {
    const shares = overMembers('shares', pair);
    const rms = Array.from({ length: members }, (_, member) => {
      let squares = 0;
      for (let t = 0; t < bins; t++) squares += size[(member * P + pair) * bins + t] ** 2;
      return Math.sqrt(squares / bins);
    });
    const shifted = arrays.shiftedSizes?.values[pair] ?? Number.NaN;
    const control = overMembers('shareControl', pair) as [number, number, number];
    const recovered = arrays.recoveredCurrents && overMembers('recoveredCurrents', pair);
    const truth = arrays.truth && overMembers('truth', pair);
    return {
      into: names[Math.floor(pair / R)],
      from: names[pair % R],
      rms: rms[0],
      rmsRange: [Math.min(...rms), Math.max(...rms)],
      share: shares[0],
      shareRange: [Math.min(...shares), Math.max(...shares)],
      shareControl: control,
      signedShare: arrays.signedShares.values[pair],
      perSourceUnit: arrays.perSourceUnit.values[pair],
      mean: averaged('mean', pair),
      excitatory: averaged('excitatory', pair),
      inhibitory: averaged('inhibitory', pair),
      componentShares: Array.from(arrays.componentShares.values.subarray(pair * components, (pair + 1) * components)),
      ...(recovered && { recovery: recovered.reduce((sum, r) => sum + r, 0) / recovered.length }),
      ...(Number.isFinite(shifted) && { shifted }),
      ...(truth && {
        truth: truth.reduce((sum, r) => sum + r, 0) / members,
        truthControl: overMembers('truthControl', pair)[2],
      }),
    };
  });
  return {
    regions: names.map((name, k) => ({ name, units: arrays.regions.values[k] })),
    pairs,
    units: unitsOf(arrays, names),
    unit: arrays.mean.unit,
    split: arrays.splitBy.values[0] === 0 ? 'weight' : 'current',
  };
}

function unitsOf(
  { unitRows, unitRegions, freeRunPVar, conditionMeanPVar }: Result['arrays'],
  names: readonly string[],
): readonly CurrentUnit[] {
  return Array.from(unitRows.values, (unit, place) => {
    const [own, mean] = [freeRunPVar?.values[place] ?? Number.NaN, conditionMeanPVar?.values[place] ?? Number.NaN];
    return {
      unit,
      region: names[unitRegions.values[place]],
      ...(Number.isFinite(own) && { freeRunPVar: own }),
      ...(Number.isFinite(mean) && { conditionMeanPVar: mean }),
    };
  });
}
