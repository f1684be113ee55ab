// One of a few words: a menu by itself, or in the head of a panel behind what it is of.

import { Icon } from './icons.tsx';

interface Props {
  readonly label: string;
  /** Ids with their titles. */
  readonly choices: readonly (readonly [string, string])[];
  readonly value: string;
  readonly onChange: (choice: string) => void;
}

export const Menu = ({ label, choices, value, onChange }: Props) => (
  <span className="select plain">
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {choices.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
    <Icon name="down" size={10} />
  </span>
);

export const Choice = (props: Props) => (
  <span className="pick">
    <i>{props.label}</i>
    <Menu {...props} />
  </span>
);
