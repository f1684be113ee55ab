// The bar below: what is selected, as chips that can be undone; what is hidden; what runs.

import { conditionId } from '../../src-worker/scene/follow.ts';
import { conditionColour } from '../../src-worker/scene/palettes.ts';
import { numberText } from '../../src-worker/scene/axes.ts';
import { setTrials, trialsDrawn } from '../state/explore.ts';
import { aboutOf, conditionOf, drop, hiddenOf, nameOf } from '../state/selection.ts';
import { set, type State, useStore } from '../state/store.ts';
import { counted, count, duration } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';

interface ChipText {
  readonly key: string;
  readonly strong: string;
  readonly rest?: string;
  readonly before?: string;
  readonly dot?: string | undefined;
  /** Chips that narrow the view are washed and can be undone. */
  readonly onDrop?: () => void;
}

export function SelectionBar() {
  const state = useStore();
  const { run, progress, busy, preview } = state;
  const chips = chipsOf(state);
  const left = preview?.dataset.left ?? [];
  const isGoing = run?.state === 'running' || run?.state === 'queued';
  return (
    <section className="selbar" aria-label="Selection">
      <span className="lab">{chips.some(({ onDrop }) => onDrop) ? 'Selection' : 'Nothing selected'}</span>
      {chips.map((chip, index) => (
        <Chip key={chip.key} of={chip} isLate={index >= 3} />
      ))}
      {chips.length > 3 && (
        <span
          className="chip more"
          title={chips
            .slice(3)
            .map(({ before = '', strong, rest = '' }) => `${before} ${strong} ${rest}`.trim())
            .join('; ')}
        >
          {chips.length - 3} more
        </span>
      )}
      <span className="right" role="status">
        {busy && (
          <span>
            {busy.doing}
            {busy.done > 0 ? `, ${Math.round(100 * busy.done)} %` : '…'}
          </span>
        )}
        {isGoing && run && (
          <span>
            {run.state === 'queued'
              ? 'Waiting to fit'
              : progress?.after
                ? progress.after
                : `Fitting: step ${count(progress?.step ?? run.step)}${progress?.steps ? ` of ${count(progress.steps)}` : ''}`}
            {progress?.secondsLeft !== undefined ? `, about ${duration(progress.secondsLeft)} left` : ''}
          </span>
        )}
        {!state.recording && !run && (
          <button type="button" onClick={() => set({ isPaletteOpen: true })}>
            Keys <kbd>?</kbd>
          </button>
        )}
        {left.length > 0 && <span>{hiddenText(left)}</span>}
        {run && !isGoing && <span className="t3">{`${titleOf(state, run.model)}, seed ${run.seed}, step ${count(run.bestStep)}`}</span>}
      </span>
    </section>
  );
}

const titleOf = ({ catalogue }: State, model: string): string => catalogue?.models.find(({ id }) => id === model)?.title ?? model;

/** The newest narrowing last, then what all of it is. */
function chipsOf({ selection, space, theme, preview, recording, trials }: State): readonly ChipText[] {
  const key = space.scene?.conditions;
  const shownKey = key && {
    ...key,
    ...(selection.colours ? { chosen: key.names.map((_, index) => selection.colours?.[conditionId(key, index)]) } : {}),
  };
  const chips: ChipText[] = [];
  const { trial, unit, point, pair, spanMs, onlyTrial } = selection;
  if (trial !== undefined) {
    const condition = conditionOf(space.scene, trial);
    const about = aboutOf(space.scene, trial);
    chips.push({
      key: 'trial',
      strong: `Trial ${trial}`,
      ...(condition === undefined
        ? about
          ? { rest: about }
          : {}
        : {
            rest: [
              `${(key?.label ?? '').replaceAll('_', ' ')} ${nameOf(key, condition, selection)}`.trim(),
              ...(about ? [about] : []),
            ].join(', '),
            dot: conditionColour(theme, shownKey, condition),
          }),
      onDrop: () => drop('trial'),
    });
  }
  if (onlyTrial !== undefined) chips.push({ key: 'only', strong: `Only trial ${onlyTrial}`, onDrop: () => drop('onlyTrial') });
  if (point !== undefined) chips.push({ key: 'point', strong: `Point ${point + 1}`, onDrop: () => drop('point') });
  if (pair !== undefined)
    chips.push({
      key: 'pair',
      strong: `${pair[0]} from ${pair[1]}`,
      ...(selection.pairs ? { rest: `and ${selection.pairs.length - 1} more` } : {}),
      onDrop: () => drop('pair'),
    });
  if (unit !== undefined) chips.push({ key: 'unit', strong: `Unit ${unit}`, onDrop: () => drop('unit') });
  if (spanMs)
    chips.push({ key: 'span', strong: `${numberText(spanMs[0], 0)} to ${numberText(spanMs[1], 0)} ms`, onDrop: () => drop('spanMs') });
  if (trials !== undefined) chips.push({ key: 'shown', before: 'Only', strong: trials, onDrop: () => setTrials('') });
  if (key && key.names.length > 1) {
    const hidden = hiddenOf(key, selection).length;
    const shown = key.names.length - hidden;
    const before = capital((key.label || 'condition').replaceAll('_', ' '));
    chips.push({
      key: 'conditions',
      before,
      strong: `${shown} of ${key.names.length}`,
      ...(hidden > 0 ? { onDrop: () => drop('hidden') } : {}),
    });
  }
  const summary = recording?.summary;
  const dataset = preview?.dataset;
  if (dataset && summary && dataset.trials > 0) {
    chips.push({ key: 'trials', before: 'Trials', strong: ofAll(dataset.trials, summary.trials) });
    chips.push({ key: 'units', before: 'Units', strong: ofAll(dataset.units, summary.units) });
  } else if (space.scene && key) chips.push({ key: 'trials', before: 'Trials', strong: count(trialsDrawn(space.scene).length) });
  return chips;
}

/** Of arrays it is the dataset that says what trials and units are. */
const ofAll = (some: number, all: number): string => (all > 0 ? `${count(some)} of ${count(all)}` : count(some));

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function hiddenText(left: readonly { readonly what: 'unit' | 'trial'; readonly rows: readonly number[] }[]): string {
  const of = (what: 'unit' | 'trial') => new Set(left.filter((part) => part.what === what).flatMap(({ rows }) => rows)).size;
  const parts = (['unit', 'trial'] as const).filter((what) => of(what) > 0).map((what) => counted(of(what), what));
  return `${parts.join(' and ')} hidden`;
}

function Chip({ of: { strong, rest, before, dot, onDrop }, isLate }: { readonly of: ChipText; readonly isLate: boolean }) {
  return (
    <span className={`chip ${onDrop ? 'on' : ''} ${isLate ? 'late' : ''}`}>
      {dot && (
        <svg width="8" height="8" aria-hidden="true">
          <circle cx="4" cy="4" r="4" fill={dot} />
        </svg>
      )}
      <span>
        {before ? `${before} ` : ''}
        <b>{strong}</b>
        {rest ? ` ${rest}` : ''}
      </span>
      {onDrop && (
        <button type="button" aria-label={`Drop ${strong}`} title={`Drop ${strong}`} onClick={onDrop}>
          <Icon name="close" size={10} />
        </button>
      )}
    </span>
  );
}
