// LFADS op by op on TensorFlow.js: its backends `cpu`, `wasm`, `webgpu` and `tensorflow` behind the same Stepper as the fused engine.

import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { Failure } from '../../../contract/failure.ts';
import { opByOp } from '../op-by-op/op-by-op.ts';
import type { Build, Differentiator, Named, Operations, Weight } from '../op-by-op/operations.ts';
import type { MakeStepper } from '../stepper.ts';
import type { withErrorScopes } from './tfjs-gpu.ts';

export type TfjsBackend = 'cpu' | 'wasm' | 'webgpu' | 'tensorflow';

const flat = (values: Float32Array | Float64Array): Float32Array => (values instanceof Float32Array ? values : Float32Array.from(values));

const operations: Operations<tf.Tensor2D> = {
  constant: (values, rows, columns) => tf.tensor2d(flat(values), [rows, columns]),
  product: (a, b) => tf.matMul(a, b),
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  times: (a, b) => tf.mul(a, b),
  scale: (a, factor) => tf.mul(a, factor),
  offset: (a, by) => tf.add(a, by),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
  tanh: (a) => tf.tanh(a),
  sigmoid: (a) => tf.sigmoid(a),
  relu: (a) => tf.relu(a),
  square: (a) => tf.square(a),
  clip: (a, limit) => tf.clipByValue(a, -limit, limit),
  splitRows: (a, parts) => (parts === 1 ? [a] : tf.split(a, parts, 0)),
  splitColumns: (a, parts) => (parts === 1 ? [a] : tf.split(a, parts, 1)),
  rows: (a, from, to) => tf.slice2d(a, [from, 0], [to - from, a.shape[1]]),
  stackRows: (parts) => (parts.length === 1 ? parts[0]! : tf.concat2d([...parts], 0)),
  stackColumns: (parts) => (parts.length === 1 ? parts[0]! : tf.concat2d([...parts], 1)),
  sum: (a) => tf.reshape(tf.sum(a), [1, 1]),
  elements: (a) => a.size,
};

const upload = (weights: Named<Weight>): Record<string, tf.Tensor2D> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { values, rows, columns }]) => [name, operations.constant(values, rows, columns)]),
  );

async function download(tensors: Named<tf.Tensor>): Promise<Record<string, Float32Array>> {
  const read = Object.entries(tensors).map(async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const);
  try {
    return Object.fromEntries(await Promise.all(read));
  } finally {
    tf.dispose(Object.values(tensors));
  }
}

const computeValues: Differentiator['values'] = (weights, build) => download(tf.tidy(() => ({ ...build(operations, upload(weights)) })));

const computeGradients: Differentiator['gradients'] = async (weights, build, of) => {
  const names = Object.keys(weights);
  const { values, gradients } = tf.tidy(() => {
    let built: Named<tf.Tensor2D> = {};
    const leaves = Object.values(upload(weights));
    const loss = (): tf.Scalar => {
      built = build(operations, Object.fromEntries(names.map((name, i) => [name, leaves[i]!])));
      built = Object.fromEntries(Object.entries(built).filter(([, tensor]) => tensor.size === 1));
      for (const tensor of Object.values(built)) tf.keep(tensor);
      return tf.reshape(built[of]!, []);
    };
    // Unlike tf.valueAndGrads this admits weights that the loss does not depend on.
    const { value, grads } = tf.engine().gradients(loss, leaves);
    tf.dispose(value);
    const slopes = names.map((name, i) => [name, grads[i] ?? tf.zerosLike(leaves[i]!)] as const);
    return { values: { ...built }, gradients: Object.fromEntries(slopes) };
  });
  return { values: await download(values), gradients: await download(gradients) };
};

async function useBackend(backend: TfjsBackend, threads: number): Promise<void> {
  tf.env().set('PROD', true); // no advice on the console, no checks of what the tests have checked
  if (backend === 'wasm' && !tf.engine().registry.wasm) {
    const files = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    setWasmPaths(`${files}${sep}`);
    setThreadsCount(threads);
  }
  if (backend === 'tensorflow' || backend === 'webgpu') await (await import('./tfjs-gpu.ts')).register(backend);
  // Else small matrices are computed by JavaScript, and the test of gradients with them.
  if (backend === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  let cause: unknown;
  const started = await tf.setBackend(backend).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (!started)
    throw new Failure(
      'device-missing',
      `TensorFlow.js could not start its backend ${backend}.`,
      'Choose another device (orrery devices lists them).',
      { cause },
    );
  await tf.ready();
}

/** What runs, in the words of the library that runs it. */
export interface Running {
  readonly name: string;
  /** A processor plays the part of a graphics card. */
  readonly isSoftware: boolean;
}

interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}
interface WebgpuBackend {
  readonly device: Parameters<typeof withErrorScopes>[0];
}

async function describe(backend: TfjsBackend): Promise<Running> {
  const told = (name: string, isSoftware = false) => ({ name, isSoftware });
  if (backend === 'cpu') return told('TensorFlow.js, plain JavaScript');
  if (backend === 'wasm')
    return told(`TensorFlow.js, WebAssembly${(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? ' with SIMD' : ''}`);
  if (backend === 'tensorflow') {
    const { isUsingGpuDevice, binding } = tf.findBackend('tensorflow') as unknown as TensorflowBackend;
    return told(`TensorFlow ${binding.TF_Version}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`);
  }
  const gpu = await import('./tfjs-gpu.ts');
  const adapter = gpu.webgpuAdapter();
  return told(`TensorFlow.js, WebGPU, ${gpu.adapterName(adapter)}`, gpu.isSoftware(adapter));
}

/** Makes a backend the current one; a Failure says what is missing. */
export async function startBackend(backend: TfjsBackend, threads: number): Promise<Running> {
  await useBackend(backend, threads);
  return describe(backend);
}

/** Computes on one backend, whichever another Stepper has made current meanwhile. */
export async function differentiatorOn(backend: TfjsBackend): Promise<Differentiator> {
  const gpu = backend === 'webgpu' ? await import('./tfjs-gpu.ts') : undefined;
  const on = async <T>(compute: () => Promise<T>): Promise<T> => {
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
    const scopes = gpu && (tf.findBackend('webgpu') as unknown as WebgpuBackend).device;
    return gpu && scopes ? gpu.withErrorScopes(scopes, compute) : compute();
  };
  return {
    values: (weights, build: Build) => on(() => computeValues(weights, build)),
    gradients: (weights, build, of) => on(() => computeGradients(weights, build, of)),
  };
}

/** A maker of Steppers on a backend of TensorFlow.js. */
export const makeTfjsStepper =
  (backend: TfjsBackend): MakeStepper =>
  async (constants, threads) => {
    const { name } = await startBackend(backend, threads);
    return opByOp(constants, await differentiatorOn(backend), {
      device: backend,
      deviceName: name,
      build: `tfjs ${tf.version_core} ${backend}`,
    });
  };
