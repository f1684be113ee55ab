// Threads at one piece of work: the lead starts a pass, everybody takes shards from a common counter, the lead goes on when all are done.
// Which thread took which shard changes nothing. Waiting spins for some microseconds, then sleeps.

/** Indices of 32-bit control words at the start of the job's memory, each on a cache line of its own. */
const PASS = 0;
const NEXT = 16;
const DONE = 32;
const TROUBLE = 48;
/** Byte address of the numbers (float64) that describe the pass. */
const NUMBERS = 1024;
export const PASS_NUMBERS = 32;

const SPINS = 20_000;

/** Waits until the word no longer holds `value`, a second at most. */
export function pause(words: Int32Array, index: number, value: number): void {
  for (let i = 0; i < SPINS; i++) if (Atomics.load(words, index) !== value) return;
  Atomics.wait(words, index, value, 1000);
}

/** Waits while the word holds `value`. */
function waitWhile(words: Int32Array, index: number, value: number): void {
  while (Atomics.load(words, index) === value) pause(words, index, value);
}

/** Whether a thread failed in this pass, so that nobody should wait for what it has not done. */
export const troubled = (buffer: SharedArrayBuffer): boolean => Atomics.load(new Int32Array(buffer, 0, 64), TROUBLE) !== 0;

export type Work = (index: number, numbers: Float64Array) => void;

/** The lead's side. `helpers` is the number of other threads. */
export class Lead {
  readonly #words: Int32Array;
  readonly #helpers: number;
  readonly numbers: Float64Array;

  constructor(buffer: SharedArrayBuffer, helpers: number) {
    this.#words = new Int32Array(buffer, 0, 64);
    this.numbers = new Float64Array(buffer, NUMBERS, PASS_NUMBERS);
    this.#helpers = helpers;
  }

  /** Runs `work` for 0 … count − 1 over all threads; `numbers` must be set. Throws where any thread failed. */
  run(count: number, work: Work): void {
    const words = this.#words;
    Atomics.store(words, DONE, 0);
    Atomics.store(words, TROUBLE, 0);
    Atomics.store(words, NEXT, 0);
    this.numbers[PASS_NUMBERS - 1] = count;
    Atomics.add(words, PASS, 1);
    Atomics.notify(words, PASS);
    try {
      takeAll(words, count, (index) => work(index, this.numbers));
    } catch (cause) {
      Atomics.store(words, TROUBLE, 1);
      throw cause;
    } finally {
      for (let done = Atomics.load(words, DONE); done < this.#helpers; done = Atomics.load(words, DONE)) waitWhile(words, DONE, done);
    }
    if (Atomics.load(words, TROUBLE)) throw new Error('A compute thread failed.');
  }
}

function takeAll(words: Int32Array, count: number, work: (index: number) => void): void {
  for (let index = Atomics.add(words, NEXT, 1); index < count; index = Atomics.add(words, NEXT, 1)) work(index);
}

/** A helper's life: works at every pass until the job ends. `failed` hears of trouble before the lead does. */
export function help(buffer: SharedArrayBuffer, work: Work, failed: (cause: unknown) => void): void {
  const words = new Int32Array(buffer, 0, 64);
  const numbers = new Float64Array(buffer, NUMBERS, PASS_NUMBERS);
  let seen = 0;
  for (;;) {
    waitWhile(words, PASS, seen);
    seen = Atomics.load(words, PASS);
    if (seen < 0) return;
    try {
      takeAll(words, numbers[PASS_NUMBERS - 1]!, (index) => work(index, numbers));
    } catch (cause) {
      Atomics.store(words, TROUBLE, 1);
      failed(cause);
    }
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
}

/** Ends the helpers' waiting. */
export function dismiss(buffer: SharedArrayBuffer): void {
  const words = new Int32Array(buffer, 0, 64);
  Atomics.store(words, PASS, -1);
  Atomics.notify(words, PASS);
}
