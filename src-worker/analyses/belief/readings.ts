// How far a network and its currents are to be believed: a sentence for each thing that tells, out of a result's numbers.

import { minus } from '../../contract/minus.ts';
import type { Diagnostic, DiagnosticId } from '../../contract/belief.ts';
import type { Verdict } from '../../contract/run.ts';

type Numbers = Readonly<Record<string, number>>;

const two = (value: number): string => minus(value.toFixed(2));
const range = (low: number, high: number): string => (two(low) === two(high) ? two(low) : `${two(low)} to ${two(high)}`);
const grade = (value: number, fine: number, look: number): Verdict => (value >= fine ? 'fine' : value >= look ? 'look' : 'doubt');

const share = (value: number): string => `${Math.round(100 * value)} %`;

/** Weights that agree better than this are the same. */
const SAME = 1 - 1e-9;
/** A current that keeps less of its size than this without the source's timing hangs on it. */
const HANGS = { fine: 0.5, look: 0.8 };
/** Correlation that counts as recovered, and the least that is worth a look. */
const RECOVERED = { fine: 0.9, look: 0.7 };
const AGREES = { fine: 0.95, look: 0.8 };
/** Condition numbers above this leave weights open. */
const ILL = 1e3;
/** What lies beyond rounding is not known. */
const UNKNOWN = 1e6;
const CANCELS = 3;

const STARTS = [
  'Started at the first bin and left alone',
  'Started at the state of its condition and left alone',
  'Started at a state that its encoder read from the trial and left alone',
] as const;

type Said = { readonly verdict: Verdict; readonly sentence: string };

/** Weights between recorded units, and their currents where there are regions. */
function weightsBack(n: Numbers): Said {
  const least = n['recovery.currentsLeast'] ?? n['recovery.weights'];
  const currents =
    n['recovery.currentsLeast'] === undefined
      ? ''
      : ` and its currents by ${range(n['recovery.currentsLeast'], n['recovery.currentsMost'])}`;
  const open =
    n['recovery.currentsLeast'] === undefined
      ? ': such data do not determine them'
      : ': what it shows of pathways is not determined by such data';
  return {
    verdict: grade(least, RECOVERED.fine, RECOVERED.look),
    sentence: `A fit to this network’s own activity with noise as large as the data’s gives its weights back by r = ${two(n['recovery.weights'])}${currents}${least < RECOVERED.look ? open : ''}.`,
  };
}

/** Of a network with units of its own: what it gives, and the size of its spectrum. */
function outputsBack(n: Numbers): Said {
  const r = n['recovery.outputs'];
  return {
    verdict: grade(r, RECOVERED.fine, RECOVERED.look),
    sentence: `Fitted from other random weights to this network’s own outputs with noise as large as the data’s, another runs as it does by r = ${two(r)}, with a spectral radius of ${two(n['recovery.radiusAgain'])} beside ${two(n['recovery.radius'])}${r < RECOVERED.look ? ': such data do not determine what it does' : ''}; weights of units that are not recorded are not compared.`,
  };
}

function weightsAgree(n: Numbers): Said {
  const members = n['ensemble.members'];
  if (!(n['ensemble.weights'] < SAME))
    return {
      verdict: grade(n['ensemble.currentsLeast'] ?? n['ensemble.weights'], AGREES.fine, AGREES.look),
      sentence: `${members} seeds have the same weights: this fit begins from nothing random, and its spread is not known from seeds.`,
    };
  const of =
    n['ensemble.currentsLeast'] === undefined
      ? ` and in their free runs by ${two(n['ensemble.outputs'])}`
      : ` and in their currents by ${range(n['ensemble.currentsLeast'], n['ensemble.currentsMost'])}`;
  return {
    verdict: grade(n['ensemble.currentsLeast'] ?? n['ensemble.weights'], AGREES.fine, AGREES.look),
    sentence: `${members} seeds agree in their weights by r = ${two(n['ensemble.weights'])} (s.d. ${share(n['ensemble.weightSd'] / n['ensemble.weightRms'])} of their size)${of}; that they agree does not show that they are right.`,
  };
}

function outputsAgree(n: Numbers): Said {
  return {
    verdict: grade(n['ensemble.outputs'], AGREES.fine, AGREES.look),
    sentence: `${n['ensemble.members']} seeds agree in their free runs by r = ${two(n['ensemble.outputs'])} (s.d. ${share(n['ensemble.outputSd'] / n['ensemble.outputRms'])} of their size) and explain ${range(n['ensemble.scoreLeast'], n['ensemble.scoreMost'])} of the variance; that they agree does not show that they are right.`,
  };
}

const READ: readonly {
  readonly id: DiagnosticId;
  readonly title: string;
  /** The number without which there is nothing to say. */
  readonly needs: string;
  say(numbers: Numbers): { readonly verdict: Verdict; readonly sentence: string };
}[] = [
  {
    id: 'truth',
    title: 'True currents',
    needs: 'truth.median',
    say(n) {
      const above = n['truth.median'] > n['truth.control95'];
      return {
        verdict: above ? (n['truth.median'] >= RECOVERED.look ? 'fine' : 'look') : 'doubt',
        sentence: `Currents between regions correlate with the true ones by ${two(n['truth.median'])} in the median pair (${range(n['truth.least'], n['truth.most'])}); with shuffled region labels that median stays below ${two(n['truth.control95'])} in 95 %${above ? '' : ', so nothing of the true pathways is in them'}.`,
      };
    },
  },
  {
    id: 'recovery',
    title: 'Recovery',
    needs: 'recovery.repeats',
    say: (n) => (n['recovery.weights'] === undefined ? outputsBack(n) : weightsBack(n)),
  },
  {
    id: 'regressors',
    title: 'Dimensions of activity',
    needs: 'regressors.dimensions95',
    say(n) {
      const open = n['regressors.dimensions95'] < 0.5 * n['regressors.units'] || n['regressors.condition'] > ILL;
      const isOwn = n['regressors.recorded'] === 0;
      const condition = n['regressors.condition'] >= UNKNOWN ? 'above 10⁶' : `${Number(n['regressors.condition'].toPrecision(2))}`;
      return {
        // That a large network of its own units has more of them than dimensions is what makes it learn easily.
        verdict: open ? (isOwn ? 'look' : 'doubt') : 'fine',
        sentence: `${isOwn ? 'Activity of the network’s own units' : 'Activity'} fills ${n['regressors.dimensions95']} of ${n['regressors.units']} dimensions (95 % of its variance; numerical rank ${n['regressors.rank']}), condition number ${condition}${open ? ': many weights fit it equally well' : ''}.`,
      };
    },
  },
  {
    id: 'ensemble',
    title: 'Seeds',
    needs: 'ensemble.members',
    say(n) {
      if (n['ensemble.members'] < 2)
        return {
          verdict: 'look',
          sentence: 'One seed alone says nothing of the spread: fit several (--seeds 5).',
        };
      return n['ensemble.weights'] === undefined ? outputsAgree(n) : weightsAgree(n);
    },
  },
  {
    id: 'freeRun',
    title: 'Free run',
    needs: 'freeRun.pVar',
    say(n) {
      const mean = n['freeRun.conditionMean'];
      const against = mean === undefined ? '' : `, the training averages ${two(mean)}`;
      const begun = STARTS[n['freeRun.start'] ?? 0];
      const where = n['freeRun.judging'] === 1 ? 'trials that it was not fitted to' : 'the recording that it was fitted to';
      return {
        verdict: n['freeRun.pVar'] < 0.3 ? 'doubt' : mean !== undefined && n['freeRun.pVar'] < 0.8 * mean ? 'look' : 'fine',
        sentence:
          n['freeRun.pVar'] < 0
            ? `${begun}, the network runs away from ${where}: its mean alone is nearer (share of variance explained ${two(n['freeRun.pVar'])}${against}).`
            : `${begun}, the network explains ${two(n['freeRun.pVar'])} of the variance of ${where}${against}.`,
      };
    },
  },
  {
    id: 'shuffled',
    title: 'Shuffled regions',
    needs: 'shuffled.outside',
    say: (n) => ({
      verdict: n['shuffled.outside'] === 0 ? 'doubt' : n['shuffled.outside'] < n['shuffled.pairs'] ? 'look' : 'fine',
      sentence:
        n['shuffled.outside'] === 0
          ? `No share differs from what ${n['shuffled.draws']} shuffles of region labels give: sizes say nothing of regions.`
          : `Shares of ${n['shuffled.outside']} of ${n['shuffled.pairs']} pairs lie outside 5 to 95 % of ${n['shuffled.draws']} shuffles of region labels.`,
    }),
  },
  {
    id: 'shifted',
    title: 'Shifted sources',
    needs: 'shifted.median',
    say(n) {
      const median = n['shifted.median'];
      const known = n['shifted.truth'];
      const against = known === undefined ? '' : `, and correlate with the true ones by ${two(known)}`;
      return {
        verdict: median < HANGS.fine ? 'fine' : median < HANGS.look ? 'look' : 'doubt',
        sentence: `Fitted again with one region after another shifted in time, currents from it keep ${share(median)} of their size in the median pair (${share(n['shifted.least'])} to ${share(n['shifted.most'])})${against}${median < HANGS.look ? '' : ': their size says little of what one region does to another'}.`,
      };
    },
  },
  {
    id: 'cancellation',
    title: 'Cancellation',
    needs: 'cancellation.most',
    say: (n) => ({
      verdict: n['cancellation.most'] > CANCELS ? 'doubt' : 'fine',
      sentence:
        n['cancellation.most'] > CANCELS
          ? `Currents into a region are together up to ${n['cancellation.most'].toFixed(1)} times as large as their sum: large cancelling currents are not identified.`
          : `Currents into a region are together ${n['cancellation.most'].toFixed(1)} times as large as their sum; they cancel little.`,
    }),
  },
];

/** Readings of a result's summary, the gravest things first among equals in a fixed order. */
export function diagnosticsOf(summary: Numbers): readonly Diagnostic[] {
  return READ.filter(({ needs }) => summary[needs] !== undefined).map(({ id, title, say }) => ({
    id,
    title,
    ...say(summary),
    numbers: Object.fromEntries(
      Object.entries(summary).flatMap(([name, value]) => (name.startsWith(`${id}.`) ? [[name.slice(id.length + 1), value]] : [])),
    ),
  }));
}
