// Every command with a worker of plain functions: what it asks for, what it prints, how it ends.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WorkerApi } from '../../src-worker/contract/api.ts';
import type { DatasetSummary } from '../../src-worker/contract/dataset.ts';
import { Failure } from '../../src-worker/contract/failure.ts';
import type { RecordingSummary } from '../../src-worker/contract/recording.ts';
import { ensemble, record, report, run } from './fake.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dataset: DatasetSummary = {
  hash: 'd1',
  trials: 10,
  bins: 50,
  units: 5,
  binMs: 20,
  windowMs: [-400, 600],
  event: 'move_onset_time',
  emptyShare: 0.8,
  spikes: 1234,
  conditions: [{ name: '0', training: 8, validation: 2, test: 0 }],
  trainingTrials: 8,
  validationTrials: 2,
  testTrials: 0,
  heldOutUnits: 0,
  bytes: 1000,
  left: [],
  warnings: ['Times look like milliseconds.'],
  hasTruth: false,
  behaviors: [],
  externals: [],
};
const project = { path: '', name: '', recordings: [], runs: [], readOnly: false };

/** A worker whose fit succeeds; it makes the project's folder as the real one does. */
const fitting = (changes: Partial<WorkerApi> = {}): Partial<WorkerApi> => ({
  preview: async () => ({ dataset, resolved: {}, seconds: 75, bytes: 2e6 }),
  createProject: async (path) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'index'), '');
    return { ...project, path };
  },
  startFit: async ({ seed }) => record({ id: `r${seed}`, state: 'running' }),
  waitForRun: async ({ run: id }) => record({ id, report: { ...report, run: id } }),
  ...changes,
});

describe('fit', () => {
  test('hands on exactly what was set, with paths from the user’s folder', async () => {
    const done = await run(
      'fit lfads data/a.nwb --out p.orrery --align go --window-ms -250,450 --leave-out-units 3,4 --leave-out-units 5 --no-jitter --centre --kl=0 --model-bin-ms 5 --seed 7 --threads 2 --json',
      fitting(),
      { folder },
    );
    expect(done.err).not.toContain('went wrong');
    expect(done.code).toBe(0);
    const [request] = done.called('startFit')[0];
    expect(request).toEqual({
      project: join(folder, 'p.orrery'),
      recording: join(folder, 'data', 'a.nwb'),
      model: 'lfads',
      data: { align: 'go', windowMs: [-250, 450], leaveOutUnits: [3, 4, 5] },
      settings: { jitter: false, centre: true, kl: 0, binMs: 5 },
      device: 'auto',
      again: false,
      threads: 2,
      seed: 7,
    });
    expect(done.json()).toEqual({ ...report, run: 'r7' });
    expect(done.closed).toBe(1);
    expect(done.listening).toBe(0);
  });

  test('says what it would fit on standard error and the scores on standard output', async () => {
    const done = await run('fit lfads a.nwb --out p.orrery', fitting(), { folder });
    expect(done.err).toContain('10 trials × 50 bins of 20 ms × 5 units, 1 234 spikes');
    expect(done.err).toContain('Times look like milliseconds');
    expect(done.err).toContain('1 min 15 s');
    expect(done.out).toMatch(/lfads +0\.432\nsmoothing *\n/);
    expect(done.out).toContain('Left out: 1 unit has no spikes in trials (unit 3).');
  });

  test('several seeds answer with the best, list the others, and say what they say together', async () => {
    const scores: Record<string, number> = { r0: 0.1, r1: 0.3, r2: 0.2 };
    const methods = fitting({
      waitForRun: async ({ run: id }) => record({ id, report: { ...report, run: id, bitsPerSpike: scores[id] } }),
      ensemble: async () => ensemble,
    });
    const done = await run('fit lfads a.nwb --out p.orrery --seeds 3 --json', methods, { folder });
    expect(done.called('startFit').map(([request]) => (request as { seed: number }).seed)).toEqual([0, 1, 2]);
    expect(done.called('createProject')).toHaveLength(1);
    expect(done.called('ensemble')[0]?.[0]).toMatchObject({ runs: ['r0', 'r1', 'r2'] });
    expect(done.json()).toMatchObject({ run: 'r1', bitsPerSpike: 0.3, seeds: [{ run: 'r0' }, { run: 'r1' }, { run: 'r2' }], ensemble });
  });

  test('an ensemble is printed with its spread, the scores of averaged rates, agreement and readings', async () => {
    const done = await run('fit lfads a.nwb --out p.orrery --seeds 3', fitting({ ensemble: async () => ensemble }), { folder });
    expect(done.out).toContain('Ensemble of 3 fits, seeds 0, 1, 2');
    expect(done.out).toMatch(/bits\/spike +0\.200 +0\.100 +0\.100 +0\.300 +0\.350/);
    expect(done.out).toMatch(/klInitial +12\.35/);
    expect(done.out).toMatch(/factors, by a linear map +0\.910 +0\.880 +0\.750/);
    expect(done.out).toMatch(/look +Trust averages\./);
  });

  test('one seed makes no ensemble, and its readings stand under its scores', async () => {
    const done = await run('fit lfads a.nwb --out p.orrery', fitting(), { folder });
    expect(done.called('ensemble')).toEqual([]);
    expect(done.out).toMatch(/fine +Bits per spike are ahead\.\nDOUBT +Learned by heart\./);
    // A number that a sentence reads is not told twice.
    expect(done.out).toMatch(/perturbationAuc +0\.9/);
    expect(done.out).not.toContain('aboveGlm');
  });

  test('makes nothing when the preview refuses the request', async () => {
    const refuse = async () => {
      throw new Failure('unknown-column', 'There is no column “goo”.', 'Known are: go.');
    };
    const done = await run('fit lfads a.nwb --out p.orrery --align goo --json', fitting({ preview: refuse }), { folder });
    expect(done.code).toBe(2);
    expect(done.json()).toEqual({ failure: { code: 'unknown-column', sentence: 'There is no column “goo”.', hint: 'Known are: go.' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('takes away the project that it made when the fit is refused as bad input, and keeps it when it failed', async () => {
    const failing = (code: string) =>
      fitting({
        startFit: async () => {
          throw new Failure(code, 'No.', 'Hint.');
        },
      });
    expect((await run('fit lfads a.nwb --out p.orrery', failing('device-unavailable'), { folder })).code).toBe(2);
    expect(existsSync(join(folder, 'p.orrery'))).toBe(false);
    expect((await run('fit lfads a.nwb --out p.orrery', failing('internal'), { folder })).code).toBe(1);
    expect(existsSync(join(folder, 'p.orrery'))).toBe(true);
  });

  test('refuses a folder that holds something else, and a file', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    const openProject = async () => {
      throw new Failure('no-project', 'There is no project.', 'Check the path.');
    };
    const done = await run(['fit', 'lfads', 'a.nwb', '--out', folder], fitting({ openProject }), { folder });
    expect(done.code).toBe(2);
    expect(done.err).toContain(`${folder} holds other things`);
    expect(done.called('preview')).toEqual([]);
    expect((await run('fit lfads a.nwb --out mine.txt', fitting(), { folder })).code).toBe(2);
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  test('adds to a project that is there, and makes one of an empty folder', async () => {
    writeFileSync(join(folder, 'index'), '');
    const added = await run(['fit', 'lfads', 'a.nwb', '--out', folder], fitting({ openProject: async () => project }));
    expect(added.code).toBe(0);
    expect(added.called('createProject')).toEqual([]);
    mkdirSync(join(folder, 'empty'));
    expect((await run('fit lfads a.nwb --out empty', fitting(), { folder })).called('createProject')).toEqual([[join(folder, 'empty')]]);
  });

  test('a fit whose numbers ran away fails with 1, under its own name', async () => {
    const failure = { code: 'not-finite', sentence: 'generator.weights is NaN at step 12.', hint: 'Lower the learning rate.' };
    const done = await run(
      'fit lfads a.nwb --out p.orrery --json',
      fitting({
        waitForRun: async () => {
          const { report: _, ...failed } = record({ state: 'failed', failure });
          return failed;
        },
      }),
      { folder },
    );
    expect(done.code).toBe(1);
    expect(done.json()).toEqual({ failure });
  });

  test('Ctrl-C stops the fit, keeps its checkpoint and says how to go on', async () => {
    const interrupt = new AbortController();
    const stopped = Promise.withResolvers<void>();
    const done = await run(
      'fit lfads a.nwb --out p.orrery --json',
      fitting({
        waitForRun: async () => {
          interrupt.abort();
          await stopped.promise;
          const { report: _, ...left } = record({ state: 'stopped', step: 40 });
          return left;
        },
        // The worker may be gone before it has answered: nobody is left to care.
        stopFit: async () => {
          stopped.resolve();
          throw new Error('gone');
        },
      }),
      { folder, signal: interrupt.signal },
    );
    expect(done.code).toBe(130);
    expect(done.called('stopFit')).toEqual([[{ project: join(folder, 'p.orrery'), run: 'r0' }]]);
    expect(done.json()).toMatchObject({ failure: { code: 'cancelled', sentence: expect.stringContaining('step 40') } });
    expect(JSON.stringify(done.json())).toContain('resume');
  });
});

describe('resume', () => {
  const runs = [
    record({ id: 'new', state: 'stopped', created: '2020-03-01' }),
    record({ id: 'old', state: 'stopped', created: '2020-01-01' }),
    record({ id: 'done', created: '2020-04-01' }),
  ];
  const resuming: Partial<WorkerApi> = {
    openProject: async () => ({ ...project, runs }),
    resumeFit: async ({ run: id }) => record({ id, state: 'running' }),
    waitForRun: async () => record(),
  };

  test('goes on with the newest unfinished run', async () => {
    const done = await run('resume p.orrery --json', resuming);
    expect(done.code).toBe(0);
    expect(done.called('resumeFit')).toEqual([[{ project: resolve('/home/user/p.orrery'), run: 'new' }, {}]]);
    expect(done.json()).toEqual(report);
  });

  test('of a finished run says that it is, and what trains it longer', async () => {
    const finished = { ...resuming, resumeFit: async ({ run: id }: { run: string }) => record({ id, state: 'finished' as const }) };
    const done = await run('resume p.orrery --run done', finished);
    expect(done.err).toMatch(/Run done is finished; --steps N trains it longer/);
  });

  test('trains the run that is named for more steps', async () => {
    const done = await run('resume p.orrery --run done --steps 50 --threads 1', resuming);
    expect(done.called('resumeFit')).toEqual([
      [
        { project: resolve('/home/user/p.orrery'), run: 'done' },
        { steps: 50, threads: 1 },
      ],
    ]);
  });
});

describe('inspect', () => {
  const column = { description: '', kind: 'number', isTime: false, missing: 0, distinct: 3, min: 1, max: 3 } as const;
  const recording: RecordingSummary = {
    format: 'nwb',
    name: 'a.nwb',
    identity: 'x',
    bytes: 1234567,
    seconds: 782.5,
    units: 64,
    trials: 264,
    spikes: 511266,
    unitTables: [{ path: '/units', rows: 64, columns: [{ ...column, name: 'isolation' }] }],
    intervalTables: [
      { path: '/intervals/epochs', rows: 2, columns: [{ ...column, name: 'tags' }] },
      {
        path: '/intervals/trials',
        rows: 264,
        columns: [
          { ...column, name: 'start_time', isTime: true, missing: 2 },
          { ...column, name: 'isolation' },
        ],
      },
    ],
    signals: [{ path: '/processing/behavior/hand', title: 'hand', unit: 'cm/s', channels: ['x', 'y'], samples: 78253, rateHz: 100 }],
    arrays: [],
    areas: ['M1', 'PMd'],
    metadata: {},
    notes: ['One table is unlike the others.'],
  };

  test('answers with the names of unit and trial columns', async () => {
    const done = await run('inspect a.nwb --json', { inspect: async () => recording });
    expect(done.code).toBe(0);
    expect(done.called('inspect')[0][0]).toEqual({ path: resolve('/home/user/a.nwb'), settings: {} });
    expect(done.json()).toMatchObject({ format: 'nwb', units: 64, seconds: 782.5, columns: ['isolation', 'start_time'] });
  });

  test('shows people tables, signals and notes', async () => {
    const { out } = await run('inspect a.nwb', { inspect: async () => recording });
    expect(out).toContain('64 units in M1, PMd, 264 trials, 511 266 spikes');
    expect(out).toMatch(/start_time +time +1 to 3 s +2 missing/);
    expect(out).toContain('100 Hz');
    expect(out).toContain('Note: One table is unlike the others.');
  });
});

describe('a line that cannot be understood', () => {
  test.each([
    ['inspct a.nwb', 'unknown-command', 'inspect'],
    ['fit lfdas a.nwb', 'unknown-command', 'lfads'],
    ['fit lfads a.nwb --out p --algn go', 'unknown-option', '--align'],
    ['fit lfads a.nwb --ot p', 'unknown-option', '--out'],
    ['analyze whatever p', 'unknown-command', 'Known are: tangling'],
    ['fit lfads a.nwb --out p --threads 1000000', 'bad-value', ''],
    [`fit lfads a.nwb --out=`, 'missing-option', '--out <folder>'],
    ['fit lfads a.nwb', 'missing-option', '--out <folder>: the project'],
    ['fit lfads --out p', 'missing-argument', ''],
    ['fit', 'missing-argument', ''],
    ['inspect a.nwb b.nwb', 'excess-arguments', ''],
    ['fit lfads a.nwb --out p --align', 'missing-value', ''],
    ['fit lfads a.nwb --out p --window-ms 3', 'bad-value', ''],
    ['fit lfads a.nwb --out p --bin-ms twenty', 'bad-value', ''],
    ['fit lfads a.nwb --out p --seed -1', 'bad-value', ''],
    ['figure tangling p -o a.svg --scale lin', 'bad-value', ''],
  ])('`%s` ends with 2, %s, and the nearest where there is one', async (line, code, nearest) => {
    const done = await run(`${line} --json`, fitting(), { folder });
    expect(done.code).toBe(2);
    const { failure } = done.json() as { failure: { code: string; sentence: string; hint: string } };
    expect(failure.code).toBe(code);
    expect(failure.hint).toContain(nearest);
    expect(failure.sentence).toMatch(/[.)]$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is told on standard error alone without --json', async () => {
    const done = await run('fit lfads a.nwb --out p --algn go');
    expect(done.out).toBe('');
    expect(done.err).toContain('--algn');
    expect(done.err).toContain('--align');
  });
});

describe('help', () => {
  test('lists common options first, with units and defaults, and needs no file', async () => {
    const { code, out } = await run('fit lfads --help');
    expect(code).toBe(0);
    expect(out).toContain('in ms; default 20');
    expect(out).toContain('--no-jitter');
    expect(out).not.toContain('--no-centre');
    expect(out.indexOf('--steps')).toBeLessThan(out.indexOf('--centre'));
    expect(out.indexOf('--centre')).toBeLessThan(out.indexOf('--kl'));
  });

  test('of no words at all lists the commands', async () => {
    const { code, out } = await run('');
    expect(code).toBe(0);
    for (const name of ['inspect', 'fit', 'resume', 'infer', 'analyze', 'figure', 'export', 'devices']) expect(out).toContain(name);
  });
});

describe('trouble inside', () => {
  test('an error nobody foresaw is internal, ends with 1 and shows where', async () => {
    const done = await run('devices --json', {
      devices: async () => {
        throw new TypeError('x is not a function');
      },
    });
    expect(done.code).toBe(1);
    expect(done.json()).toMatchObject({ failure: { code: 'internal' } });
    expect(done.err).toContain('TypeError');
    expect(done.closed).toBe(1);
  });

  test('Ctrl-C during a long call cancels its job', async () => {
    const interrupt = new AbortController();
    const cancelled = Promise.withResolvers<void>();
    const done = await run(
      'inspect a.nwb',
      {
        inspect: async () => {
          interrupt.abort();
          await cancelled.promise;
          throw new Failure('anything', 'Ended.', 'Hint.');
        },
        cancel: async () => cancelled.resolve(),
      },
      { signal: interrupt.signal },
    );
    expect(done.code).toBe(130);
    expect(done.called('cancel')).toEqual([[done.called('inspect')[0][1]]]);
  });
});
