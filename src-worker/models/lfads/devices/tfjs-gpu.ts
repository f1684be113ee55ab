// The two backends of TensorFlow.js that reach a GPU: libtensorflow through tfjs-node-gpu, and WebGPU through Dawn.

import { createRequire } from 'node:module';
import util from 'node:util';
import { Failure } from '../../../contract/failure.ts';

// Under another name than `require`: the build puts one of that name above the code.
const load = createRequire(import.meta.url);

/** What the library says of the adapter that a WebGPU device came from. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}
interface Adapter {
  readonly info?: AdapterInfo;
}
interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: object;
}

/** Kept, because the device is lost when Dawn's object is collected. */
let gpu: Gpu | undefined;
/** Of the adapter that was handed out last. */
let adapter: AdapterInfo | undefined;

const missing = (name: string, needs: string, hint: string, cause: unknown): Failure =>
  new Failure('device-missing', `The device ${name} is not here: ${needs}.`, hint, { cause });

const isNotFound = (cause: unknown, name: string): boolean =>
  cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && cause.message.includes(`'${name}'`);

function registerTensorflow(): void {
  // tfjs-node 4.22 calls two functions of old Node: one that Node 23 took away, one that warns.
  Object.assign(util, { isNullOrUndefined: (x: unknown): boolean => x === null || x === undefined, isArray: Array.isArray });
  const name = '@tensorflow/tfjs-node-gpu';
  try {
    load(name);
  } catch (cause) {
    // Set-up leaves the compiled half out: the package alone is as good as none.
    const [needs, hint] = isNotFound(cause, name)
      ? [`the package ${name} is not installed`, 'Run: npm run setup, then npm run gpu.']
      : /tfjs_binding|libtensorflow/.test(String(cause))
        ? ['TensorFlow’s compiled library has not been fetched', 'Run: npm run gpu (wants an NVIDIA driver, CUDA 11.2 and cuDNN 8.1).']
        : ['TensorFlow’s library did not load', 'It wants an NVIDIA driver, CUDA 11.2 and cuDNN 8.1. Run: npm run gpu.'];
    throw missing('tensorflow', needs, hint, cause);
  }
}

function loadDawn(): Dawn {
  try {
    return load('webgpu') as Dawn;
  } catch (cause) {
    throw missing('webgpu', 'the package webgpu is not installed for this system', 'Run: npm run setup.', cause);
  }
}

async function registerWebgpu(): Promise<void> {
  if (gpu === undefined) {
    const dawn = loadDawn();
    const made = dawn.create([]);
    if (!(await made.requestAdapter({ powerPreference: 'high-performance' })))
      throw missing('webgpu', 'no graphics adapter was found', 'Install a driver for Vulkan, Metal or Direct3D 12.', undefined);
    const watched: Gpu = {
      async requestAdapter(options) {
        const found = await made.requestAdapter(options);
        adapter = found?.info;
        return found;
      },
    };
    Object.assign(globalThis, dawn.globals);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: watched, configurable: true });
    gpu = watched;
  }
  try {
    // It looks for `navigator.gpu` when it is loaded.
    load('@tensorflow/tfjs-backend-webgpu');
  } catch (cause) {
    throw missing('webgpu', 'the package @tensorflow/tfjs-backend-webgpu is not installed', 'Run: npm run setup.', cause);
  }
}

/** Makes the backend known to TensorFlow.js; a Failure says what is missing and how to get it. */
export async function register(backend: 'tensorflow' | 'webgpu'): Promise<void> {
  if (backend === 'tensorflow') registerTensorflow();
  else await registerWebgpu();
}

/** A processor that plays the part of a graphics card. */
export const isSoftware = ({ isFallbackAdapter, architecture, description }: AdapterInfo): boolean =>
  isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(`${architecture} ${description}`);

/** The adapter in use, once the backend was started. */
export const webgpuAdapter = (): AdapterInfo => adapter ?? {};

/** The adapter's name in the library's words; a software adapter is named as one. */
export function adapterName(info: AdapterInfo): string {
  const name = info.description || info.device || info.architecture || info.vendor || 'unnamed adapter';
  return isSoftware(info) ? `${name} (software)` : name;
}

interface ErrorScopes {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  pushErrorScope(filter: string): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

const FILTERS = ['validation', 'internal', 'out-of-memory'] as const;

/**
 * Runs what is to be computed on a WebGPU device and throws where the device was lost or refused any part of it: WebGPU itself goes on
 * with zeros.
 */
export async function withErrorScopes<T>(device: ErrorScopes, compute: () => Promise<T>): Promise<T> {
  const lost = device.lost.then(({ message, reason }): never => {
    throw new Error(`the graphics device was lost (${message || reason})`);
  });
  lost.catch(() => {});
  for (const filter of FILTERS) device.pushErrorScope(filter);
  // Scopes come off whatever happened, in the other order.
  const popped = async (): Promise<string | undefined> => {
    const errors = await Promise.all(FILTERS.map(() => device.popErrorScope().catch(() => null)));
    return errors.find((error) => error !== null)?.message;
  };
  const computed = compute().then(
    async (value) => ({ value, refused: await popped() }),
    async (cause: unknown) => {
      const refused = await popped();
      throw refused === undefined ? cause : new Error(refused, { cause });
    },
  );
  const { value, refused } = await Promise.race([computed, lost]);
  if (refused !== undefined) throw new Error(refused);
  return value;
}
