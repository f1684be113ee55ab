// The small controls of the screen of figures: one of a few, and a number in its range.

import { minus } from '../../../src-worker/contract/minus.ts';
import { useState } from 'react';

interface ChoicesProps<Choice extends string> {
  readonly label: string;
  readonly of: readonly Choice[];
  readonly now: Choice;
  readonly onChoice: (choice: Choice) => void;
}

export function Choices<Choice extends string>({ label, of: all, now, onChoice }: ChoicesProps<Choice>) {
  return (
    <fieldset className="seg" aria-label={label}>
      {all.map((choice) => (
        <button
          type="button"
          key={choice}
          className={choice === now ? 'on' : ''}
          aria-pressed={choice === now}
          onClick={() => onChoice(choice)}
        >
          {choice}
        </button>
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit?: string;
  /** Stands before the number. */
  readonly before?: string;
  readonly onChange: (value: number) => void;
}

/** A number that is taken when it is one and in range. */
export function Field({ label, value, low, high, unit, before, onChange }: FieldProps) {
  const [typed, setTyped] = useState<string | undefined>();
  const number = Number(typed?.replace('−', '-'));
  const isWrong = typed !== undefined && (typed.trim() === '' || !Number.isFinite(number) || number < low || number > high);
  const take = (): void => {
    if (typed !== undefined && !isWrong) onChange(number);
    setTyped(undefined);
  };
  return (
    <span className={isWrong ? 'num wrong' : 'num'} title={`${label}: ${low} to ${high}`}>
      {before && <i>{before}</i>}
      <input
        aria-label={label}
        aria-invalid={isWrong}
        value={typed ?? minus(String(value))}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
      {unit && <i>{unit}</i>}
    </span>
  );
}
