// Fits of several seeds beside the one in view: spread of every score, the score of their rates averaged, how far their latents agree.

import type { EnsembleReport, RunRecord, Scores } from '../../../src-worker/contract/run.ts';
import { showRun } from '../../state/fits.ts';
import { host } from '../../state/connection.ts';
import { useStore } from '../../state/store.ts';
import { count, score } from '../../ui/format.ts';
import { Info } from '../../ui/Trouble.tsx';
import { useAsked } from '../recording/use-asked.ts';
import { Readings } from './Readings.tsx';
import { trialsOf } from './quality.ts';
import { FailureInfo } from '../FailureInfo.tsx';

const scores: readonly (readonly [keyof Scores, string])[] = [
  ['coBitsPerSpike', 'co-bps'],
  ['bitsPerSpike', 'bits/spike'],
  ['r2Truth', 'R² truth'],
  ['r2Behavior', 'R² behav.'],
];

/** Names of what is compared, in words. */
const wordsOf = (name: string): string =>
  name.replace('WithinConditions', ', within conditions').replace(/^./, (first) => first.toUpperCase());

/** 'inputShare' is 'Input share'. */
const metricWords = (name: string): string =>
  name
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase());

export function Ensemble({ members, run }: { readonly members: readonly RunRecord[]; readonly run: RunRecord }) {
  const project = useStore((state) => state.project?.path);
  const ids = members.map(({ id }) => id);
  const key = project === undefined ? undefined : JSON.stringify([project, ids]);
  const { value, failure, isWaiting } = useAsked('ensemble', key, (job) => host.ensemble({ project: project!, runs: ids }, job));
  return (
    <>
      <p className="t2 members">
        Seeds{' '}
        {members.map(({ id, seed }) => (
          <button key={id} type="button" className="link" aria-pressed={id === run.id} onClick={() => showRun(id)}>
            {seed}
          </button>
        ))}
      </p>
      {failure && <FailureInfo failure={failure} />}
      {!value && !failure && <p className="t3">{isWaiting ? 'Comparing the fits…' : ''}</p>}
      {value && <Told of={value} run={run} />}
    </>
  );
}

function Told({ of: report, run }: { readonly of: EnsembleReport; readonly run: RunRecord }) {
  const trials = run.report ? trialsOf(run.report) : 'validation trials';
  const shown = scores.filter(([name]) => report.metrics[name] || report.averaged[name] !== undefined);
  const others = Object.entries(report.metrics).filter(([name]) => !scores.some(([known]) => known === name));
  return (
    <>
      <table className="scores ensemble" aria-label="Scores of the ensemble">
        <thead>
          <tr>
            <th title={`All numbers are of ${trials}`}>{trials.replace(/^[\d,]+ /, '').replace(/^./, (first) => first.toUpperCase())}</th>
            <th className="n" title="The fit in view">
              this fit
            </th>
            <th className="n" title="Mean over seeds ± standard deviation">
              mean ± s.d.
            </th>
            <th className="n" title="Rates averaged over seeds, then scored">
              averaged
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(([name, title]) => {
            const spread = report.metrics[name];
            return (
              <tr key={name}>
                <td className="s">{title}</td>
                <td className="n">{score(run.report?.[name])}</td>
                <td
                  className="n"
                  data-ensemble={name}
                  title={spread && `From ${score(spread.min)} to ${score(spread.max)} over ${count(report.seeds.length)} seeds, ${trials}`}
                >
                  {spread ? `${score(spread.mean)} ± ${score(spread.sd)}` : '–'}
                </td>
                <td className="n">{score(report.averaged[name])}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <table className="scores ensemble" aria-label="Agreement of the fits">
        <thead>
          <tr>
            <th title="R² of one fit's as a linear map of another's; rates are compared as they are">Agreement, R²</th>
            <th className="n">mean of pairs</th>
            <th className="n">least</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(report.agreement).map(([name, { mean, least }]) => (
            <tr key={name}>
              <td className="s" title={wordsOf(name)}>
                {wordsOf(name)}
              </td>
              <td className="n" data-agreement={name}>
                {score(mean)}
              </td>
              <td className="n">{score(least)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Readings of={report.readings} />
      {others.length > 0 && (
        <details>
          <summary>Other numbers, mean ± s.d.</summary>
          <table className="scores ensemble">
            <tbody>
              {others.map(([name, { mean, sd }]) => (
                <tr key={name}>
                  <td title={name}>{metricWords(name)}</td>
                  <td className="n">{`${score(mean)} ± ${score(sd)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <Info text={`The pictures are of seed ${run.seed} alone`} />
    </>
  );
}
