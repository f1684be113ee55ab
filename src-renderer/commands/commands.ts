// Every command of the window, once: the palette lists them, keys run them, and each says why it cannot be done now.

import { chooseFile, openSample, show } from '../state/actions.ts';
import { hasBehaviour } from '../state/behaviour.ts';
import { setData } from '../state/form.ts';
import {
  lookAlong,
  moveCursor,
  moveCursorBins,
  play,
  setSpace,
  showView,
  spanToCursor,
  stepTrial,
  turnCamera,
  zoomCamera,
} from '../state/explore.ts';
import { isPortrait, searchHere, stepPoint } from '../state/dynamics.ts';
import { stepBifurcation, stepHeld } from '../state/held-input.ts';
import { duplicate, fit, resume, stop } from '../state/fits.ts';
import { canRedo, canUndo, dropNewest, redo, remember, select, undo } from '../state/selection.ts';
import { get, type State, screens, set } from '../state/store.ts';
import { setTheme } from '../state/theme.ts';
import { cannotWrite, copyMethods, writeReport } from '../state/writing.ts';
import { cyclePanels, mainButton, panelToFigure } from './panels.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  /** As the palette writes it: 'Ctrl Shift Z', '↑'. */
  readonly keys?: readonly string[];
  /** Not listed in the palette: moves that only make sense as keys. */
  readonly isMove?: boolean;
  /** Why it cannot be done now. */
  cannot?(state: State): string | undefined;
  run(): void;
}

const needsRun = ({ run }: State): string | undefined => (run ? undefined : 'needs a fit');
const inExplore = (state: State): string | undefined => needsRun(state) ?? (state.screen === 'Explore' ? undefined : 'belongs to Explore');
const inSpace = (state: State): string | undefined =>
  inExplore(state) ?? (state.space.scene ? undefined : 'the trajectories are not drawn yet');
const ofTrajectories = (state: State): string | undefined =>
  inExplore(state) ?? (state.space.view === 'trajectories' ? undefined : 'belongs to Trajectories');
const ofPortrait = (state: State): string | undefined => inExplore(state) ?? (isPortrait() ? undefined : 'belongs to the phase portrait');
const isGoing = ({ run }: State): boolean => run?.state === 'running' || run?.state === 'queued';

/** In Fit, while one is on its way, Esc means that. */
const asksToStop = (state: State): boolean => state.screen === 'Fit' && isGoing(state);

const steps = screens.map(
  (screen, index): Command => ({ id: `go ${screen}`, title: `Go to ${screen}`, keys: [`Ctrl ${index + 1}`], run: () => show(screen) }),
);

const shows: readonly Command[] = (
  [
    ['averages', 'Show averages', 'A'],
    ['trials', 'Show trials', 'T'],
    ['both', 'Show averages and trials', 'B'],
  ] as const
).map(([value, title, key]) => ({ id: value, title, keys: [key], cannot: ofTrajectories, run: () => setSpace('show', value) }));

const planes: readonly Command[] = (
  [
    ['1-2', 'Camera: plane of PC 1 and 2', '1'],
    ['1-3', 'Camera: plane of PC 1 and 3', '2'],
    ['2-3', 'Camera: plane of PC 2 and 3', '3'],
    ['free', 'Camera: free', '0'],
  ] as const
).map(([plane, title, key]) => ({ id: `plane ${plane}`, title, keys: [key], cannot: inSpace, run: () => lookAlong(plane) }));

const colours: readonly Command[] = (['condition', 'time', 'behaviour', 'tangling'] as const).map((by) => ({
  id: `colour ${by}`,
  title: `Colour trajectories by ${by}`,
  cannot: (state) => ofTrajectories(state) ?? (by === 'behaviour' && !hasBehaviour(state) ? 'the dataset has no behaviour' : undefined),
  run: () => setSpace('colour', by),
}));

const turns: readonly Command[] = (
  [
    ['left', 'Alt ←', -5, 0],
    ['right', 'Alt →', 5, 0],
    ['up', 'Alt ↑', 0, 5],
    ['down', 'Alt ↓', 0, -5],
  ] as const
).map(([way, key, azimuth, elevation]) => ({
  id: `turn ${way}`,
  title: `Turn the camera ${way}`,
  keys: [key],
  cannot: inSpace,
  run: () => turnCamera(azimuth, elevation),
}));

const zooms: readonly Command[] = [
  { id: 'nearer', title: 'Zoom in', keys: ['+', '='], cannot: inSpace, run: () => zoomCamera(1.2) },
  { id: 'farther', title: 'Zoom out', keys: ['-'], cannot: inSpace, run: () => zoomCamera(1 / 1.2) },
];

const moves: readonly Command[] = [
  { id: 'next trial', title: 'Next trial or point', keys: ['↓'], cannot: inSpace, run: () => (isPortrait() ? stepPoint(1) : stepTrial(1)) },
  {
    id: 'previous trial',
    title: 'Previous trial or point',
    keys: ['↑'],
    cannot: inSpace,
    run: () => (isPortrait() ? stepPoint(-1) : stepTrial(-1)),
  },
  { id: 'held less', title: 'Held input less', keys: [','], cannot: ofPortrait, run: () => stepHeld(-1) },
  { id: 'held more', title: 'Held input more', keys: ['.'], cannot: ofPortrait, run: () => stepHeld(1) },
  {
    id: 'bifurcation before',
    title: 'Held input to the bifurcation before',
    keys: ['<'],
    cannot: ofPortrait,
    run: () => stepBifurcation(-1),
  },
  { id: 'next bifurcation', title: 'Held input to the next bifurcation', keys: ['>'], cannot: ofPortrait, run: () => stepBifurcation(1) },
  { id: 'search points', title: 'Search for fixed points here', cannot: ofPortrait, run: searchHere },
  { id: 'bin on', title: 'Cursor a bin on', keys: ['→'], isMove: true, cannot: inSpace, run: () => moveCursorBins(1) },
  { id: 'bin back', title: 'Cursor a bin back', keys: ['←'], isMove: true, cannot: inSpace, run: () => moveCursorBins(-1) },
  { id: '100 on', title: 'Cursor 100 ms on', keys: ['Shift →'], isMove: true, cannot: inSpace, run: () => moveCursor(100) },
  { id: '100 back', title: 'Cursor 100 ms back', keys: ['Shift ←'], isMove: true, cannot: inSpace, run: () => moveCursor(-100) },
  ...turns,
  ...zooms,
  { id: 'play', title: 'Play time, or pause', keys: ['Space'], cannot: inSpace, run: play },
  { id: 'span from', title: 'Time span starts at the cursor', keys: ['['], cannot: needsCursor, run: () => spanToCursor(0) },
  { id: 'span to', title: 'Time span ends at the cursor', keys: [']'], cannot: needsCursor, run: () => spanToCursor(1) },
];

function needsCursor(state: State): string | undefined {
  return inSpace(state) ?? (state.selection.timeMs === undefined ? 'needs a time cursor' : undefined);
}

function needsFinished(state: State): string | undefined {
  return needsRun(state) ?? (state.run?.report ? undefined : 'needs a finished fit');
}

function fitCannot(state: State): string | undefined {
  if (!state.recording) return 'needs a recording';
  if (state.previewTrouble) return state.previewTrouble.sentence;
  return isGoing(state) ? 'a fit is running' : undefined;
}

/** What E would leave out: the picked unit of the recording, or the picked trial. */
function leavable({ selection, catalogue }: State): { readonly name: string; readonly row: number; readonly what: string } | undefined {
  const { unit, trial } = selection;
  if (unit !== undefined && (trial === undefined || Object.keys(selection).indexOf('unit') > Object.keys(selection).indexOf('trial')))
    return { name: 'leaveOutUnits', row: unit, what: 'unit' };
  if (trial !== undefined && catalogue?.dataset.leaveOutTrials) return { name: 'leaveOutTrials', row: trial, what: 'trial' };
  return undefined;
}

function leaveCannot(state: State): string | undefined {
  if (!state.recording) return 'the recording is not open';
  return leavable(state) ? undefined : 'pick a trial or a unit first';
}

function leaveOut(): void {
  const found = leavable(get());
  if (!found) return;
  const given = get().data[found.name];
  const before: readonly number[] = Array.isArray(given) ? given.filter((row): row is number => typeof row === 'number') : [];
  remember();
  setData(found.name, before.includes(found.row) ? before.filter((row) => row !== found.row) : [...before, found.row]);
}

const saves: readonly Command[] = [
  { id: 'export', title: 'Save data…', cannot: cannotWrite, run: () => set({ task: 'export' }) },
  { id: 'report', title: 'Save a report of the project…', cannot: cannotWrite, run: writeReport },
  { id: 'methods', title: 'Copy methods text', cannot: cannotWrite, run: copyMethods },
];

export const commands: readonly Command[] = [
  ...steps,
  { id: 'palette', title: 'Commands', keys: ['Ctrl K', '?'], isMove: true, run: () => set({ isPaletteOpen: !get().isPaletteOpen }) },
  { id: 'open', title: 'Open a recording…', keys: ['Ctrl O'], run: () => chooseFile('recording') },
  { id: 'open project', title: 'Open a project…', run: () => chooseFile('project') },
  { id: 'sample', title: 'Open the sample', keys: ['Ctrl Shift O'], run: openSample },
  ...shows,
  ...planes,
  ...colours,
  { id: 'view trajectories', title: 'Show trajectories', cannot: inExplore, run: () => showView('trajectories') },
  { id: 'view portrait', title: 'Show the phase portrait', cannot: inExplore, run: () => showView('phase-portrait') },
  { id: 'view currents', title: 'Show currents', cannot: inExplore, run: () => showView('currents') },
  { id: 'view initial', title: 'Show initial conditions', cannot: inExplore, run: () => showView('initial-conditions') },
  ...moves,
  { id: 'fit', title: 'Fit the model', cannot: fitCannot, run: () => fit() },
  {
    id: 'main',
    title: 'Make, fit or export: the main button of the screen',
    keys: ['Ctrl Enter'],
    cannot: () => (mainButton() ? undefined : 'nothing here waits for it'),
    run: () => mainButton()?.click(),
  },
  { id: 'stop', title: 'Stop the fit and keep its best', cannot: (state) => (isGoing(state) ? undefined : 'no fit is running'), run: stop },
  {
    id: 'resume',
    title: 'Go on with the fit',
    cannot: (state) =>
      needsRun(state) ?? (isGoing(state) ? 'it is running' : state.run?.state === 'finished' ? 'it is finished' : undefined),
    run: () => resume(),
  },
  {
    id: 'infer',
    title: 'Run the model on other trials…',
    cannot: needsFinished,
    run: () => set({ task: 'infer', inferOn: undefined }),
  },
  {
    id: 'duplicate',
    title: 'Values of the run into the form',
    cannot: needsRun,
    run: () => {
      duplicate();
      show('Fit');
    },
  },
  { id: 'leave out', title: 'Leave out the picked trial or unit', keys: ['E'], cannot: leaveCannot, run: leaveOut },
  {
    id: 'all conditions',
    title: 'Show all conditions',
    cannot: ({ selection }) => (selection.hidden ? undefined : 'none is hidden'),
    run: () => select({ hidden: undefined }),
  },
  {
    id: 'drop',
    title: 'Drop the newest selection, or ask before a fit ends',
    keys: ['Esc'],
    cannot: (state) => (asksToStop(state) || Object.keys(state.selection).length > 0 ? undefined : 'nothing is selected'),
    run: () => {
      if (asksToStop(get())) set({ asksToStop: true });
      else dropNewest();
    },
  },
  { id: 'undo', title: 'Undo', keys: ['Ctrl Z'], cannot: () => (canUndo() ? undefined : 'nothing to undo'), run: undo },
  { id: 'redo', title: 'Redo', keys: ['Ctrl Shift Z'], cannot: () => (canRedo() ? undefined : 'nothing to redo'), run: redo },
  { id: 'figure', title: 'Panel to figure', keys: ['Ctrl Shift F'], cannot: needsRun, run: panelToFigure },
  ...saves,
  { id: 'next panel', title: 'Next panel', keys: ['F6'], isMove: true, run: () => cyclePanels(1) },
  { id: 'previous panel', title: 'Previous panel', keys: ['Shift F6'], isMove: true, run: () => cyclePanels(-1) },
  { id: 'theme', title: 'Light or dark', run: () => setTheme(get().theme === 'dark' ? 'light' : 'dark') },
];
