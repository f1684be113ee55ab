// Currents between few regions as a table: rows receive, columns send, and at each row's end the shares of what comes in. A cell is picked by
// click or arrow keys, and opened alone by a double click or Enter.

import type { KeyboardEvent } from 'react';
import type { CurrentRegion } from '../../../src-worker/contract/currents.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import type { Mark, Scene } from '../../../src-worker/scene/scene.ts';
import type { Style } from '../../../src-worker/scene/style.ts';
import { isBeside, isSamePair, pairName } from '../../state/pairs.ts';
import { pickPair } from '../../state/selection.ts';
import type { Selection } from '../../state/store.ts';
import { counted } from '../../ui/format.ts';
import { px } from '../../ui/letters.ts';
import { Picture } from './Cell.tsx';

/** What of a pair is shown, one picture above the other. */
export type Shown = readonly ('size' | 'component' | 'mean' | 'units')[];

export type PickedPair = NonNullable<Selection['pair']>;

/** What is shown of several pairs, one picture above the other. */
const COMPARED = ['size', 'mean'] as const;

/** Currents whole, or what excites and what inhibits in them. */
export type Split = 'none' | 'parts';

const labels: Readonly<Record<Shown[number], Readonly<Record<Split, string | undefined>>>> = {
  size: { none: 'size, rms over units', parts: 'size, rms over units' },
  component: { none: undefined, parts: 'first component; dashed, inhibitory' },
  mean: { none: 'mean, signed', parts: 'mean, signed, with its parts' },
  units: { none: 'mean into each unit, by peak', parts: 'mean into each unit, by peak' },
};

/** Hz stands in the head of the panel, names of lines in its caption. */
const unnamed = (scene: Scene): Scene => ({
  ...scene,
  y: { ...scene.y, label: '', unit: '' },
  marks: scene.marks.map(withoutWords),
});

function withoutWords(mark: Mark): Mark {
  if (mark.kind === 'line') {
    const { label: _label, legend: _legend, ...line } = mark;
    return line;
  }
  if (mark.kind !== 'band') return mark;
  const { legend: _, ...band } = mark;
  return band;
}

const styleOf = (left: number, namesEvents: boolean, hasTimeAxis: boolean): Partial<Style> => ({
  ownsConditions: true,
  shared: { left, right: px(12), namesEvents, hasTimeAxis },
});
// The same objects from one drawing to the next.
const stylesFrom = (left: number) => [false, true].map((events) => [false, true].map((time) => styleOf(left, events, time)));
const [inGrid, alone] = [stylesFrom(px(38)), stylesFrom(px(58))];

/** The pair that an arrow key leads to, from one of a table of regions; undefined for other keys and at the rim. */
export function pairBeside(names: readonly string[], [into, from]: PickedPair, key: string): PickedPair | undefined {
  const [row, column] = [names.indexOf(into), names.indexOf(from)];
  const by = ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] } as const)[key];
  const [to, of] = by ? [names[row + by[0]!], names[column + by[1]!]] : [];
  return to !== undefined && of !== undefined ? [to, of] : undefined;
}

interface Props {
  readonly regions: readonly CurrentRegion[];
  readonly show: Shown;
  readonly split: Split;
  readonly pairs: readonly PickedPair[];
  readonly onOpen: () => void;
}

export function PairGrid({ regions, show, split, pairs, onOpen }: Props) {
  const count = regions.length;
  const names = regions.map(({ name }) => name);
  const newest = pairs.at(-1);
  const onKey = (event: KeyboardEvent<HTMLTableCellElement>, into: string, from: string): void => {
    if (event.target !== event.currentTarget) return;
    const next =
      pairBeside(names, [into, from], event.key) ?? (event.key === 'Enter' || event.key === ' ' ? ([into, from] as const) : undefined);
    if (!next) return;
    event.preventDefault();
    pickPair(next, isBeside(event));
    if (event.key === 'Enter') onOpen();
    const cells = event.currentTarget.closest('table')?.querySelectorAll<HTMLElement>('td[data-into]') ?? [];
    [...cells].find(({ dataset }) => dataset.into === next[0] && dataset.from === next[1])?.focus();
  };
  return (
    <table
      className="pairs"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: cells are picked, so the table is a grid
      role="grid"
      aria-multiselectable
      aria-label="Pairs of areas: rows receive, columns send"
      style={{
        gridTemplateColumns: `${px(22)}px repeat(${count}, minmax(0, 1fr)) minmax(${px(112)}px, ${px(148)}px)`,
        // The lowest row holds the time axis too.
        gridTemplateRows: `${px(24)}px repeat(${count - 1}, minmax(0, 1fr)) minmax(0, ${1 + 0.22 / show.length}fr)`,
      }}
    >
      <thead>
        <tr>
          <td />
          {regions.map(({ name, units }) => (
            <th key={name} scope="col" className="from">
              <b>from {name}</b> {counted(units, 'unit')}
            </th>
          ))}
          <th scope="col" className="from share">
            <b>Share of size</b>
          </th>
        </tr>
      </thead>
      <tbody>
        {names.map((into, row) => (
          <tr key={into}>
            <th scope="row" className="into">
              <b>into {into}</b>
            </th>
            {names.map((from, column) => {
              const isOn = pairs.some((pair) => isSamePair(pair, [into, from]));
              return (
                // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid
                <td
                  key={from}
                  className={isOn ? 'pair-cell on' : 'pair-cell'}
                  aria-selected={isOn}
                  tabIndex={isSamePair([into, from], newest) || (!newest && row === 0 && column === 0) ? 0 : -1}
                  data-into={into}
                  data-from={from}
                  onClick={(event) => pickPair([into, from], isBeside(event))}
                  onDoubleClick={onOpen}
                  onKeyDown={(event) => onKey(event, into, from)}
                >
                  <span className="unseen">
                    {into} from {from}
                  </span>
                  <PairPictures
                    show={show}
                    split={split}
                    pair={[into, from]}
                    styleAt={(place) => inGrid[Number(row === 0 && place === 0)]![Number(row === count - 1 && place === show.length - 1)]!}
                    isBare
                  />
                </td>
              );
            })}
            <td className="share-cell">
              <Picture view="currents" settings={settingsOf({ show: 'row', into })} label="seeds; grey, shuffled" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A pair with room to itself. */
export const PairAlone = ({ show, split, pair }: { readonly show: Shown; readonly split: Split; readonly pair: PickedPair }) => (
  <div className="pair-cell">
    <PairPictures
      show={show}
      split={split}
      pair={pair}
      styleAt={(place) => alone[Number(place === 0)]![Number(place === show.length - 1)]!}
      isBare={false}
    />
  </div>
);

/** Several pairs in one picture: their sizes, and their signed means. */
export const PairsCompared = ({ pairs }: { readonly pairs: readonly PickedPair[] }) => (
  <div className="pair-cell">
    {COMPARED.map((show, place) => (
      <Picture
        key={show}
        view="currents"
        title={show === 'size' ? 'Sizes' : 'Means'}
        settings={settingsOf({ show, pairs: pairs.map(pairName) })}
        style={alone[Number(place === 0)]![Number(place === COMPARED.length - 1)]!}
      />
    ))}
  </div>
);

interface PairProps {
  readonly show: Shown;
  readonly split: Split;
  readonly pair: PickedPair;
  readonly styleAt: (place: number) => Partial<Style>;
  /** What it would say of itself stands about it. */
  readonly isBare: boolean;
}

const PairPictures = ({ show, split, pair: [into, from], styleAt, isBare }: PairProps) =>
  show.map((what, place) => {
    const label = labels[what][split];
    return (
      <Picture
        key={what}
        view="currents"
        settings={settingsOf({ show: what, into, from, ...(split === 'none' || what === 'units' ? {} : { split }) })}
        style={styleAt(place)}
        {...(label ? { label } : {})}
        {...(isBare ? { as: unnamed } : { title: `${into} from ${from}` })}
      />
    );
  });

/** The same object for the same pair, so that nothing is asked for twice. */
const known = new Map<string, Settings>();
function settingsOf(of: Settings): Settings {
  const key = JSON.stringify(of);
  const settings = known.get(key) ?? of;
  known.set(key, settings);
  return settings;
}
