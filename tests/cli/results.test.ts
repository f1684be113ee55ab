// What is made of runs, with a worker of plain functions: what analyze, figure and export ask for and print.

import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { record, run } from './fake.ts';

describe('what is made of a run', () => {
  const some = { run: async () => record({ id: 'r9' }) };

  test('analyze names the run that latest meant', async () => {
    const answer = { analysis: 'tangling', run: 'r9', recipe: 'Tangling of rates.', summary: { median: 1.23456 }, notes: [], seconds: 1 };
    const methods = { ...some, analyze: async () => answer };
    const done = await run('analyze tangling p.orrery --state rates --softening .2 --out q.h5 --json', methods);
    expect(done.called('analyze')[0][0]).toEqual({
      project: resolve('/home/user/p.orrery'),
      run: 'r9',
      analysis: 'tangling',
      settings: { softening: 0.2 },
      state: 'rates',
      out: resolve('/home/user/q.h5'),
    });
    expect(done.json()).toEqual(answer);
    expect((await run('analyze tangling p.orrery', methods)).out).toContain('1.235');
  });

  test('figure takes the options of the view and of what it shows', async () => {
    const figure = async () => ({ path: '/home/user/a.svg', bytes: 10, text: 'text', caption: 'Tangling' });
    const done = await run('figure tangling p.orrery -o a.svg --scale linear --softening .2 --width-mm 180 --json', { ...some, figure });
    const [request] = done.called('figure')[0] as [Record<string, unknown>];
    expect(request).toMatchObject({
      run: 'r9',
      settings: { scale: 'linear' },
      analysis: { softening: 0.2 },
      widthMm: 180,
      dpi: 300,
      out: resolve('/home/user/a.svg'),
    });
    expect(request.width).toBeCloseTo(510.24, 2);
    expect(request).not.toHaveProperty('heightMm');
    expect(done.json()).toMatchObject({ view: 'tangling', run: 'r9', bytes: 10 });
  });

  test('figure takes --state for views that have it as their own, and for those that have not', async () => {
    const figure = async () => ({ path: 'a.svg', bytes: 10, text: '', caption: '' });
    const own = await run('figure trajectories p.orrery -o a.svg --state factors', { ...some, figure });
    expect(own.called('figure')[0][0]).toMatchObject({ settings: { state: 'factors' } });
    const other = await run('figure tangling p.orrery -o a.svg --state counts', { ...some, figure });
    expect(other.called('figure')[0][0]).toMatchObject({ settings: {}, state: 'counts' });
  });

  test('figure and export take --trials, and a view’s own option of that name is --view-trials', async () => {
    const methods = {
      ...some,
      figure: async () => ({ path: 'a.svg', bytes: 10, text: '', caption: '' }),
      export: async () => ({ files: ['/home/user/a.h5'], names: [], load: [] }),
    };
    const line = 'figure trajectories p.orrery -o a.svg --trials success=true,direction=3 --view-trials 20';
    const [figure] = (await run(line, methods)).called('figure')[0];
    expect(figure).toMatchObject({ trials: 'success=true,direction=3', settings: { trials: 20 } });
    const exported = await run('export hdf5 p.orrery -o a.h5 --trials direction=3 --state factors', methods);
    expect(exported.called('export')[0][0]).toMatchObject({ trials: 'direction=3', settings: { outputs: ['factors'] } });
  });

  test('figure draws a kept view and keeps one', async () => {
    const figure = async () => ({ path: 'a.svg', bytes: 10, text: '', caption: '' });
    const done = await run('figure trajectories p.orrery -o a.svg --view front --save-view side', { ...some, figure });
    expect(done.called('figure')[0][0]).toMatchObject({ view: 'trajectories', saved: 'front', saveAs: 'side', settings: {} });
    expect(done.called('figure')[0][0]).not.toHaveProperty('look');
  });

  test('figure takes sizes on paper within their bounds', async () => {
    const figure = async () => ({ path: 'a.svg', bytes: 10, text: '', caption: '' });
    const done = await run('figure trajectories p.orrery -o a.svg --line-pt 0.5 --text-pt 8 --fade 0.5', { ...some, figure });
    expect(done.called('figure')[0][0]).toMatchObject({ look: { linePt: 0.5, textPt: 8, fade: 0.5 } });
    expect((await run('figure trajectories p.orrery -o a.svg --text-pt 3', { ...some, figure })).code).toBe(2);
  });

  test('export prints the lines that load the file', async () => {
    const methods = {
      ...some,
      export: async () => ({ files: ['/home/user/a.h5'], names: [], load: [{ language: 'Python', lines: 'import h5py' }] }),
    };
    const done = await run('export hdf5 p.orrery -o a.h5', methods);
    expect(done.out).toContain('Python:\nimport h5py');
    expect(done.out).toContain('r9');
  });
});
