// Minibatches that are always full: what is left of one pass through the trials opens the next, and no batch holds a trial twice.

import { key, permutation, STREAM } from '../engine/random.ts';

/** A function of seed and step alone; asking for steps in order costs one permutation a pass. */
export class Minibatches {
  readonly size: number;
  readonly #items: Int32Array;
  readonly #seed: number;
  /** Order of the passes that the last batch touched, and where the batch of `#step` starts in it. */
  #queue: number[] = [];
  #pass = 0;
  #step = 0;

  constructor(items: Int32Array, size: number, seed: number) {
    this.#items = items;
    this.size = Math.min(size, items.length);
    this.#seed = seed;
  }

  /** The items of the batch of a step, counted from 0. */
  at(step: number): Int32Array {
    if (step < this.#step) [this.#queue, this.#pass, this.#step] = [[], 0, 0];
    for (; ; this.#step++) {
      if (this.#queue.length < this.size) this.#refill();
      if (this.#step === step) return Int32Array.from(this.#queue.slice(0, this.size));
      this.#queue.splice(0, this.size);
    }
  }

  /** Appends a pass; items that wait from the one before come after the rest of the batch that they open. */
  #refill(): void {
    const waiting = new Set(this.#queue);
    const order = Array.from(permutation(key(this.#seed, STREAM.batches, this.#pass++), this.#items.length), (i) => this.#items[i]!);
    const fresh = order.filter((item) => !waiting.has(item));
    const rest = this.size - this.#queue.length;
    const head = fresh.slice(0, rest);
    const used = new Set(head);
    this.#queue.push(...head, ...order.filter((item) => !used.has(item)));
  }
}
