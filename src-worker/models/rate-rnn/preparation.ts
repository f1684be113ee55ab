// What a rate network makes of continuous activity before it is fitted to it, where each of its units is a recorded unit: standardised.

import { Failure } from '../../contract/failure.ts';
import { type Dataset, unitsWhere } from '../../dataset/index.ts';
import type { Preparation } from '../constrained/preparation.ts';
import { AREA } from '../constrained/regions.ts';
import { viewOf } from '../../training/units.ts';
import type { RateValues } from './setup.ts';

/** Throws a Failure where counts are fitted as they are, and where the network has units of its own. */
export function preparationOf(dataset: Dataset, { readout, likelihood }: Pick<RateValues, 'readout' | 'likelihood'>): Preparation {
  if (likelihood !== 'gaussian')
    throw new Failure(
      'nothing-prepared',
      'Counts are fitted as they are: nothing is smoothed, averaged or scaled.',
      'The width of their bins is that of the dataset.',
    );
  if (readout !== 'units')
    throw new Failure(
      'nothing-prepared',
      'Recorded units are read out of units of the network’s own, which have no activity before the fit.',
      'With the readout of units, each unit of the network is a recorded one.',
    );
  const { order, offset, scale } = viewOf(dataset, likelihood);
  const places = unitsWhere(dataset, false);
  const at = Array.from(places, (place) => order.indexOf(place));
  return {
    places,
    transform: { scale: Float64Array.from(at, (k) => scale[k]), offset: Float64Array.from(at, (k) => offset[k]) },
    sdMs: 0,
    trialsPerAverage: 1,
    scale: 'standard',
    centre: true,
    regions: AREA,
  };
}
