// Currents between few regions as a table: rows receive, columns send, and at each row's end the shares of what comes in.

import type { CurrentRegion } from '../../../src-worker/contract/currents.ts';
import type { Scene } from '../../../src-worker/scene/scene.ts';
import type { Style } from '../../../src-worker/scene/style.ts';
import { counted } from '../../ui/format.ts';
import { px } from '../../ui/letters.ts';
import { Picture } from './Cell.tsx';

/** What of a pair is shown, one picture above the other. */
export type Shown = readonly ('size' | 'component' | 'mean' | 'units')[];

const labels: Readonly<Record<Shown[number], string | undefined>> = {
  size: 'size, rms over units',
  component: undefined,
  mean: 'mean, signed, with its parts',
  units: 'mean into each unit, by peak',
};

/** Hz stands in the head of the panel. */
const unnamed = (scene: Scene): Scene => ({ ...scene, y: { ...scene.y, label: '', unit: '' } });

const styleOf = (namesEvents: boolean, hasTimeAxis: boolean): Partial<Style> => ({
  ownsConditions: true,
  shared: { left: px(38), right: px(12), namesEvents, hasTimeAxis },
});
// The same objects from one drawing to the next.
const styles = [false, true].map((events) => [false, true].map((time) => styleOf(events, time)));

interface Props {
  readonly regions: readonly CurrentRegion[];
  readonly show: Shown;
}

export function PairGrid({ regions, show }: Props) {
  const count = regions.length;
  return (
    <div
      className="pairs"
      style={{
        gridTemplateColumns: `${px(22)}px repeat(${count}, minmax(0, 1fr)) minmax(${px(112)}px, ${px(148)}px)`,
        // The lowest row holds the time axis too.
        gridTemplateRows: `${px(24)}px repeat(${count - 1}, minmax(0, 1fr)) minmax(0, ${1 + 0.22 / show.length}fr)`,
      }}
    >
      <span />
      {regions.map(({ name, units }) => (
        <h3 key={name} className="from">
          <b>from {name}</b> {counted(units, 'unit')}
        </h3>
      ))}
      <h3 className="from">
        <b>Share of size</b>
      </h3>
      {regions.map((into, row) => (
        <Row key={into.name} into={into.name} regions={regions} show={show} row={row} />
      ))}
    </div>
  );
}

function Row({ into, regions, show, row }: Props & { readonly into: string; readonly row: number }) {
  const isLast = row === regions.length - 1;
  return (
    <>
      <h3 className="into">
        <b>into {into}</b>
      </h3>
      {regions.map(({ name: from }) => (
        <div key={from} className="pair-cell">
          {show.map((what, place) => (
            <PairPicture
              key={what}
              what={what}
              into={into}
              from={from}
              style={styles[Number(row === 0 && place === 0)]![Number(isLast && place === show.length - 1)]!}
            />
          ))}
        </div>
      ))}
      <ShareRow into={into} />
    </>
  );
}

interface PairProps {
  readonly what: Shown[number];
  readonly into: string;
  readonly from: string;
  readonly style?: Partial<Style>;
}

export function PairPicture({ what, into, from, style }: PairProps) {
  const label = labels[what];
  return (
    <Picture
      view="currents"
      settings={settingsOf(what, into, from)}
      {...(label ? { label } : {})}
      {...(style ? { style, as: unnamed } : { title: `${from} into ${into}` })}
    />
  );
}

/** The same object for the same pair, so that nothing is asked for twice. */
const known = new Map<string, Readonly<Record<string, string>>>();
function settingsOf(show: string, into: string, from: string): Readonly<Record<string, string>> {
  const key = JSON.stringify([show, into, from]);
  const settings = known.get(key) ?? { show, into, ...(from === '' ? {} : { from }) };
  known.set(key, settings);
  return settings;
}

const ShareRow = ({ into }: { readonly into: string }) => (
  <Picture view="currents" settings={settingsOf('row', into, '')} label="seeds; grey, shuffled" />
);
