// Scores of a fit beside those of its baselines and of the true rates; every number names the trials that it is of.

import { comparable } from '../../../src-worker/contract/baselines.ts';
import type { BaselineScores, FitReport } from '../../../src-worker/contract/run.ts';
import { useStore } from '../../state/store.ts';
import { score } from '../../ui/format.ts';
import { judgedBy, trialsOf, unitMedian } from './quality.ts';

const columns = [
  { key: 'coBitsPerSpike', title: 'co-bps', of: 'co-smoothing bits per spike, pooled over held-out units' },
  { key: 'bitsPerSpike', title: 'bps', of: 'bits per spike, pooled over held-in units' },
  { key: 'median', title: 'median', of: 'bits per spike of the median unit, held-out ones where there are any' },
  { key: 'r2Truth', title: 'R² truth', of: 'R² to the true rates' },
  { key: 'r2Behavior', title: 'R² beh.', of: 'R² of behaviour decoded from the rates' },
] as const;

type Row = Omit<BaselineScores, 'perUnit'> & { readonly median?: number | undefined };

export function ScoreTable({ report }: { readonly report: FitReport }) {
  const models = useStore((state) => state.catalogue?.models);
  const titleOf = (id: string): string => models?.find((model) => model.id === id)?.title ?? id;
  const rowOf = ({ perUnit, ...scores }: BaselineScores): Row => ({ ...scores, median: perUnit && unitMedian({ perUnit }) });
  const rows: readonly (readonly [id: string, title: string, row: Row])[] = [
    [report.model, titleOf(report.model), rowOf(report)],
    ...Object.entries(report.baselines)
      .filter(([id]) => id !== report.model)
      .map(([id, scores]) => [id, titleOf(id), rowOf(comparable(id, scores))] as const),
    ...(report.truth ? [['truth', 'True rates', rowOf(report.truth)] as const] : []),
  ];
  const shown = columns
    .filter(({ key }) => rows.some(([, , row]) => row[key] !== undefined))
    // Beside held-out units the held-in ones are in the strip alone: there is room for four numbers.
    .filter(({ key }, _, all) => key !== 'bitsPerSpike' || all.length < 5);
  const trials = trialsOf(report);
  return (
    <table className="scores">
      <thead>
        <tr>
          <th title={`All numbers are of ${trials}`}>{judgedBy(report) === 'test' ? 'Test trials' : 'Validation'}</th>
          {shown.map(({ key, title, of }) => (
            <th className="n" key={key} title={`${of}; ${trials}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([id, title, row], k) => (
          <tr key={k === 0 ? 'fit' : id}>
            <td className="s" title={title}>
              {title}
            </td>
            {shown.map(({ key, of }) => (
              <td
                className="n"
                key={key}
                data-score={`${id} ${key}`}
                title={row[key] === undefined ? undefined : `${title}: ${score(row[key])}, ${of}; ${trials}`}
              >
                {score(row[key])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
