// Keys of the whole window.

import { chooseFile, deselect, openSample, select, show } from '../state/actions.ts';
import { get, screens } from '../state/store.ts';

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea') !== null;

function press(event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  const screen = screens[Number(event.key) - 1];
  const binMs = get().preview?.dataset.binMs ?? 20;
  const { timeMs } = get().selection;
  if (command && screen) show(screen);
  else if (command && event.shiftKey && event.key.toLowerCase() === 'o') openSample();
  else if (command && event.key.toLowerCase() === 'o') chooseFile('recording');
  else if (inField(event.target)) return;
  else if (event.key === 'Escape') deselect();
  else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && timeMs !== undefined)
    select({ timeMs: timeMs + (event.key === 'ArrowLeft' ? -1 : 1) * (event.shiftKey ? 100 : binMs) });
  else return;
  event.preventDefault();
}

/** Starts listening; gives the function that ends it. */
export function listen(): () => void {
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}
