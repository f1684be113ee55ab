// The modes of the picked point: eigenvalue, time constant, frequency, and whether each decays; the picked one has its ring in the plane.

import type { ReactNode } from 'react';
import { numberText } from '../../../src-worker/scene/axes.ts';
import { pickMode } from '../../state/dynamics.ts';
import { useDynamics } from '../../state/dynamics-state.ts';
import { useStore } from '../../state/store.ts';
import { RowsTable, type RowsColumn } from '../../ui/RowsTable.tsx';
import { hzText, msText, placeOf } from './words.ts';

export function ModesTable({ title }: { readonly title: ReactNode }) {
  const { report, mode } = useDynamics();
  const point = useStore((state) => state.selection.point);
  const place = report ? Math.max(0, placeOf(report, point)) : 0;
  const modes = report?.modes[place] ?? [];
  const isMap = report?.kind === 'map';
  // An equation's eigenvalues are per ms inside and per s for people.
  const scale = isMap ? 1 : 1000;
  const columns: readonly RowsColumn[] = [
    { id: 'mode', title: 'Mode', width: 62, cell: (k) => k + 1, order: (k) => k },
    { id: 'verdict', title: '', isUntitled: true, cell: (k) => `${modes[k]!.verdict}${modes[k]!.im > 0 ? ', a pair' : ''}` },
    {
      id: 'eigenvalue',
      title: isMap ? 'λ' : 'λ, 1/s',
      width: 128,
      isNumeric: true,
      cell: (k) =>
        `${numberText(scale * modes[k]!.re, isMap ? 4 : 2)}${modes[k]!.im > 0 ? ` ± ${numberText(scale * modes[k]!.im, isMap ? 4 : 2)} i` : ''}`,
    },
    ...(isMap
      ? [
          {
            id: 'size',
            title: '|λ|',
            width: 70,
            isNumeric: true,
            cell: (k: number) => numberText(Math.hypot(modes[k]!.re, modes[k]!.im), 4),
          },
        ]
      : []),
    { id: 'ms', title: 'By e in, ms', width: 88, isNumeric: true, cell: (k) => msText(modes[k]!.timeMs), order: (k) => modes[k]!.timeMs },
    { id: 'hz', title: 'Hz', width: 62, isNumeric: true, cell: (k) => hzText(modes[k]!.frequencyHz), order: (k) => modes[k]!.frequencyHz },
  ];
  return (
    <section className="panel bt" aria-label="Modes">
      <div className="head">
        {title}
        <span className="sub">
          {modes.length > 0 &&
            `point ${(report?.places[place] ?? 0) + 1}; ${modes.length} modes, the least stable first, a pair once; time to fall or grow by e`}
        </span>
      </div>
      {modes.length > 0 ? (
        <RowsTable
          label="Modes"
          columns={columns}
          rows={[...modes.keys()]}
          picked={Math.min(mode, modes.length - 1)}
          isOff={() => false}
          onPick={pickMode}
        />
      ) : (
        <p className="t3 pad fill">They come with the points</p>
      )}
    </section>
  );
}
