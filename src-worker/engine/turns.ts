// Gradients that threads form side by side and that are added up in a fixed order, so that which thread formed which changes no bit. Each is added
// as soon as its turn comes, whoever has just finished does it, and its room serves another: what is written soon lies near, and memory
// holds few of them.

import { pause, troubled } from './crew.ts';
import type { Kernels } from './kernels.ts';
import type { Arena } from './memory.ts';

/** 32-bit words, each on a cache line of its own: how many gradients have been added, and whether a thread is at adding. */
const ADDED = 0;
const BUSY = 16;
/** From here on, for each spare room, one more than the number of the gradient that lies finished in it, 0 where there is none. */
const FINISHED = 32;

/** Addresses: the words, the sum, which is where gradient 0 is formed, and rooms where others are, as many for each thread. */
export interface TurnsPlan {
  readonly words: number;
  readonly sum: number;
  readonly spare: readonly number[];
  readonly each: number;
  /** Floats of a gradient. */
  readonly length: number;
}

/**
 * Rooms of the threads that form gradients: with one thread a single one beside the sum, with more two for each, so that they seldom wait. Each keeps
 * its own, which then lie in its caches.
 */
export function planTurns(arena: Arena, threads: number, length: number): TurnsPlan {
  const each = threads === 1 ? 1 : 2;
  const [sum, ...spare] = Array.from({ length: 1 + each * threads }, () => arena.floats(length)) as [number, ...number[]];
  return { words: arena.bytes(4 * (FINISHED + spare.length)), sum, spare, each, length };
}

/** A thread's side. */
export class Turns {
  readonly #k: Kernels;
  readonly #buffer: SharedArrayBuffer;
  readonly #plan: TurnsPlan;
  readonly #words: Int32Array;
  /** The first of this thread's rooms. */
  readonly #own: number;
  /** The one that it took last. */
  #taken = 0;

  constructor(k: Kernels, buffer: SharedArrayBuffer, plan: TurnsPlan, thread: number) {
    this.#k = k;
    this.#buffer = buffer;
    this.#plan = plan;
    this.#own = thread * plan.each;
    this.#words = new Int32Array(buffer, plan.words, FINISHED + plan.spare.length);
  }

  /** Before a pass, by the lead alone. */
  begin(): void {
    this.#words.fill(0);
  }

  /**
   * Where gradient `index` is to be formed, once one of the thread's rooms is free. Threads take them in order, so that the first that is not yet
   * added never waits: all that its thread formed before have been.
   */
  take(index: number): number {
    const { sum, spare } = this.#plan;
    if (index === 0) return sum;
    for (;;) {
      const added = this.#added();
      const free = this.#free();
      if (free !== undefined) {
        this.#taken = free;
        return spare[free]!;
      }
      if (troubled(this.#buffer)) throw new Error('Another compute thread failed.');
      pause(this.#words, ADDED, added);
    }
  }

  /** Gradient `index` is whole, where the thread last took room; those whose turn it is are added. */
  finish(index: number): void {
    const words = this.#words;
    if (index === 0) Atomics.store(words, ADDED, 1);
    else Atomics.store(words, FINISHED + this.#taken, index + 1);
    Atomics.notify(words, ADDED);
    // Whoever finishes while another is at adding leaves it to that one, who looks again after it has said that it is not.
    while (this.#next() !== undefined && Atomics.compareExchange(words, BUSY, 0, 1) === 0) {
      for (let room = this.#next(); room !== undefined; room = this.#next()) this.#add(room);
      Atomics.store(words, BUSY, 0);
    }
  }

  #added(): number {
    return Atomics.load(this.#words, ADDED);
  }

  /** The first of the thread's rooms in which no finished gradient lies. */
  #free(): number | undefined {
    for (let room = this.#own; room < this.#own + this.#plan.each; room++)
      if (Atomics.load(this.#words, FINISHED + room) === 0) return room;
    return undefined;
  }

  /** The room with the gradient whose turn it is, if it is finished. */
  #next(): number | undefined {
    const next = this.#added();
    if (next === 0) return undefined;
    for (let room = 0; room < this.#plan.spare.length; room++) if (Atomics.load(this.#words, FINISHED + room) === next + 1) return room;
    return undefined;
  }

  #add(room: number): void {
    const { sum, spare, length } = this.#plan;
    this.#k.add(sum, spare[room]!, length);
    Atomics.store(this.#words, FINISHED + room, 0);
    Atomics.add(this.#words, ADDED, 1);
    Atomics.notify(this.#words, ADDED);
  }
}
