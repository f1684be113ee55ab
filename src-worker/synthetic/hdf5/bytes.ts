// A growing run of little-endian bytes, and the checksum that HDF5 closes its headers with.

/** Stands for an address that is not set. */
export const UNDEFINED = 0xffff_ffff_ffff_ffffn;

export class Bytes {
  #content = new Uint8Array(1024);
  #view = new DataView(this.#content.buffer);
  length = 0;

  #room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#content.length) {
      const wider = new Uint8Array(2 * this.length);
      wider.set(this.#content);
      this.#content = wider;
      this.#view = new DataView(wider.buffer);
    }
    return at;
  }

  u8(...values: readonly number[]): this {
    for (const value of values) {
      const at = this.#room(1);
      this.#view.setUint8(at, value);
    }
    return this;
  }

  u16(value: number): this {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: number | bigint): this {
    const at = this.#room(8);
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#content.set(bytes, at);
    return this;
  }

  ascii(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }

  zeros(count: number): this {
    const at = this.#room(count);
    this.#content.fill(0, at, this.length);
    return this;
  }

  /** Zeros up to the next multiple of eight. */
  align(): this {
    return this.zeros((8 - (this.length % 8)) % 8);
  }

  /** Appends the checksum of everything so far. */
  sealed(): this {
    return this.u32(checksum(this.taken()));
  }

  taken(): Uint8Array {
    return this.#content.subarray(0, this.length);
  }
}

const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/** Bob Jenkins' lookup3 with the initial value 0, as the HDF5 file format asks for. */
export function checksum(bytes: Uint8Array): number {
  let a = (0xdeadbeef + bytes.length) | 0;
  let [b, c] = [a, a];
  const padded = new Uint8Array(12 * Math.max(1, Math.ceil(bytes.length / 12)));
  padded.set(bytes);
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 12) {
    a = (a + words.getUint32(at, true)) | 0;
    b = (b + words.getUint32(at + 4, true)) | 0;
    c = (c + words.getUint32(at + 8, true)) | 0;
    if (at + 12 < padded.length) {
      a = (a - c) ^ rotate(c, 4);
      c = (c + b) | 0;
      b = (b - a) ^ rotate(a, 6);
      a = (a + c) | 0;
      c = (c - b) ^ rotate(b, 8);
      b = (b + a) | 0;
      a = (a - c) ^ rotate(c, 16);
      c = (c + b) | 0;
      b = (b - a) ^ rotate(a, 19);
      a = (a + c) | 0;
      c = (c - b) ^ rotate(b, 4);
      b = (b + a) | 0;
    }
  }
  if (bytes.length === 0) return c >>> 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}
