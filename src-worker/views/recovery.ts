// A network fitted again to its own activity, measured as noisily as the data: weights that come back beside those that made the activity, or
// how well the current of each pair of regions does.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, Result } from '../contract/result.ts';
import { correlation } from '../numerics/statistics.ts';
import type { Mark, Points, Scene } from '../scene/scene.ts';
import { DOT, numbersText, pairMatrix, scattered, within } from './pairs.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

export const recovery = defineView({
  id: 'recovery',
  title: 'Recovery',
  version: 1,
  about: 'Weights and currents of a network beside those of a fit to its own activity with noise as large as the data’s.',
  shows: 'currents',
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Each weight beside the one that came back, or the correlation of currents by pair of regions.',
      choices: ['weights', 'currents'],
      default: 'weights',
      tier: 'common',
    },
  }),
  report: { more: () => [{ show: 'currents' }] },
  scene(shown, { show }) {
    const { result } = shown;
    if (!result?.arrays.recoveredCurrents)
      throw new Failure(
        'no-result',
        'This network was not fitted again to its own activity.',
        'Run the analysis with tests of recovery: orrery analyze currents --recoveries 2.',
      );
    return show === 'currents' ? currentsScene(shown, result, result.arrays) : weightsScene(shown, result, result.arrays);
  },
});

function weightsScene(shown: Shown, { recipe }: Result, { weights, recoveredJ, unitRegions, recoveredWeights }: Arrays): Scene {
  if (!recoveredJ)
    throw new Failure('no-result', 'The weights that came back were not kept.', 'Run the analysis anew: orrery analyze currents.');
  const n = weights.shape[0];
  const isWithin = (at: number): boolean => unitRegions.values[Math.floor(at / n)] === unitRegions.values[at % n];
  const { places, every } = scattered(n);
  const both: readonly (readonly [string, string, boolean])[] = [
    ['between', 'between regions', false],
    ['within', 'within a region', true],
  ];
  const reach = within([weights.values, recoveredJ.values]);
  // A few weights far out would leave all others no room.
  const isDrawn = (at: number): boolean => Math.abs(weights.values[at]) <= reach && Math.abs(recoveredJ.values[at]) <= reach;
  const dots = both.map(([key, legend, inside], series): Points => {
    const own = places.filter((at) => isWithin(at) === inside && isDrawn(at));
    return {
      kind: 'points',
      key,
      datum: {},
      colour: { series },
      sign: 'dot',
      size: DOT,
      x: Float64Array.from(own, (at) => weights.values[at]),
      y: Float64Array.from(own, (at) => recoveredJ.values[at]),
      legend,
    };
  });
  const r = both.map(([, , inside]) => {
    const own = Array.from({ length: n * n }, (_, at) => at).filter((at) => at % (n + 1) !== 0 && isWithin(at) === inside);
    return correlation(
      Float64Array.from(own, (at) => weights.values[at]),
      Float64Array.from(own, (at) => recoveredJ.values[at]),
    );
  });
  const repeats = recoveredWeights.values.length;
  const line: Mark = {
    kind: 'line',
    key: 'equal',
    datum: {},
    colour: 'mute',
    weight: 'line',
    x: Float64Array.of(-reach, reach),
    y: Float64Array.of(-reach, reach),
    dashed: true,
    legend: 'as it was',
  };
  const words = `r = ${numbersText(r[0])} between regions, ${numbersText(r[1])} within`;
  return {
    title: 'Weights that come back',
    subtitle: words,
    x: { label: 'Weight', unit: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: 'Weight fitted again', unit: '', scale: 'linear', domain: [-reach, reach] },
    marks: [line, ...dots],
    text: `Weights of the network and of a fit to its own activity: ${words}.`,
    caption: `${sourceText(shown)}. ${recipe} A fit to the network’s own free run with noise as large as the data’s, the first of ${countOf(repeats, 'repeat')}; ${words}${every > 1 ? `; one weight in ${every} is drawn` : ''}.`,
  };
}

function currentsScene(shown: Shown, { recipe }: Result, { regions, recoveredCurrents }: Arrays): Scene {
  const names = regions.labels ?? [];
  const [repeats] = recoveredCurrents.shape;
  const pairs = names.length ** 2;
  const over = (pair: number): number[] => Array.from({ length: repeats }, (_, k) => recoveredCurrents.values[k * pairs + pair]);
  const mean = Float64Array.from({ length: pairs }, (_, pair) => over(pair).reduce((sum, r) => sum + r, 0) / repeats);
  const least = Math.min(...mean);
  const { marks, ...axes } = pairMatrix(names, mean, {
    scale: { label: 'Correlation', unit: '', domain: [0, 1], palette: 'wash' },
    text: (pair) => numbersText(mean[pair]),
  });
  return {
    title: 'Currents that come back',
    subtitle: `correlation of each current with that of a fit to the network’s own activity, mean of ${countOf(repeats, 'repeat')}`,
    ...axes,
    marks,
    text: `How well the current of each pair of regions comes back: the least by r = ${numbersText(least)}.`,
    caption: `${sourceText(shown)}. ${recipe} Rows receive, columns send: correlation of currents, time mean of each unit taken away, with those of a fit to the network’s own free run with noise as large as the data’s; mean of ${countOf(repeats, 'repeat')}.`,
  };
}
