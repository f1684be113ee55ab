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

/** Consecutive shards that a thread takes one after another, and that add to one gradient. */
export interface Share {
  readonly first: number;
  readonly shards: number;
}

/** With more shards than this, sixteen threads take two each in any case. */
const SINGLE = 16;

/**
 * Shards in shares: two by two where there are many, so that fewer gradients are added up, the last ones single, so that threads end together.
 * Shares set the low bits as shards do.
 */
export function share(shards: readonly Shard[]): readonly Share[] {
  const shares: Share[] = [];
  for (let first = 0; first < shards.length; ) {
    const count = shards.length > SINGLE && shards.length - first > SHARDS ? 2 : 1;
    shares.push({ first, shards: count });
    first += count;
  }
  return shares;
}

/**
 * Divides a batch. Shards share no sums, so they set the low bits: they follow the batch and the build's tile, never the machine.
 * Where tiles have 6 rows, shards of 8 become shards of 6 and 4, two to one, which multiply a fifth faster. Of larger ones an even number is whole;
 * what is left goes in halves, so that two threads end together.
 */
export function divide(batch: number, tileRows: number): readonly Shard[] {
  const least = Math.max(ROWS, ROWS * Math.floor(batch / (SHARDS * ROWS)));
  const even = least < BLOCK ? least : roundUp(batch / MOST_BLOCKS, BLOCK);
  const sixes = even === 8 && tileRows === 6 ? 2 * Math.floor(batch / 16) : 0;
  const whole = even < BLOCK ? 0 : 2 * Math.floor(batch / (2 * even));
  const half = roundUp(even / 2, tileRows);
  const shards: Shard[] = [];
  for (let first = 0; first < batch; ) {
    const left = batch - first;
    const before = shards.length;
    let rows = before < sixes ? 6 : sixes > 0 ? ROWS : even;
    if (even >= BLOCK && before >= whole) rows = left > half + 2 ? half : left > half ? roundUp(left / 2, ROWS) : left;
    shards.push({ first, rows: Math.min(rows, left) });
    first += rows;
  }
  return shards;
}
