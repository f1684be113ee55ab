// The true system's points and those of this fit and of other seeds beside them: what each has where a true point is, and how far apart.

import { type ReactNode, useState } from 'react';
import type { PointsReport, TruePointBeside } from '../../../src-worker/contract/points.ts';
import type { RunRecord } from '../../../src-worker/contract/run.ts';
import { asFailure } from '../../../src-worker/contract/rpc.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { host } from '../../state/connection.ts';
import { searchSettings, useDynamics } from '../../state/dynamics-state.ts';
import { useStore } from '../../state/store.ts';
import { counted } from '../../ui/format.ts';
import { SignMark } from './SignMark.tsx';
import { heldText, hzText, msText, placeOf, signOf } from './words.ts';

const MOST_SEEDS = 4;

export function TruthTable({ title }: { readonly title: ReactNode }) {
  const state = useDynamics();
  const { project, run } = useStore();
  const catalogue = useStore((store) => store.catalogue);
  const [others, setOthers] = useState<Readonly<Record<string, PointsReport | string>>>({});
  const [isGoing, setGoing] = useState(false);
  const { report } = state;
  const truth = report?.truth;
  if (!report || !truth || !run || !project) return <section className="panel bt" aria-label="Beside the truth" />;
  const siblings = project.runs
    .filter(
      ({ id, model, dataset, seed, state: at }) =>
        id !== run.id && model === run.model && dataset === run.dataset && seed !== run.seed && at === 'finished',
    )
    .slice(0, MOST_SEEDS);
  const settings = searchSettings(state);
  const key = (record: RunRecord): string => `${record.id} ${JSON.stringify(settings)}`;
  const missing = siblings.filter((record) => others[key(record)] === undefined);
  const name = (record: RunRecord): string =>
    `${catalogue?.models.find(({ id }) => id === record.model)?.title ?? record.model}, seed ${record.seed}`;
  const searchSeeds = async (): Promise<void> => {
    setGoing(true);
    for (const record of missing) {
      const found = await host
        .points({ project: project.path, run: record.id, settings }, 'dynamics seeds')
        .catch((error: unknown) => asFailure(error).sentence);
      setOthers((before) => ({ ...before, [key(record)]: found }));
    }
    setGoing(false);
  };
  const compared = siblings.flatMap((record) => {
    const found = others[key(record)];
    return found === undefined ? [] : [{ record, found }];
  });
  const said = verdict(truth, [report, ...compared.flatMap(({ found }) => (typeof found === 'string' ? [] : [found]))]);
  return (
    <section className="panel bt truth" aria-label="Beside the truth">
      <div className="head">
        {title}
        <span className="sub">{heldText(report)}; apart: rms log rate over units</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="True points and those of fits">
        <table>
          <thead>
            <tr>
              <th className="who">
                <span className="unseen">System</span>
              </th>
              {truth.map((point) => [
                <th key={point.name}>
                  {capital(point.name)}, {point.frequencyHz > 0.005 ? 'Hz, ms' : 'ms'}
                </th>,
                <th key={`${point.name} apart`} className="n">
                  apart
                </th>,
              ])}
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>True system</td>
              {truth.map((point) => (
                <td key={point.name} colSpan={2}>
                  <SignMark sign={point.unstable > 0 ? 'half' : 'dot'} isSmall /> {timesText(point.frequencyHz, point.timeMs)}
                </td>
              ))}
            </tr>
            <Row name={name(run)} report={report} isPicked />
            {compared.map(({ record, found }) =>
              typeof found === 'string' ? (
                <tr key={record.id}>
                  <td>{name(record)}</td>
                  <td colSpan={2 * truth.length} className="t3">
                    {found}
                  </td>
                </tr>
              ) : (
                <Row key={record.id} name={name(record)} report={found} />
              ),
            )}
          </tbody>
        </table>
      </section>
      <div className="tablefoot">
        <span className="long" title={said}>
          {said}
        </span>
        {missing.length > 0 && (
          <button type="button" className="link" disabled={isGoing} onClick={searchSeeds}>
            {isGoing ? 'Searching…' : `Search ${counted(missing.length, 'other seed')}`}
          </button>
        )}
      </div>
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const timesText = (hz: number, ms: number): string => (hz > 0.005 ? `${hzText(hz)}, ${msText(ms)}` : msText(ms));

/** True points to which no other true point is nearer from the same point of the fit. */
export const ownPoints = (truth: readonly TruePointBeside[]): ReadonlySet<string> =>
  new Set(
    truth
      .filter(
        ({ nearest, name }) =>
          nearest &&
          !truth.some((other) => other.name !== name && other.nearest?.point === nearest.point && other.nearest.apart < nearest.apart),
      )
      .map(({ name }) => name),
  );

function Row({ name, report, isPicked = false }: { readonly name: string; readonly report: PointsReport; readonly isPicked?: boolean }) {
  const truth = report.truth ?? [];
  const own = ownPoints(truth);
  return (
    <tr className={isPicked ? 'on' : ''}>
      <td title={name}>{name}</td>
      {truth.map(({ name: which, nearest }) => {
        const place = nearest && own.has(which) ? placeOf(report, nearest.point) : -1;
        const [found, slowest] = [report.points[place], report.modes[place]?.[0]];
        if (!found || !slowest || !nearest)
          return (
            <td key={which} colSpan={2} className="t3">
              none
            </td>
          );
        return [
          <td key={which}>
            <SignMark sign={signOf(found)} isSmall />{' '}
            {slowest.verdict === 'undecided' ? 'at the border' : timesText(slowest.frequencyHz, slowest.timeMs)}
          </td>,
          <td key={`${which} apart`} className="n" title="Apart, rms log rate over units">
            {numberText(nearest.apart, 2)}
          </td>,
        ];
      })}
    </tr>
  );
}

/** What the seeds agree on. */
function verdict(truth: readonly TruePointBeside[], reports: readonly PointsReport[]): string {
  const parts = truth.map(({ name }) => {
    const apart = reports.flatMap((report) => {
      const found = report.truth?.find((point) => point.name === name);
      return found?.nearest && ownPoints(report.truth ?? []).has(name) ? [found.nearest.apart] : [];
    });
    if (apart.length === 0) return `no point at ${name}`;
    const [least, most] = [Math.min(...apart), Math.max(...apart)];
    const range = least === most ? numberText(least, 2) : `${numberText(least, 2)} to ${numberText(most, 2)}`;
    return `${name} ${range} apart${reports.length > 1 ? ` in ${apart.length} of ${reports.length}` : ''}`;
  });
  return `${reports.length > 1 ? `${reports.length} seeds: ` : ''}${parts.join('; ')}`;
}
