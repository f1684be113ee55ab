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

/** At least this many shards where the batch allows: as many threads as can share it. */
const SHARDS = 8;
/** Every build multiplies this many rows at once without waste. */
const ROWS = 4;
/** Two tiles of 6, or three of 4. What one shard keeps for the way back then stays nearer to the processor than that of larger shards. */
const BLOCK = 12;
/** Larger batches have larger shards rather than many more: each has a gradient of its own. */
const MOST_BLOCKS = 24;

/** One shard: consecutive trials of the batch. */
export interface Shard {
  readonly first: number;
  readonly rows: number;
}

/**
 * Divides a batch. Shards share no sums, so they set the low bits: they follow the batch and the build's tile, never the machine.
 * Where tiles have 6 rows, shards of 8 become shards of 6 and 4, two to one, which multiply a fifth faster.
 */
export function divide(batch: number, tileRows: number): readonly Shard[] {
  const least = Math.max(ROWS, ROWS * Math.floor(batch / (SHARDS * ROWS)));
  const even = least < BLOCK ? least : roundUp(batch / MOST_BLOCKS, BLOCK);
  const sixes = even === 8 && tileRows === 6 ? 2 * Math.floor(batch / 16) : 0;
  const shards: Shard[] = [];
  for (let first = 0; first < batch; ) {
    const rows = shards.length < sixes ? 6 : sixes > 0 ? ROWS : even;
    shards.push({ first, rows: Math.min(rows, batch - first) });
    first += rows;
  }
  return shards;
}
