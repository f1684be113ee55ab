// The picked unit: raster and PSTH about any event, grouped by condition, over one time axis.

import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { followed } from '../../../src-worker/scene/follow.ts';
import type { RecordingSummary } from '../../../src-worker/contract/recording.ts';
import type { Settings } from '../../../src-worker/contract/params.ts';
import type { Mark, Scene } from '../../../src-worker/scene/scene.ts';
import type { Style } from '../../../src-worker/scene/style.ts';
import { offersOf, trialTable } from '../../forms/offers.ts';
import { ConditionKey } from '../../stage/ConditionKey.tsx';
import { PlaneStage } from '../../stage/PlaneStage.tsx';
import { hasEvents, useLook } from '../../state/look.ts';
import { followOf } from '../../state/selection.ts';
import { useStore } from '../../state/store.ts';
import { count, counted, valueText } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { type Answer, useDataScene } from './use-asked.ts';
import { FailureInfo } from '../FailureInfo.tsx';

const MARGINS = { left: 56, right: 20 } as const;
const upper: Partial<Style> = { ownsConditions: true, shared: { ...MARGINS, namesEvents: true } };
const lower: Partial<Style> = { ownsConditions: true, shared: { ...MARGINS, namesEvents: false, hasTimeAxis: true } };
const MOST_SEGMENTS = 4;

/** The edges of trials are no events to look at. */
const isTelling = ({ key }: Mark): boolean => !/^events? (start|stop)\b/i.test(key);

/** 'Go cue (mean)' is 'Go cue': ticks in the rows show each trial's own. */
const withShortName = (mark: Mark): Mark => (mark.kind === 'rule' ? { ...mark, label: mark.label.replace(/ \(mean\)$/, '') } : mark);

/** 'move_onset_time' is 'move onset'. */
const shortName = (column: string): string => column.replace(/_times?$/, '').replaceAll('_', ' ');

interface Props {
  readonly summary: RecordingSummary;
  readonly data: Settings;
  /** The picked unit, and what is known of it. */
  readonly unit: number;
  readonly facts: string;
  readonly raster: Answer<Scene>;
  onStep(by: 1 | -1): void;
}

export function UnitPictures({ summary, data, unit, facts, raster, onStep }: Props) {
  const { smoothMs } = useLook();
  const recipe = useStore((state) => state.data);
  const psth = useDataScene('psth', data, { unit, smoothMs });
  const { hidden, names, colours } = useStore((state) => state.selection);
  const isNarrow = useMediaQuery('(max-width: 75em)');
  const left = useStore((state) => state.preview?.dataset.left);
  const follow = useMemo(() => followOf({ hidden, names, colours }), [hidden, names, colours]);
  // The raster names the events of both, and what its rows are is said by the names of their groups.
  const above = useMemo(
    () =>
      raster.value &&
      followed(
        {
          ...raster.value,
          marks: raster.value.marks.filter(isTelling).map((mark) => (isNarrow ? withShortName(mark) : mark)),
          y: { ...raster.value.y, label: '' },
        },
        follow,
      ),
    [raster.value, follow, isNarrow],
  );
  const below = useMemo(
    () =>
      psth.value &&
      followed({ ...psth.value, marks: psth.value.marks.filter((mark) => mark.kind !== 'rule' || mark.x === 0 || mark.y === 0) }, follow),
    [psth.value, follow],
  );
  const trials = psth.value?.conditions?.trials.reduce((sum, n) => sum + n, 0);
  const without = (left ?? []).filter(({ what }) => what === 'trial').map(({ why }) => why);
  const caption = `Unit ${unit}${trials === undefined ? '' : `, ${count(trials)} of ${counted(summary.trials, 'trial')}`}${without.length > 0 ? `: ${without.join('; ')}` : ''}; same alignment for raster and PSTH`;
  return (
    <section className="panel bl unit" aria-label="The picked unit" aria-busy={raster.isWaiting}>
      <div className="head">
        <h2>Unit {unit}</h2>
        <span className="sub">{facts}</span>
        <div className="right">
          <span className="t3">Unit</span>
          <button type="button" className="keycap" aria-label="Previous unit" title="Previous unit (↑)" onClick={() => onStep(-1)}>
            ↑
          </button>
          <button type="button" className="keycap" aria-label="Next unit" title="Next unit (↓)" onClick={() => onStep(1)}>
            ↓
          </button>
        </div>
      </div>
      <Controls summary={summary} recipe={recipe} />
      <Picture answer={raster} scene={above} style={upper} />
      <div className="ctl bt">
        <h2>PSTH</h2>
        <Smoothing />
        <span className="end">{psth.value?.subtitle}</span>
      </div>
      <div className="lowest">
        <Picture answer={psth} scene={below} style={lower} />
        {below?.conditions && <ConditionKey of={below.conditions} isSmall />}
      </div>
      <div className="cap">
        <span title={`${caption}\n${raster.value?.caption ?? ''}`}>{caption}</span>
      </div>
    </section>
  );
}

function Picture({
  answer,
  scene,
  style,
}: {
  readonly answer: Answer<Scene>;
  readonly scene: Scene | undefined;
  readonly style: Partial<Style>;
}) {
  if (answer.failure)
    return (
      <div className="fill pad">
        <FailureInfo failure={answer.failure} />
      </div>
    );
  if (!scene) return <p className="t3 pad fill">Counting spikes…</p>;
  return <PlaneStage scene={scene} style={style} />;
}

function Controls({ summary, recipe }: { readonly summary: RecordingSummary; readonly recipe: Settings }) {
  const look = useLook();
  const table = trialTable(summary, recipe.intervals);
  const events = offersOf('events', summary, recipe.intervals).filter((name) => name !== 'stop_time');
  const inner = events.filter((name) => name !== 'start_time');
  const rows = table?.rows ?? 0;
  const common = inner
    .filter((name) => (table?.columns.find((column) => column.name === name)?.missing ?? 0) < rows / 2)
    .slice(0, MOST_SEGMENTS);
  const groups = table?.columns.filter(({ isTime, distinct }) => !isTime && distinct >= 2 && distinct <= 24).map(({ name }) => name) ?? [];
  if (!hasEvents(summary, recipe)) return <div className="ctl" />;
  return (
    <div className="ctl">
      <span className="said">Align to</span>
      {common.length > 1 && (
        <fieldset className="seg" aria-label="Align to">
          {common.map((name) => (
            <button
              type="button"
              key={name}
              className={name === look.align ? 'on' : ''}
              aria-pressed={name === look.align}
              title={name}
              onClick={() => useLook.setState({ align: name })}
            >
              {shortName(name)}
            </button>
          ))}
        </fieldset>
      )}
      {(common.length < 2 || common.length < events.length) && (
        <span className={common.length > 1 ? 'more' : ''}>
          <Choice
            label={common.length > 1 ? 'Align to another event' : 'Align to'}
            value={look.align === undefined || (common.length > 1 && common.includes(look.align)) ? '' : look.align}
            values={common.length > 1 ? events.filter((name) => !common.includes(name)) : events}
            none={common.length > 1 ? 'other' : 'start of the trial'}
            onChange={(align) => useLook.setState({ align: align || (common.length > 1 ? common[0] : undefined) })}
          />
        </span>
      )}
      <span className="instead">
        <Choice
          label="Align to"
          value={look.align ?? ''}
          values={events}
          none="start of the trial"
          onChange={(align) => useLook.setState({ align: align || undefined })}
        />
      </span>
      <Window />
      <span className="pick">
        <i>Group</i>
        <Choice
          label="Group"
          value={look.group ?? ''}
          values={groups}
          none="none"
          onChange={(group) => useLook.setState({ group: group || undefined })}
        />
      </span>
      <span className="pick">
        <i>Sort</i>
        <Choice
          label="Sort"
          value={look.sort ?? ''}
          values={inner.filter((name) => name !== look.align)}
          none="file"
          onChange={(sort) => useLook.setState({ sort: sort || undefined })}
        />
      </span>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly none?: string;
  onChange(value: string): void;
}

function Choice({ label, value, values, none, onChange }: ChoiceProps) {
  return (
    <span className="select plain">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {values.map((name) => (
          <option key={name} value={name} title={name}>
            {shortName(name)}
          </option>
        ))}
      </select>
      <Icon name="down" size={10} />
    </span>
  );
}

/** A number that counts when it is left or Enter is pressed; what is none goes back. */
function NumberField({
  label,
  value,
  unit,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  onChange(value: number): void;
}) {
  const [draft, setDraft] = useState<string | undefined>();
  const commit = (): void => {
    if (draft === undefined) return;
    const given = Number(draft.replaceAll('−', '-').replace(',', '.'));
    setDraft(undefined);
    if (draft.trim() !== '' && Number.isFinite(given)) onChange(given);
  };
  return (
    <span className="num">
      <input
        aria-label={label}
        inputMode="decimal"
        value={draft ?? valueText(value)}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {unit && <i>{unit}</i>}
    </span>
  );
}

function Window() {
  const [from, to] = useLook((look) => look.windowMs);
  const set = (a: number, b: number): void => {
    // Whole 50 ms, so that every width of bins fits.
    const whole = (ms: number): number => Math.round(ms / 50) * 50;
    if (whole(b) - whole(a) >= 100) useLook.setState({ windowMs: [whole(a), whole(b)] });
  };
  return (
    <span className="window">
      <NumberField label="Window from" value={from / 1000} onChange={(seconds) => set(1000 * seconds, to)} />
      to
      <NumberField label="Window to" value={to / 1000} unit="s" onChange={(seconds) => set(from, 1000 * seconds)} />
    </span>
  );
}

function Smoothing() {
  const smoothMs = useLook((look) => look.smoothMs);
  return (
    <span className="window">
      smoothing s.d.
      <NumberField
        label="Smoothing"
        value={smoothMs}
        unit="ms"
        onChange={(value) => value >= 0 && value <= 1000 && useLook.setState({ smoothMs: value })}
      />
    </span>
  );
}
