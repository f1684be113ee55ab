// The list of points: sign, kind, stability with its margin, slowest mode, starts, distance; and what the search says of itself.

import { useMediaQuery } from '@mantine/hooks';
import type { FixedPoint } from '../../../src-worker/contract/fixed-points.ts';
import type { PointsReport } from '../../../src-worker/contract/points.ts';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { pickPoint, searchHere, stopSearch } from '../../state/dynamics.ts';
import { useDynamics } from '../../state/dynamics-state.ts';
import { backToSearch } from '../../state/held-input.ts';
import { useWords } from '../../state/spoken.ts';
import { exportPoints } from '../../state/writing.ts';
import { useStore } from '../../state/store.ts';
import { count, counted } from '../../ui/format.ts';
import { RowsTable, type RowsColumn } from '../../ui/RowsTable.tsx';
import { SignMark } from './SignMark.tsx';
import { heldText, hzText, isFar, kindText, marginText, signOf, slowestText, stabilityText, unstableText } from './words.ts';
import { FailureInfo } from '../FailureInfo.tsx';

export function PointsPanel() {
  const { report, search, failure } = useDynamics();
  const isNarrow = useMediaQuery('(max-width: 1200px)');
  const picked = useStore((state) => state.selection.point);
  return (
    <section className="panel points" aria-label="Points" aria-busy={search !== undefined}>
      <div className="head">
        <h2>Points</h2>
        <span className="sub">
          {report && [heldText(report), ...stepText(report), ...(isNarrow ? [] : ['distance: × spacing of visited states'])].join('; ')}
        </span>
        {report && !report.isFollowed && (
          <span className="right">
            {(['csv', 'h5'] as const).map((extension) => (
              <button
                type="button"
                key={extension}
                className="link"
                title={extension === 'csv' ? 'A table of the points' : 'Points, eigenvalues and vectors as arrays'}
                onClick={() => exportPoints(extension)}
              >
                {extension === 'csv' ? 'CSV' : 'HDF5'}
              </button>
            ))}
          </span>
        )}
      </div>
      {search && <progress className="going" max={1} value={search.done} aria-label="Search" />}
      {report ? (
        <Table report={report} picked={picked} />
      ) : failure ? (
        <div className="pad fill">
          {failure.code === 'cancelled' ? (
            <p className="t2">The search was stopped. What was found so far is not kept</p>
          ) : (
            <FailureInfo failure={failure} />
          )}
        </div>
      ) : (
        <p className="t3 pad fill">{search ? 'Searching from visited states and beyond them' : 'On its way…'}</p>
      )}
      <Foot />
    </section>
  );
}

const stepText = ({ stepMs }: PointsReport): readonly string[] => (stepMs === undefined ? [] : [`${numberText(stepMs)} ms steps`]);

/** What differs in a narrow window, where the kind of a point stands with its stability. */
const narrower: Readonly<Record<string, Partial<RowsColumn>>> = {
  point: { width: 52 },
  margin: { width: 52 },
  unstable: { width: 40, title: 'Unst.', about: 'Number of unstable modes' },
  slowest: { width: 60, title: 'Slow., ms', about: 'Slowest mode, ms' },
  hz: { width: 38 },
  starts: { width: 42 },
  distance: { width: 58, title: 'Dist., ×', about: 'Distance, × spacing of visited states' },
};

function Table({ report, picked }: { readonly report: PointsReport; readonly picked: number | undefined }) {
  const of = (place: number): FixedPoint => report.points[report.places.indexOf(place)]!;
  const slowest = (place: number) => report.modes[report.places.indexOf(place)]?.[0];
  const isNarrow = useMediaQuery('(max-width: 1200px)');
  const all: readonly RowsColumn[] = [
    {
      id: 'point',
      title: 'Point',
      width: 52,
      cell: (place) => (
        <span className="sign">
          <SignMark sign={signOf(of(place))} isMute={isFar(of(place))} isSmall={of(place).kind !== 'fixed'} /> {place + 1}
        </span>
      ),
      order: (place) => place,
    },
    { id: 'kind', title: 'Kind', width: 46, cell: (place) => of(place).kind, order: (place) => of(place).kind },
    { id: 'stability', title: 'Stability', cell: (place) => stabilityText(of(place)), order: (place) => of(place).stability },
    {
      id: 'margin',
      title: 'Margin',
      width: 56,
      isNumeric: true,
      cell: (place) => marginText(of(place).margin),
      order: (place) => of(place).margin,
    },
    {
      id: 'unstable',
      title: 'Unstable',
      width: 66,
      isNumeric: true,
      cell: (place) => unstableText(of(place)),
      order: (place) => Number([of(place).unstable].flat()[0]),
    },
    {
      id: 'slowest',
      title: 'Slowest, ms',
      width: 76,
      isNumeric: true,
      cell: (place) => slowestText(slowest(place)),
      order: (place) => slowest(place)?.timeMs ?? Number.NaN,
    },
    {
      id: 'hz',
      title: 'Hz',
      width: 46,
      isNumeric: true,
      cell: (place) => hzText(slowest(place)?.frequencyHz ?? 0),
      order: (place) => slowest(place)?.frequencyHz ?? 0,
    },
    {
      id: 'starts',
      title: `of ${count(report.starts)}`,
      width: 50,
      isNumeric: true,
      cell: (place) => count(of(place).starts),
      order: (place) => -of(place).starts,
    },
    {
      id: 'distance',
      title: 'Distance, ×',
      width: 82,
      isNumeric: true,
      cell: (place) => (of(place).distance === undefined ? '–' : numberText(of(place).distance!, 1)),
      order: (place) => of(place).distance ?? Number.NaN,
    },
  ];
  const columns = isNarrow
    ? all
        .filter(({ id }) => id !== 'kind')
        .map((column) =>
          column.id === 'stability'
            ? { ...column, cell: (place: number) => <span title={kindText(of(place))}>{kindText(of(place))}</span> }
            : { ...column, ...narrower[column.id] },
        )
    : all;
  if (report.points.length === 0)
    return (
      <p className="t2 pad fill">
        No fixed or slow point was found from {counted(report.starts, 'start')}. Hold another input, or search from more starts
      </p>
    );
  return (
    <RowsTable
      label="Points"
      columns={columns}
      rows={report.places}
      picked={picked}
      isOff={(place) => isFar(of(place))}
      onPick={pickPoint}
    />
  );
}

/** What the search found and may have missed; where points were followed, what became of it. */
function Foot() {
  const { report, search, searched, failure, held } = useDynamics();
  const notes = useWords()(report?.notes.join(' ') ?? '');
  if (search)
    return (
      <div className="tablefoot">
        <span role="status">
          {search.doing}, {Math.round(100 * search.done)} %
        </span>
        <button type="button" className="link" onClick={() => stopSearch()}>
          Stop
        </button>
      </div>
    );
  if (failure)
    return (
      <div className="tablefoot">
        <span className="t3">{failure.code === 'cancelled' ? 'Stopped' : 'Nothing found'}</span>
        <button type="button" className="link" onClick={searchHere}>
          Search again
        </button>
      </div>
    );
  if (!report || !searched) return <div className="tablefoot" />;
  if (report.isFollowed && held)
    return (
      <div className="tablefoot">
        <span className="long" title={notes}>
          <b>Followed</b> from {heldText(searched)}. {notes}
        </span>
        <button type="button" className="link" onClick={backToSearch}>
          Back
        </button>
        <button type="button" className="btn go" title="Search at this input (Ctrl Enter)" onClick={searchHere}>
          Search here
        </button>
      </div>
    );
  return (
    <div className="tablefoot">
      <span className="long" title={notes}>
        <b>{count(report.starts)} starts:</b> {tally(report)}
      </span>
    </div>
  );
}

function tally(report: PointsReport): string {
  const of = (kind: FixedPoint['kind']) => report.points.filter((point) => point.kind === kind).length;
  const nowhere = report.notConverged;
  const missed = report.missedEstimate;
  return [
    `${of('fixed')} fixed, ${of('slow')} slow${of('continuum') > 0 ? ', a continuum' : ''}${of('undecided') > 0 ? `, ${of('undecided')} undecided` : ''}`,
    ...(nowhere > 0 ? [`${counted(nowhere, 'start')} at no point`] : []),
    ...(missed === undefined ? [] : [missed < 0.5 ? 'no sign of more' : `about ${Math.round(missed)} missed`]),
    ...(report.coverage === undefined ? [] : [`coverage ${numberText(100 * report.coverage, 1)} %`]),
    `${numberText(report.seconds, 1)} s`,
  ].join('; ');
}
