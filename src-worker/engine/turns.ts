// Gradients that threads form side by side and that are added up in a fixed order, so that which thread formed which changes no bit. Each is added
// as soon as its turn comes, whoever has just finished does it, and its room serves another: what is written soon lies near, and memory
// holds few of them.

import { pause, troubled } from './crew.ts';
import type { Kernels } from './kernels.ts';
import type { Arena } from './memory.ts';

/** 32-bit words, each on a cache line of its own: how many gradients have been added, and whether a thread is at adding. */
const ADDED = 0;
const BUSY = 16;
/** From here on, for each spare room, one more than the number of the gradient that lies finished in it. */
const FINISHED = 32;

/** Addresses: the words, the sum, which is where gradient 0 is formed, and rooms where others are, in turn. */
export interface TurnsPlan {
  readonly words: number;
  readonly sum: number;
  readonly spare: readonly number[];
  /** Floats of a gradient. */
  readonly length: number;
}

/** Room for `count` gradients over some threads: with one thread a single one beside the sum, with more so many that threads seldom wait. */
export function planTurns(arena: Arena, threads: number, count: number, length: number): TurnsPlan {
  const rooms = Math.min(count - 1, 2 * threads - 1);
  const [sum, ...spare] = Array.from({ length: 1 + rooms }, () => arena.floats(length)) as [number, ...number[]];
  return { words: arena.bytes(4 * (FINISHED + rooms)), sum, spare, length };
}

/** A thread's side. */
export class Turns {
  readonly #k: Kernels;
  readonly #buffer: SharedArrayBuffer;
  readonly #plan: TurnsPlan;
  readonly #words: Int32Array;

  constructor(k: Kernels, buffer: SharedArrayBuffer, plan: TurnsPlan) {
    this.#k = k;
    this.#buffer = buffer;
    this.#plan = plan;
    this.#words = new Int32Array(buffer, plan.words, FINISHED + plan.spare.length);
  }

  /** Before a pass, by the lead alone. */
  begin(): void {
    this.#words.fill(0);
  }

  /** Where gradient `index` is to be formed, once that room is free. Threads take them in order, so that the first of them never waits. */
  take(index: number): number {
    const { sum, spare } = this.#plan;
    if (index === 0) return sum;
    /** Who had the room before. */
    const before = index - spare.length;
    for (let added = this.#added(); before > 0 && added <= before; added = this.#added()) {
      if (troubled(this.#buffer)) throw new Error('Another compute thread failed.');
      pause(this.#words, ADDED, added);
    }
    return spare[this.#room(index)]!;
  }

  /** Gradient `index` is whole; those whose turn it is are added. */
  finish(index: number): void {
    const words = this.#words;
    if (index === 0) Atomics.store(words, ADDED, 1);
    else Atomics.store(words, FINISHED + this.#room(index), index + 1);
    Atomics.notify(words, ADDED);
    // Whoever finishes while another is at adding leaves it to that one, who looks again after it has said that it is not.
    while (this.#isNext() && Atomics.compareExchange(words, BUSY, 0, 1) === 0) {
      while (this.#isNext()) this.#addNext();
      Atomics.store(words, BUSY, 0);
    }
  }

  #added(): number {
    return Atomics.load(this.#words, ADDED);
  }

  #room(index: number): number {
    return (index - 1) % this.#plan.spare.length;
  }

  #isNext(): boolean {
    const next = this.#added();
    return next > 0 && this.#plan.spare.length > 0 && Atomics.load(this.#words, FINISHED + this.#room(next)) === next + 1;
  }

  #addNext(): void {
    const { sum, spare, length } = this.#plan;
    const next = this.#added();
    this.#k.add(sum, spare[this.#room(next)]!, length);
    Atomics.store(this.#words, ADDED, next + 1);
    Atomics.notify(this.#words, ADDED);
  }
}
