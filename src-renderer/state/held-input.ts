// The slider of the held input: moved by hand, by keys, from fold to fold, or to where a branch was clicked.

import { pickPoint, refresh, searchAt } from './dynamics.ts';
import { heldNow, useDynamics } from './dynamics-state.ts';

/** Share of an input's range that a key moves the slider. */
const KEY_STEP = 1 / 40;

const now = useDynamics.getState;
const change = useDynamics.setState;

/** Moves one input; at the input of the search itself nothing is followed. */
export function hold(channel: number, value: number): void {
  const state = now();
  if (!state.searched || !(channel < state.searched.held.length)) return;
  const held = heldNow(state).map((other, i) => (i === channel ? value : other));
  const isSearch = held.every((one, i) => one === state.searched?.held[i]);
  change({ channel, held: isSearch ? undefined : held });
  refresh();
}

/** The slider moves another input from here on: what was moved before becomes the input of the search. */
export function chooseChannel(channel: number): void {
  const { held } = now();
  change({ channel, diagram: undefined, noDiagram: undefined });
  if (held) searchAt('values', { values: held });
  else refresh();
}

/** The slider a key further. */
export function stepHeld(by: number): void {
  const state = now();
  const input = state.searched?.inputs[state.channel];
  if (!input) return;
  const step = (input.high - input.low) * KEY_STEP;
  const at = Math.round((heldNow(state)[state.channel]! + by * step) / step) * step;
  hold(state.channel, Math.min(input.high, Math.max(input.low, at)));
}

/** To a point where its branch is at a value of the input that the slider moves. */
export function goAlong(point: number, value: number): void {
  const { channel, searched } = now();
  const input = searched?.inputs[channel];
  if (!input) return;
  hold(channel, Math.min(input.high, Math.max(input.low, value)));
  pickPoint(point);
}

/** The slider to the next bifurcation of the diagram, or the one before. */
export function stepBifurcation(by: 1 | -1): void {
  const state = now();
  const value = heldNow(state)[state.channel];
  const marks = state.diagram?.marks.filter((mark) => mark.kind === 'points' && mark.key.startsWith('bifurcation')) ?? [];
  const values = marks.flatMap((mark) => ('x' in mark && mark.x instanceof Float64Array ? [mark.x[0]!] : []));
  const least = 1e-9 * Math.max(1, ...values.map(Math.abs));
  const next = values
    .filter((one) => by * (one - value!) > least)
    .sort((a, b) => by * (a - b))
    .at(0);
  if (next !== undefined) hold(state.channel, next);
}

export function backToSearch(): void {
  change({ held: undefined });
  refresh();
}
