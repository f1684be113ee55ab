// The memory plan's means: addresses handed out in order, so that a plan is a pure function of sizes, shards and tile.

/** Bytes at the start that hold the threads' control words and the step's settings (see crew.ts). */
export const RESERVED_BYTES = 4096;

export const roundUp = (n: number, multiple: number): number => Math.ceil(n / multiple) * multiple;

/** Hands out byte addresses, each on a cache line of its own with a little slack behind it, where a last vector may read or write. */
export class Arena {
  #end = RESERVED_BYTES;

  floats(count: number): number {
    return this.bytes(4 * count);
  }

  bytes(count: number): number {
    const at = this.#end;
    this.#end = roundUp(at + count + 64, 64);
    return at;
  }

  /** Bytes handed out so far. */
  get size(): number {
    return this.#end;
  }
}

/** Shards share no sums, so their number sets the low bits: at least this many where the batch allows. */
const SHARDS = 8;
/** Rows that every build multiplies without a slow tail. */
const ROWS = 4;

/** Rows of each shard but perhaps the last, from the batch alone: never from the machine. */
export const shardRows = (batch: number): number => Math.max(ROWS, ROWS * Math.floor(batch / (SHARDS * ROWS)));

export const shardCount = (batch: number): number => Math.ceil(batch / shardRows(batch));
