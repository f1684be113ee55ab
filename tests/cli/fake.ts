// A worker made of plain functions and a terminal that remembers, to try commands without files or fits.

import { orrery } from '../../src-main/cli/orrery.ts';
import type { Events, WorkerApi } from '../../src-worker/contract/api.ts';
import type { Catalogue } from '../../src-worker/contract/catalogue.ts';
import type { EnsembleReport, FitReport, RunRecord } from '../../src-worker/contract/run.ts';

export const catalogue: Catalogue = {
  formats: [{ id: 'nwb', title: 'NWB', version: 1, about: 'Neurodata', extensions: ['.nwb'], params: {} }],
  models: [
    {
      id: 'lfads',
      title: 'LFADS',
      version: 1,
      about: 'Fit LFADS',
      params: {
        steps: { kind: 'number', label: 'Steps', help: 'optimiser steps', integer: true, min: 1, tier: 'common' },
        kl: { kind: 'number', label: 'KL', help: 'weight of the prior', default: 1, min: 0, tier: 'rare' },
        jitter: { kind: 'switch', label: 'Jitter', help: 'moves spikes', default: true, tier: 'occasional' },
        centre: { kind: 'switch', label: 'Centre', help: 'centres factors', default: false, tier: 'occasional' },
        // Named as an option of the dataset is: it gets a prefix.
        binMs: { kind: 'number', label: 'Inner bin', help: 'of the model', unit: 'ms', tier: 'rare' },
      },
    },
    { id: 'smoothing', title: 'Smoothing', version: 1, about: 'Smooth counts', params: {} },
  ],
  analyses: [
    {
      id: 'tangling',
      title: 'Tangling',
      version: 1,
      about: 'Analyse tangling',
      needs: 'states',
      params: { softening: { kind: 'number', label: 'Softening', help: 'share of variance', default: 0.1, tier: 'rare' } },
    },
  ],
  views: [
    {
      id: 'tangling',
      title: 'Tangling',
      version: 1,
      about: 'Draw tangling',
      shows: 'tangling',
      params: {
        scale: { kind: 'choice', label: 'Scale', help: 'of the axis', choices: ['log', 'linear'], default: 'log', tier: 'common' },
      },
    },
    {
      id: 'trajectories',
      title: 'Trajectories',
      version: 1,
      about: 'Draw trajectories',
      shows: 'outputs',
      params: {
        state: { kind: 'choice', label: 'State', help: 'what moves', choices: ['rates', 'factors'], default: 'rates', tier: 'common' },
        trials: { kind: 'number', label: 'Most trials', help: 'drawn', default: 400, tier: 'occasional' },
      },
    },
  ],
  exporters: [{ id: 'hdf5', title: 'HDF5', version: 1, about: 'Write HDF5', extension: 'h5', params: {} }],
  dataset: {
    align: { kind: 'text', label: 'Align to', help: 'event', tier: 'common', offer: 'events' },
    windowMs: { kind: 'range', label: 'Window', help: 'about the event', unit: 'ms', tier: 'common' },
    binMs: { kind: 'number', label: 'Bin width', help: 'of counts', unit: 'ms', default: 20, min: 0.001, tier: 'common' },
    leaveOutUnits: { kind: 'list', of: 'number', label: 'Leave out units', help: 'rows', default: [], tier: 'occasional' },
    units: { kind: 'list', of: 'text', label: 'Units', help: 'filter', default: [], tier: 'common' },
  },
};

export const report: FitReport = {
  run: 'r1',
  model: 'lfads',
  device: 'fused',
  deviceName: 'CPU, relaxed SIMD',
  threads: 2,
  seed: 0,
  steps: 100,
  bestStep: 90,
  seconds: 12.5,
  dataset: {
    trials: 10,
    bins: 50,
    units: 5,
    heldOutUnits: 0,
    validationTrials: 2,
    left: [{ what: 'unit', rows: [3], why: '1 unit has no spikes in trials' }],
  },
  bitsPerSpike: 0.4321,
  perUnit: [],
  baselines: { smoothing: { bitsPerSpike: 0.21 } },
  beatsBaseline: true,
  diagnostics: { perturbationAuc: 0.9, aboveGlm: 0.0312 },
  readings: [
    { id: 'glm', title: 'Against the GLM', verdict: 'fine', sentence: 'Bits per spike are ahead.', numbers: ['aboveGlm'] },
    { id: 'gap', title: 'Training and validation', verdict: 'doubt', sentence: 'Learned by heart.', numbers: [] },
  ],
  notes: ['a note'],
};

export const ensemble: EnsembleReport = {
  runs: ['r0', 'r1', 'r2'],
  seeds: [0, 1, 2],
  model: 'lfads',
  metrics: { bitsPerSpike: { mean: 0.2, sd: 0.1, min: 0.1, max: 0.3 }, klInitial: { mean: 12.3456, sd: 1, min: 11, max: 13 } },
  averaged: { bitsPerSpike: 0.35 },
  baselines: report.baselines,
  beatsBaseline: true,
  agreement: {
    factors: { mean: 0.91, least: 0.88, pairs: 6 },
    factorsWithinConditions: { mean: 0.75, least: 0.7, pairs: 6 },
  },
  readings: [{ id: 'agreement', title: 'Agreement', verdict: 'look', sentence: 'Trust averages.', numbers: ['factors'] }],
  seconds: 2,
};

export const record = (changes: Partial<RunRecord> = {}): RunRecord => ({
  id: 'r1',
  model: 'lfads',
  modelVersion: 1,
  dataset: 'd1',
  seed: 0,
  state: 'finished',
  created: '2020-01-01T00:00:00Z',
  settings: {},
  resolved: {},
  device: 'fused',
  step: 100,
  bestStep: 90,
  report,
  ...changes,
});

export interface Calls {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Runs a command line against the given methods; a method that is not given fails the test by name. */
export async function run(
  line: string | readonly string[],
  methods: Partial<WorkerApi> = {},
  { folder = '/home/user', signal = new AbortController().signal }: { folder?: string; signal?: AbortSignal } = {},
) {
  const calls: Calls[] = [];
  const listeners: Partial<Events>[] = [];
  const all: Partial<WorkerApi> = { catalogue: async () => catalogue, ...methods };
  const api = new Proxy({} as WorkerApi, {
    get: (_, name) =>
      name === 'then'
        ? undefined
        : async (...args: readonly unknown[]) => {
            calls.push({ name: String(name), args });
            const method = all[name as keyof WorkerApi] as ((...of: readonly unknown[]) => unknown) | undefined;
            if (!method) throw new Error(`${String(name)} was not expected`);
            return method(...args);
          },
  });
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), interactive: false, folder };
  let closed = 0;
  const connect = async () => ({
    api,
    listen: (events: Partial<Events>) => {
      listeners.push(events);
      return () => void listeners.splice(listeners.indexOf(events), 1);
    },
    close: async () => void closed++,
  });
  const words = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const code = await orrery(words, terminal, connect, signal);
  const last = out.at(-1)?.split('\n').at(-1) ?? '';
  const called = (name: string) => calls.filter((call) => call.name === name).map(({ args }) => args);
  return {
    code,
    out: out.join('\n'),
    err: err.join('\n'),
    calls,
    called,
    closed,
    listening: listeners.length,
    json: (): Record<string, unknown> => JSON.parse(last),
  };
}
