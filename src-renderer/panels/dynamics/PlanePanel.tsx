// The eigenvalues of the picked point in the complex plane, and beneath it the same by time constant, the undecided in its middle.

import type { PointMode } from '../../../src-worker/contract/points.ts';
import { pickMode, pickPoint } from '../../state/dynamics.ts';
import { useDynamics } from '../../state/dynamics-state.ts';
import { get, useStore } from '../../state/store.ts';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { ToFigure } from '../ViewPanel.tsx';
import { searchSettings } from '../../state/dynamics-state.ts';
import { modeText, placeOf } from './words.ts';

export function PlanePanel() {
  const state = useDynamics();
  const { report, plane, mode } = state;
  const point = useStore((store) => store.selection.point);
  const shown = Math.max(0, report ? placeOf(report, point) : 0);
  const modes = report?.modes[shown] ?? [];
  const picked = modes[Math.min(mode, modes.length - 1)];
  const settings = { point: (report?.places[shown] ?? 0) + 1, mode: mode + 1 };
  return (
    <section className="panel" data-view="eigenvalues" aria-label="Eigenvalues">
      <div className="head">
        <h2>Eigenvalues</h2>
        <span className="sub" title={picked && modeText(picked)}>
          {picked && report && `point ${(report.places[shown] ?? 0) + 1}: ${modeText(picked)}`}
        </span>
        <div className="right">
          <ToFigure view="eigenvalues" settings={settings} analysis={searchSettings(state)} {...(state.held ? { held: state.held } : {})} />
        </div>
      </div>
      {plane && modes.length > 0 ? (
        <>
          <PlaneStage
            scene={plane}
            onPick={(datum) => {
              if (datum.point === undefined) return;
              if (datum.point !== get().selection.point) pickPoint(datum.point);
              if (datum.mode !== undefined) pickMode(datum.mode);
            }}
          />
          <Strip modes={modes} picked={mode} />
        </>
      ) : (
        <p className="t3 pad fill">{report ? 'No point, no eigenvalues' : 'They come with the points'}</p>
      )}
    </section>
  );
}

const FIRST_MS = 1;
const LAST_MS = 1e5;
const HEIGHT = 46;
const WIDTH = 240;
/** Where on the strip the border is. */
const MIDDLE = 0.58;
const BAND = 5;

const share = (ms: number): number =>
  (Math.log10(Math.min(LAST_MS, Math.max(FIRST_MS, ms))) - Math.log10(FIRST_MS)) / (Math.log10(LAST_MS) - Math.log10(FIRST_MS));

/** From fast decay at the left over the border to fast growth at the right. */
function Strip({ modes, picked }: { readonly modes: readonly PointMode[]; readonly picked: number }) {
  const [left, right, top] = [8, WIDTH - 8, 16];
  const middle = left + MIDDLE * (right - left);
  const at = ({ timeMs, verdict }: PointMode): number =>
    verdict === 'undecided'
      ? middle
      : verdict === 'decays'
        ? left + (middle - BAND - left) * share(timeMs)
        : right - (right - middle - BAND) * share(timeMs);
  const counted = (verdict: PointMode['verdict']) => modes.filter((mode) => mode.verdict === verdict).length;
  return (
    <svg
      className="strip"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${counted('decays')} modes decay, ${counted('grows')} grow, ${counted('undecided')} are undecided`}
    >
      <rect x={left} y={top - 4} width={right - left} height={14} className="rim" />
      <rect x={middle - BAND} y={top - 4} width={2 * BAND} height={14} className="band" />
      <path d={`M${middle} ${top - 4}v14`} className="border" />
      {modes.map((mode, index) => (
        <path key={index} d={`M${at(mode).toFixed(1)} ${top - 2}v10`} className={index === picked ? 'picked' : 'mode'} />
      ))}
      <text x={left} y={9}>
        decays
      </text>
      <text x={middle} y={9} className="mid">
        undecided
      </text>
      <text x={right} y={9} className="end">
        grows
      </text>
      {[10, 1000].map((ms) => (
        <text key={ms} x={left + (middle - BAND - left) * share(ms)} y={top + 23} className="mid">
          {ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}
        </text>
      ))}
      <text x={right - (right - middle - BAND) * share(100)} y={top + 23} className="mid">
        100 ms
      </text>
    </svg>
  );
}
