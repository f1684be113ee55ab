// The two backends of TensorFlow.js that reach a GPU: libtensorflow through tfjs-node-gpu, and WebGPU through Dawn.

import { createRequire } from 'node:module';
import util from 'node:util';
import { Failure } from '../../contract/failure.ts';

// Under another name than `require`: the build puts one of that name above the code.
const load = createRequire(import.meta.url);

/** Kept, because the device is lost when Dawn's object is collected. */
let gpu: unknown;
/** What the library says of the adapter. */
let adapterName: string | undefined;

const missing = (name: string, cause: unknown): Failure =>
  new Failure('device-missing', `The device ${name} is not installed here.`, 'Run: npm run gpu', { cause });

function registerTensorflow(): void {
  // tfjs-node 4.22 calls two functions that Node 23 took away.
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (x: unknown): boolean => x === null || x === undefined;
  old.isArray ??= Array.isArray;
  try {
    load('@tensorflow/tfjs-node-gpu');
  } catch (cause) {
    throw missing('tensorflow', cause);
  }
}

interface Adapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly device?: string; readonly description?: string };
}
interface Dawn {
  create(options: readonly string[]): { requestAdapter(): Promise<Adapter | null> };
  readonly globals: object;
}

function loadDawn(): Dawn {
  try {
    return load('webgpu') as Dawn;
  } catch (cause) {
    throw missing('webgpu', cause);
  }
}

async function registerWebgpu(): Promise<void> {
  if (gpu === undefined) {
    const dawn = loadDawn();
    Object.assign(globalThis, dawn.globals);
    const made = dawn.create([]);
    const adapter = await made.requestAdapter();
    if (!adapter)
      throw new Failure('device-missing', 'WebGPU found no graphics adapter here.', 'Install a driver for Vulkan, Metal or Direct3D 12.');
    adapterName = adapter.info?.description || adapter.info?.device || adapter.info?.vendor;
    Object.defineProperty(globalThis.navigator, 'gpu', { value: made, configurable: true });
    gpu = made;
  }
  // It looks for `navigator.gpu` when it is loaded.
  load('@tensorflow/tfjs-backend-webgpu');
}

/** Makes the backend known to TensorFlow.js; a Failure says what is missing. */
export async function register(backend: 'tensorflow' | 'webgpu'): Promise<void> {
  if (backend === 'tensorflow') registerTensorflow();
  else await registerWebgpu();
}

/** The adapter in the library's own words, once registered; a software adapter names itself. */
export const webgpuAdapter = (): string | undefined => adapterName;

/** Lets the process end. */
export function releaseGpu(): void {
  gpu = undefined;
}
