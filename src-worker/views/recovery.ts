// A network fitted again to its own activity, measured as noisily as the data: weights that come back beside those that made the activity, how
// well the current of each pair of regions does, what both give where they are left alone, and their spectra.

import { countOf } from '../analyses/states.ts';
import { Failure } from '../contract/failure.ts';
import { defineParams } from '../contract/params.ts';
import type { Arrays, Result } from '../contract/result.ts';
import { correlation } from '../numerics/statistics.ts';
import type { Mark, Points, Scene } from '../scene/scene.ts';
import { diagonal, dotsAt, evenly, numbersText, pairMatrix, scattered, within } from './pairs.ts';
import { sourceText } from './shared.ts';
import { defineView, type Shown } from './view.ts';

const OF_WEIGHTS = 'Weights that come back';

export const recovery = defineView({
  id: 'recovery',
  title: 'Recovery',
  version: 2,
  about: 'What a fit to a network’s own activity, with noise as large as the data’s, gives back: weights, currents, free runs, spectrum.',
  shows: 'belief',
  also: ({ show }) => (show === 'currents' ? 'currents' : undefined),
  params: defineParams({
    show: {
      kind: 'choice',
      label: 'Show',
      help: 'Each weight beside the one that came back, currents by pair of regions, what both networks give, or their eigenvalues; weights of recorded units unless given, else what networks give.',
      choices: ['weights', 'currents', 'outputs', 'spectrum'],
      tier: 'common',
    },
  }),
  report: {
    more: (first) => (first?.title === OF_WEIGHTS ? [{ show: 'currents' }, { show: 'outputs' }] : [{ show: 'spectrum' }]),
  },
  scene(shown, { show }) {
    const { result } = shown;
    const arrays = result?.arrays;
    if (show === 'currents' && result?.arrays.recoveredCurrents) return currentsScene(shown, result, result.arrays);
    if (!result || !arrays?.recoveredOutputs)
      throw new Failure(
        'no-result',
        'This network was not fitted again to its own activity.',
        'Run the analysis with tests of recovery (--recoveries 2): orrery analyze belief.',
      );
    const what = show ?? (arrays.recoveredJ ? 'weights' : 'outputs');
    if (what === 'outputs') return outputsScene(shown, result, arrays);
    return what === 'spectrum' ? spectrumScene(shown, result, arrays) : weightsScene(shown, result, arrays);
  },
});

function weightsScene(shown: Shown, { recipe }: Result, { weights, recoveredJ, unitRegions, recoveredWeights }: Arrays): Scene {
  if (!recoveredJ)
    throw new Failure(
      'other-units',
      'Units of this network are not recorded ones, and the weights of two networks cannot be compared.',
      'Look at what both give: --show outputs, or at their eigenvalues: --show spectrum.',
    );
  const n = weights.shape[0];
  const again = recoveredJ.values.subarray(0, n * n);
  const isWithin = (at: number): boolean => unitRegions.values[Math.floor(at / n)] === unitRegions.values[at % n];
  const { places, every } = scattered(n);
  const hasRegions = (unitRegions.labels?.length ?? 1) > 1;
  const kinds: readonly (readonly [string, string, (at: number) => boolean])[] = hasRegions
    ? [
        ['between', 'between regions', (at) => !isWithin(at)],
        ['within', 'within a region', isWithin],
      ]
    : [['within', 'weights', () => true]];
  const reach = within([weights.values, again]);
  // A few weights far out would leave all others no room.
  const isDrawn = (at: number): boolean => Math.abs(weights.values[at]) <= reach && Math.abs(again[at]) <= reach;
  const dots = kinds.map(([key, legend, isOf], series) =>
    dotsAt(
      places.filter((at) => isOf(at) && isDrawn(at)),
      weights.values,
      again,
      { key, legend, series },
    ),
  );
  const r = kinds.map(([, legend, isOf]) => {
    const own = Array.from({ length: n * n }, (_, at) => at).filter((at) => at % (n + 1) !== 0 && isOf(at));
    const found = correlation(
      Float64Array.from(own, (at) => weights.values[at]),
      Float64Array.from(own, (at) => again[at]),
    );
    return `${numbersText(found)}${hasRegions ? ` ${legend.replace(/ (regions|a region)$/, (end) => (end === ' regions' ? end : ''))}` : ''}`;
  });
  const words = `r = ${r.join(', ')}`;
  return {
    title: OF_WEIGHTS,
    subtitle: words,
    x: { label: 'Weight', unit: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: 'Weight fitted again', unit: '', scale: 'linear', domain: [-reach, reach] },
    marks: [diagonal(reach, -reach), ...dots],
    text: `Weights of the network and of a fit to its own activity: ${words}.`,
    caption: `${sourceText(shown)}. ${recipe} A fit to the network’s own free run with noise as large as the data’s, the first of ${countOf(recoveredWeights.values.length, 'repeat')}; ${words}${every > 1 ? `; one weight in ${every} is drawn` : ''}.`,
  };
}

function outputsScene(shown: Shown, { recipe }: Result, { outputs, recoveredOutputs, recoveredOutputR }: Arrays): Scene {
  const { places, every } = evenly(outputs.values.length);
  const of = ({ values }: Arrays[string]): Float64Array => Float64Array.from(places, (at) => values[at]);
  const [x, y] = [of(outputs), of(recoveredOutputs)];
  const high = Math.max(...x, ...y);
  const low = Math.min(0, ...x, ...y);
  const repeats = recoveredOutputR.values.length;
  const words = `r = ${numbersText(Array.from(recoveredOutputR.values).reduce((sum, r) => sum + r, 0) / repeats)} about each output’s mean`;
  const axis = (label: string) => ({ label, unit: outputs.unit, scale: 'linear', domain: [low, high] as const }) as const;
  return {
    title: 'Free runs that come back',
    subtitle: words,
    x: axis('This network'),
    y: axis('Fitted again'),
    marks: [
      diagonal(high, low),
      dotsAt(places, outputs.values, recoveredOutputs.values, { key: 'outputs', legend: 'a bin of an output', series: 0 }),
    ],
    text: `What the network gives where it is judged, and what a fit to its own outputs gives there: ${words}.`,
    caption: `${sourceText(shown)}. ${recipe} Free runs over averages of trials that judge the network, of it and of the first of ${countOf(repeats, 'fit')} to its own outputs with noise as large as the data’s; ${words}${every > 1 ? `; one value in ${every} is drawn` : ''}.`,
  };
}

function spectrumScene(
  shown: Shown,
  { recipe, summary }: Result,
  { eigenvaluesRe, eigenvaluesIm, recoveredRe, recoveredIm }: Arrays,
): Scene {
  if (!recoveredRe || !eigenvaluesRe)
    throw new Failure(
      'no-spectrum',
      'Weights of recorded units are compared themselves, not by their spectrum.',
      'Look at them: --show weights; the spectrum of the network itself is a picture of its weights (orrery figure weights --show spectrum).',
    );
  const points = (
    key: string,
    re: Arrays[string],
    im: Arrays[string],
    sign: Points['sign'],
    legend: string,
    colour: Points['colour'],
  ): Points => ({
    kind: 'points',
    key,
    datum: {},
    colour,
    sign,
    size: 'small',
    x: Float64Array.from(re.values),
    y: Float64Array.from(im.values),
    legend,
  });
  const turns = Float64Array.from({ length: 121 }, (_, k) => (2 * Math.PI * k) / 120);
  const circle: Mark = {
    kind: 'line',
    key: 'unit circle',
    datum: {},
    colour: 'mute',
    weight: 'line',
    dashed: true,
    x: turns.map(Math.cos),
    y: turns.map(Math.sin),
    legend: 'modulus 1',
  };
  const words = `spectral radius ${numbersText(summary['recovery.radius'])}, fitted again ${numbersText(summary['recovery.radiusAgain'])}`;
  const reach =
    1.08 * Math.max(1, ...[eigenvaluesRe, eigenvaluesIm, recoveredRe, recoveredIm].flatMap(({ values }) => Array.from(values, Math.abs)));
  return {
    title: 'Spectra',
    subtitle: words,
    x: { label: 'Real part', unit: '', scale: 'linear', domain: [-reach, reach] },
    y: { label: 'Imaginary part', unit: '', scale: 'linear', domain: [-reach, reach] },
    equal: true,
    marks: [
      circle,
      points('again', recoveredRe, recoveredIm, 'ring', 'fitted again', { series: 1 }),
      points('own', eigenvaluesRe, eigenvaluesIm, 'dot', 'this network', { series: 0 }),
    ],
    text: `Eigenvalues of the weights of the network and of a fit to its own outputs: ${words}.`,
    caption: `${sourceText(shown)}. ${recipe} Eigenvalues of J of the network and of a fit to its own outputs, from other random weights; ${words}.`,
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
