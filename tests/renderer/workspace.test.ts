// A reload goes on from what the window showed last.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { emptyWork, type State, set } from '../../src-renderer/state/store.ts';
import { recall, remembering } from '../../src-renderer/state/workspace.ts';

const sent: string[] = [];
let isReady = false;

remembering(
  () => isReady,
  async (text) => sent.push(text),
);

const run = (id: string) => ({ id }) as State['run'];
const project = { path: '/data/a.orrery' } as State['project'];

describe('what the host remembers of the window', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    isReady = true;
  });
  afterEach(() => {
    isReady = false;
    set({ ...emptyWork, screen: 'Recording' });
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    sent.length = 0;
  });

  test('a run that has just begun is told at once, so that a reload in the same moment finds it', () => {
    set({ project, run: run('r1') });
    expect(sent).toHaveLength(1);
    expect(recall(sent[0])).toMatchObject({ project: '/data/a.orrery', run: 'r1' });
  });

  test('what changes many times a second is told once it rests', () => {
    for (let trial = 0; trial < 20; trial++) set({ selection: { trial } });
    expect(sent).toHaveLength(0);
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
    expect(recall(sent[0])?.selection).toEqual({ trial: 19 });
  });

  test('nothing is told twice, nor before the window has taken up what was kept', () => {
    set({ screen: 'Fit' });
    vi.advanceTimersByTime(1000);
    set({ screen: 'Fit' });
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
    isReady = false;
    set({ project, run: run('r2') });
    expect(sent).toHaveLength(1);
  });
});
