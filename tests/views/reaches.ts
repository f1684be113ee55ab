// A small delayed-reach experiment with known rates: planning, a pulse, a turning movement, a push in some trials. The system is
// that of the sample recording, stepped coarsely; rates stand in for what a model would infer.

import { key, normal, STREAM, uniform } from '../../src-worker/engine/random.ts';
import type { Arrays } from '../../src-worker/contract/result.ts';
import type { MetricPoint, RunRecord } from '../../src-worker/contract/run.ts';
import { TRAINING, VALIDATION, type Dataset } from '../../src-worker/dataset/dataset.ts';
import { hashOf } from '../../src-worker/store/hash.ts';

export interface Reaches {
  readonly trials: number;
  readonly units: number;
  readonly conditions?: boolean;
  readonly bins?: number;
}

const STREAM_OF = STREAM.split;

export function reaches({ trials, units, conditions = true, bins = 50 }: Reaches): {
  readonly dataset: Dataset;
  readonly outputs: Arrays;
  readonly run: RunRecord;
  readonly curves: readonly MetricPoint[];
  /** Log rates in Hz are weights · z + bias. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
} {
  const binMs = 20;
  const k = (...of: readonly number[]) => key(5, STREAM_OF, ...of);
  const direction = Int32Array.from({ length: trials }, (_, i) => (i * 5 + (i >> 3)) % 8);
  const goMs = Float64Array.from({ length: trials }, (_, i) => -110 - Math.floor(90 * uniform(k(1), i)));
  const push = Int32Array.from({ length: trials }, (_, i) => (i % 4 === 1 ? (i % 8 === 1 ? 1 : -1) : 0));
  const pushMs = Float64Array.from({ length: trials }, (_, i) => (push[i] ? 20 + 200 * uniform(k(2), i) : Number.NaN));
  const weights = Array.from({ length: units }, (_, u) =>
    Array.from({ length: 6 }, (_, j) => normal(k(3, u), j) * [0.5, 1.2, 1.2, 1.4, 1.4, 0.6][j]),
  );
  const bias = Array.from({ length: units }, (_, u) => 2.1 + 0.4 * normal(k(9), u));
  const latents = new Float32Array(trials * bins * 6);
  const rates = new Float32Array(trials * bins * units);
  const counts = new Float32Array(trials * bins * units);
  const inputs = new Float32Array(trials * bins * 2);
  const speed = new Float32Array(trials * bins * 2);
  for (let trial = 0; trial < trials; trial++) {
    const angle = (Math.PI * direction[trial]) / 4;
    const gain = 1 + 0.2 * normal(k(4), trial);
    const [tx, ty] = [gain * Math.cos(angle) + 0.2 * normal(k(5), trial), gain * Math.sin(angle) + 0.2 * normal(k(6), trial)];
    let [s, qx, qy, px, py, m] = [-1, 0.75 * tx, 0.75 * ty, 0, 0, 0];
    for (let bin = 0; bin < bins; bin++) {
      for (let part = 0; part < 10; part++) {
        const t = -400 + bin * binMs + part * 2;
        const go = t >= -30 && t < 20 ? 40 : 0;
        const kick = push[trial] && t >= pushMs[trial] && t < pushMs[trial] + 60 ? push[trial] : 0;
        const g = (1 + s) / 2;
        const h = (1 - g) / 0.08;
        const w = 12.566;
        const d = [
          15 * (s - s ** 3) + go,
          h * (tx - qx) - g * (3.5 * qx + w * px),
          h * (ty - qy) - g * (3.5 * qy + w * py),
          -h * px + g * (w * qx - 3.5 * px) + 11 * kick,
          -h * py + g * (w * qy - 3.5 * py),
          20 * kick - m / 0.08,
        ];
        [s, qx, qy, px, py, m] = [s, qx, qy, px, py, m].map((value, j) => value + 0.002 * d[j]);
        if (part === 5) inputs.set([kick + 0.1 * normal(k(7, trial), bin), 0.1 * normal(k(8, trial), bin)], (trial * bins + bin) * 2);
      }
      speed.set([60 * px, 60 * py], (trial * bins + bin) * 2);
      const z = [s, qx, qy, px, py, m];
      latents.set(z, (trial * bins + bin) * 6);
      for (let u = 0; u < units; u++) {
        const rate = Math.min(120, Math.exp(bias[u] + weights[u].reduce((sum, weight, j) => sum + weight * z[j] * 0.8, 0)));
        const at = (trial * bins + bin) * units + u;
        rates[at] = rate;
        // Poisson by inversion.
        let [count, mass] = [0, Math.exp((-rate * binMs) / 1000)];
        for (let sum = mass, draw = uniform(k(10, trial, u), bin); draw > sum && count < 20; sum += mass)
          mass *= (rate * binMs) / 1000 / ++count;
        counts[at] = count;
      }
    }
  }
  const timed = (name: string, timeMs: Float64Array) => ({ name, timeMs });
  const recipe = { kind: 'dataset', version: 1, recording: 'reaches', settings: {} } as const;
  const split = Uint8Array.from({ length: trials }, (_, i) => (i % 5 === 4 ? VALIDATION : TRAINING));
  const rows = Int32Array.from({ length: trials }, (_, i) => i + (i >= 20 ? 1 : 0));
  const unitRows = Int32Array.from({ length: units }, (_, u) => u);
  const names = Array.from({ length: 8 }, (_, i) => String(45 * i));
  const dataset: Dataset = {
    recipe,
    hash: hashOf(recipe),
    trials,
    bins,
    units,
    binMs,
    event: 'move_onset_time',
    edgesMs: Float64Array.from({ length: bins + 1 }, (_, i) => -400 + i * binMs),
    counts,
    trialRows: rows,
    unitRows,
    trialIds: Float64Array.from(rows),
    unitIds: Float64Array.from(unitRows),
    areas: Array.from({ length: units }, (_, u) => (u < units / 2 ? 'PMd' : 'M1')),
    split,
    heldOut: Uint8Array.from({ length: units }, (_, u) => (u % 4 === 3 ? 1 : 0)),
    ...(conditions
      ? { conditions: { label: 'direction', names, of: direction, scale: 'angle', values: Float64Array.from(names, Number) } as const }
      : {}),
    behaviors: [{ name: 'hand_velocity', unit: 'cm/s', channels: ['x', 'y'], values: speed }],
    truth: rates.map((rate) => (rate * binMs) / 1000),
    events: [timed('go_cue_time', goMs), timed('move_onset_time', new Float64Array(trials)), timed('perturbation_time', pushMs)],
    columns: [],
    summary: {
      hash: hashOf(recipe),
      trials,
      bins,
      units,
      binMs,
      windowMs: [-400, -400 + bins * binMs],
      event: 'move_onset_time',
      emptyShare: 0.8,
      spikes: counts.reduce((a, b) => a + b, 0),
      conditions: [],
      trainingTrials: split.filter((kind) => kind === TRAINING).length,
      validationTrials: split.filter((kind) => kind === VALIDATION).length,
      testTrials: 0,
      heldOutUnits: 0,
      bytes: 0,
      left: [],
      warnings: [],
      hasTruth: true,
      behaviors: ['hand_velocity'],
      externals: [],
    },
  };
  const outputs: Arrays = {
    rates: { values: rates, shape: [trials, bins, units], axes: ['trial', 'bin', 'unit'], unit: 'Hz' },
    inputs: { values: inputs, shape: [trials, bins, 2], axes: ['trial', 'bin', 'input'], unit: '1' },
    generator: { values: latents, shape: [trials, bins, 6], axes: ['trial', 'bin', 'state'], unit: '' },
    initialConditions: {
      values: rates.filter((_, i) => i % (bins * units) < Math.min(8, units)),
      shape: [trials, Math.min(8, units)],
      axes: ['trial', 'dimension'],
      unit: '1',
    },
  };
  const run: RunRecord = {
    id: 'a1b2c3d4',
    model: 'lfads',
    modelVersion: 1,
    dataset: dataset.hash,
    seed: 2,
    state: 'finished',
    created: '2026-01-01T00:00:00Z',
    settings: {},
    resolved: {},
    device: 'fused',
    step: 1000,
    bestStep: 900,
  };
  const curves: MetricPoint[] = Array.from({ length: 60 }, (_, i) => {
    const fall = Math.exp(-i / 12);
    return {
      step: 20 * i,
      values: {
        trainLoss: 0.3 + 0.1 * fall + 0.002 * normal(k(11), i),
        validationBitsPerSpike: 0.46 - 0.5 * fall + 0.01 * normal(k(12), i),
        klInitial: 5 * (1 - fall),
        klInputs: 2 * (1 - fall),
        gradientNorm: 1 + fall,
        learningRate: 0.004 * Math.min(1, 2 - i / 30),
      },
    };
  });
  return { dataset, outputs, run, curves, weights: weights.map((row) => row.map((weight) => 0.8 * weight)), bias };
}
