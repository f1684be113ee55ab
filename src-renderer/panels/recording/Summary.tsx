// One line that says what the recording holds, and what is wrong with it.

import type { DatasetSummary } from '../../../src-worker/contract/dataset.ts';
import type { RecordingSummary } from '../../../src-worker/contract/recording.ts';
import { trialTable } from '../../forms/offers.ts';
import { useStore } from '../../state/store.ts';
import { bytes, count, counted, duration, valueText } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { rowsText } from './warnings.ts';

interface Props {
  readonly summary: RecordingSummary;
  readonly dataset: DatasetSummary | undefined;
  /** Takes the file for the weights of a network instead, where it may be that. */
  readonly onOther?: () => void;
}

export function Summary({ summary, dataset, onOther }: Props) {
  const intervals = useStore((state) => state.data.intervals);
  const events = trialTable(summary, intervals)?.columns.filter(({ isTime, name }) => isTime && !/^(start|stop)_time$/.test(name)) ?? [];
  const signals = summary.signals.map(
    ({ title, path, rateHz }) => `${title || path.split('/').at(-1)}${rateHz === undefined ? '' : ` at ${valueText(rateHz)} Hz`}`,
  );
  // Arrays are units and trials only once a dataset says which of them is what.
  const isArrays = summary.units === 0 && summary.trials === 0 && summary.arrays.length > 0;
  const details = [
    isArrays ? '' : counted(summary.spikes, 'spike'),
    summary.areas.join(', '),
    signals.slice(0, 3).join(', '),
    bytes(summary.bytes),
  ];
  const silent = dataset?.left.filter(({ what, why }) => what === 'unit' && /spikes|silent/.test(why)).flatMap(({ rows }) => rows) ?? [];
  const flags = [
    ...(silent.length > 0
      ? [
          `${counted(silent.length, 'unit')} ${silent.length === 1 ? 'has' : 'have'} no spikes in trials: ${rowsText([...silent].sort((a, b) => a - b))}`,
        ]
      : []),
    ...summary.notes,
  ];
  return (
    <div className="sum" data-summary>
      {isArrays ? (
        <span>
          <b>{count(summary.arrays.length)}</b> {summary.arrays.length === 1 ? 'array' : 'arrays'}
        </span>
      ) : (
        <>
          <span>
            <b>{count(summary.units)}</b> {summary.units === 1 ? 'unit' : 'units'}
          </span>
          <span>
            <b>{count(summary.trials)}</b> {summary.trials === 1 ? 'trial' : 'trials'}
          </span>
        </>
      )}
      {events.length > 0 && (
        <span>
          <b>{events.length}</b> {events.length === 1 ? 'event column' : 'event columns'}
        </span>
      )}
      {summary.seconds > 0 && <b>{duration(summary.seconds)}</b>}
      <span className="c" title={details.filter(Boolean).join('; ')}>
        {details.filter(Boolean).join('; ')}
      </span>
      {onOther && (
        <button type="button" className="link" onClick={onOther}>
          It is a network
        </button>
      )}
      {flags.length > 0 && (
        <span className="flag" title={flags.join('\n')}>
          <Icon name="warn" size={14} />
          {flags[0]}
          {flags.length > 1 ? `, and ${counted(flags.length - 1, 'note')} more` : ''}
        </span>
      )}
    </div>
  );
}
