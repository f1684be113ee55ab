// One parameter as a control: text that is checked when it is left, or a choice. What is wrong stands under it.

import { Tooltip } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { Offer, Param, Value } from '../../src-worker/contract/params.ts';
import { parseValue } from '../../src-worker/contract/settings.ts';
import { Icon } from '../ui/icons.tsx';
import { useWords } from '../state/spoken.ts';
import { valueText } from '../ui/format.ts';

export interface FieldProps {
  readonly name: string;
  readonly param: Param;
  /** What the user set. */
  readonly value: Value | undefined;
  /** What the program chose for the data, with the reason. */
  readonly chosen?: { readonly value: Value; readonly reason: string } | undefined;
  readonly offers: readonly string[];
  readonly onChange: (value: Value | undefined) => void;
}

export function Field({ name, param, value, chosen, offers, onChange }: FieldProps) {
  const id = useId();
  const words = useWords();
  const isSet = value !== undefined;
  const fallback = chosen?.value ?? ('default' in param ? (param.default as Value | undefined) : undefined);
  const reason = isSet ? (valueText(fallback) === '' ? undefined : `chosen ${valueText(fallback)}`) : chosen?.reason;
  return (
    <div className={isSet ? 'row set' : 'row'} data-param={name}>
      <Tooltip label={words(param.help)} multiline w={280} position="right" withinPortal>
        <label htmlFor={id}>{param.label}</label>
      </Tooltip>
      <span className="v">
        <Control id={id} name={name} param={param} value={value} fallback={fallback} offers={offers} onChange={onChange} />
        {reason && (
          <span className="reason" title={reason}>
            {/* What is told before a colon is the short of it. */}
            {reason.split(': ')[0]}
          </span>
        )}
        {isSet && (
          <button type="button" className="ib back" title="Back to the chosen value" onClick={() => onChange(undefined)}>
            <Icon name="reset" />
          </button>
        )}
      </span>
    </div>
  );
}

/** Offers that say all there is to choose from. */
const CLOSED: ReadonlySet<Offer | undefined> = new Set(['events', 'region-columns']);

interface ControlProps extends Omit<FieldProps, 'chosen'> {
  readonly id: string;
  readonly fallback: Value | undefined;
}

function Control({ id, name, param, value, fallback, offers, onChange }: ControlProps) {
  if (param.kind === 'switch')
    return (
      <input id={id} type="checkbox" checked={(value ?? fallback) === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  const isOffered =
    param.kind === 'text' && offers.length > 0 && (value === undefined || offers.includes(String(value))) && CLOSED.has(param.offer);
  if (param.kind === 'choice' || isOffered) {
    const choices = param.kind === 'choice' ? param.choices : offers;
    return (
      <span className="select">
        <select
          id={id}
          className={value === undefined ? 'auto' : ''}
          value={valueText(value)}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        >
          <option value="">{fallback === undefined ? 'chosen for the data' : valueText(fallback)}</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
        <Icon name="down" size={10} />
      </span>
    );
  }
  if (param.kind === 'range')
    return <RangeControl id={id} name={name} param={param} value={value} fallback={fallback} offers={offers} onChange={onChange} />;
  return <TextControl id={id} name={name} param={param} value={value} fallback={fallback} offers={offers} onChange={onChange} />;
}

/** Two numbers with a field each; both stand, once one is set. */
function RangeControl({ id, name, param, value, fallback, onChange }: ControlProps) {
  const known = Array.isArray(value) ? value : Array.isArray(fallback) ? fallback : undefined;
  const [texts, setTexts] = useState<readonly [string, string] | undefined>();
  const words = useWords();
  const [wrong, setWrong] = useState<string | undefined>();
  const shown = texts ?? [valueText(known?.[0]), valueText(known?.[1])];
  const commit = (): void => {
    if (!texts) return;
    const given = texts.map((text) => text.trim().replaceAll('−', '-').replaceAll(',', '.'));
    try {
      setWrong(undefined);
      if (given.every((text) => text === '')) onChange(undefined);
      else onChange(parseValue(name, param, given.join(',')));
      setTexts(undefined);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setWrong(words(error.sentence));
    }
  };
  const unit = 'unit' in param ? param.unit : undefined;
  const field = (end: 0 | 1) => (
    <span className={`num ${wrong ? 'wrong' : ''}`}>
      <input
        id={end === 0 ? id : undefined}
        aria-label={end === 0 ? `${param.label}, from` : `${param.label}, to`}
        type="text"
        spellCheck={false}
        autoComplete="off"
        value={shown[end]}
        onChange={({ currentTarget }) => setTexts(end === 0 ? [currentTarget.value, shown[1]!] : [shown[0]!, currentTarget.value])}
        onBlur={(event) => {
          // From one field to the other nothing is finished yet.
          if (!event.currentTarget.closest('.v')?.contains(event.relatedTarget) || event.relatedTarget?.tagName !== 'INPUT') commit();
        }}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {end === 1 && unit && <i>{unit}</i>}
    </span>
  );
  return (
    <>
      {field(0)}
      <span className="t3">to</span>
      {field(1)}
      {wrong && (
        <span className="wrong-text" role="alert">
          {wrong}
        </span>
      )}
    </>
  );
}

/** Text that becomes a value when the field is left or Enter is pressed. */
function TextControl({ id, name, param, value, fallback, offers, onChange }: ControlProps) {
  const [text, setText] = useState(valueText(value));
  const words = useWords();
  const [wrong, setWrong] = useState<string | undefined>();
  useEffect(() => {
    setText(valueText(value));
    setWrong(undefined);
  }, [value]);
  const commit = (): void => {
    setWrong(undefined);
    if (text === valueText(value)) return;
    try {
      if (text.trim() === '') {
        onChange(undefined);
        return;
      }
      onChange(parseValue(name, param, text.trim().replaceAll('−', '-')));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setWrong(words(error.sentence));
    }
  };
  const unit = 'unit' in param ? param.unit : undefined;
  const list = offers.length > 0 ? `${id}-offers` : undefined;
  return (
    <>
      <span className={`num ${param.kind} ${wrong ? 'wrong' : ''}`}>
        <input
          id={id}
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={text}
          placeholder={valueText(fallback) || (param.kind === 'list' ? 'all' : 'auto')}
          list={list}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
        {unit && <i>{unit}</i>}
      </span>
      {list && (
        <datalist id={list}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
      {wrong && (
        <span className="wrong-text" role="alert">
          {wrong}
        </span>
      )}
    </>
  );
}
