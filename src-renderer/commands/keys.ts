// Keys of the whole window, from the table of commands.

import { get } from '../state/store.ts';
import { type Command, commands } from './commands.ts';

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
};

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** As the table writes it: 'Ctrl Shift Z'. Signs that need Shift on some keyboards are named without it. */
export function keyText({ key, ctrlKey, metaKey, shiftKey, altKey }: Pressed): string {
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase() && key !== ' ';
  return [ctrlKey || metaKey ? 'Ctrl' : '', altKey ? 'Alt' : '', shiftKey && !isSign ? 'Shift' : '', name].filter(Boolean).join(' ');
}

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, [contenteditable]') !== null;

/** Where keys already mean something: Space on a button, arrows in a list or on a slider. */
const isTaken = (target: EventTarget | null, text: string): boolean =>
  target instanceof HTMLElement &&
  ((text === 'Space' && target.closest('button, [role="button"], a, [role="switch"]') !== null) ||
    (/[↑↓←→]/.test(text) && target.closest('[role="slider"], [role="listbox"], [role="menu"], [role="row"], [role="grid"]') !== null));

/** The command of a key, where the focus leaves it free. */
export function commandFor(event: KeyboardEvent): Command | undefined {
  const text = keyText(event);
  const found = commands.find(({ keys }) => keys?.includes(text));
  if (!found) return undefined;
  // A dialog or an open menu keeps its keys, and a field its letters.
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null && found.id !== 'palette') return undefined;
  if (!/^Ctrl|^F6|F6$/.test(text) && inField(event.target)) return undefined;
  if (text === 'Ctrl Z' && inField(event.target)) return undefined;
  return isTaken(event.target, text) ? undefined : found;
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const found = commandFor(event);
  if (!found || found.cannot?.(get()) !== undefined) return;
  found.run();
  event.preventDefault();
}

/** Starts listening; gives the function that ends it. */
export function listen(): () => void {
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}
