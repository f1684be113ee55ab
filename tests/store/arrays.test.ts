import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Arrays } from '../../src-worker/contract/result.ts';
import { listArrays, readArrays, trialWriter, writeArrays } from '../../src-worker/store/arrays.ts';
import { hdf5Ready } from '../../src-worker/store/hdf5.ts';
import { checkpointAt, failureOf, outputsOf, scratch } from './fixtures.ts';

const folder = scratch();

const oddities: Arrays = {
  float32: {
    values: Float32Array.of(1.1, -0, Number.NaN, Number.POSITIVE_INFINITY),
    shape: [2, 2],
    axes: ['a', 'b'],
    unit: 's⁻²',
    about: 'Größe “x”',
    labels: ['left', 'right'],
  },
  float64: { values: Float64Array.of(Number.MIN_VALUE, -Number.MAX_VALUE), shape: [2], axes: ['a'], unit: '' },
  int32: { values: Int32Array.of(-(2 ** 31), 2 ** 31 - 1), shape: [1, 2], axes: ['a', 'b'], unit: 'ms' },
  uint8: { values: Uint8Array.of(0, 255), shape: [2, 1, 1], axes: ['a', 'b', 'c'], unit: '' },
  empty: { values: new Float32Array(0), shape: [3, 0], axes: ['a', 'b'], unit: 'Hz' },
  scalar: { values: Int32Array.of(-3), shape: [], axes: [], unit: '1' },
  'deep/er/one': { values: Float32Array.of(7), shape: [1], axes: ['a'], unit: '' },
};

describe('array files', () => {
  test('give back every type, shape, name, unit and sentence, bit for bit', async () => {
    const path = join(folder, 'odd.h5');
    await writeArrays(path, oddities);
    const read = await readArrays(path);
    expect(read).toEqual(oddities);
    expect(Object.is(read.float32.values[1], -0)).toBe(true);
    expect(Object.keys(await readArrays(path, ['deep/er/one', 'int32', 'none']))).toEqual(['deep/er/one', 'int32']);
    expect(await listArrays(path)).toMatchObject({ empty: [3, 0], scalar: [] });
  });

  test('keep the payload of a NaN, which optimiser states may hold', async () => {
    const bits = Uint32Array.of(0x7fc12345, 0xffc00001);
    const path = join(folder, 'nan.h5');
    await writeArrays(path, { x: { values: new Float32Array(bits.buffer), shape: [2], axes: ['a'], unit: '' } });
    const { values } = (await readArrays(path)).x;
    expect(new Uint32Array(values.buffer, values.byteOffset, 2)).toEqual(bits);
  });

  test('are the same bytes for the same arrays, whatever the clock, the order of names or what was written before', async () => {
    const clock = vi.spyOn(Date, 'now');
    const write = async (name: string, now: number, arrays: Arrays) => {
      clock.mockReturnValue(now);
      await writeArrays(join(folder, name), arrays, { kind: 'test', step: 3 });
      return readFileSync(join(folder, name));
    };
    const first = await write('1.h5', 1e12, oddities);
    await write('between.h5', 1.2e12, checkpointAt(5).arrays);
    const second = await write('2.h5', 1.5e12, Object.fromEntries(Object.entries(oddities).reverse()));
    clock.mockRestore();
    expect(second.equals(first)).toBe(true);
    const other = await write('3.h5', 1e12, { ...oddities, scalar: { ...oddities.scalar, unit: '2' } });
    expect(other.equals(first)).toBe(false);
  });

  test('longer than one read come back whole', async () => {
    const size = 70 * 2 ** 20;
    const values = new Uint8Array(size);
    for (let i = 0; i < size; i += 4093) values[i] = i % 251;
    const path = join(folder, 'long.h5');
    await writeArrays(path, { long: { values, shape: [size / 1024, 1024], axes: ['row', 'column'], unit: '' } });
    const read = (await readArrays(path)).long.values;
    expect(Buffer.compare(read as Uint8Array, values)).toBe(0);
  });

  test('that are missing, truncated or foreign are named in a Failure', async () => {
    const path = join(folder, 'broken.h5');
    expect(await failureOf(() => readArrays(path))).toBe('array-file-unreadable');
    await writeArrays(path, oddities);
    truncateSync(path, 700);
    expect(await failureOf(() => readArrays(path))).toBe('array-file-unreadable');
    writeFileSync(path, 'no HDF5 at all');
    await expect(readArrays(path)).rejects.toThrow(/broken\.h5/);
  });

  test('refuse arrays whose shape is not that of their values', async () => {
    await expect(
      writeArrays(join(folder, 'bad.h5'), { x: { values: new Float32Array(3), shape: [2], axes: ['a'], unit: '' } }),
    ).rejects.toThrow(RangeError);
  });
});

describe('a writer of trials', () => {
  test('puts batches in any order where they belong', async () => {
    await hdf5Ready();
    const path = join(folder, 'trials.h5');
    const writer = trialWriter(path, 7, { kind: 'outputs' });
    for (const batch of [[6], [3, 0, 1], [2, 4, 5]]) writer.write(Int32Array.from(batch), outputsOf(batch));
    expect(writer.close()).toBeUndefined();
    expect(await readArrays(path)).toEqual(outputsOf([0, 1, 2, 3, 4, 5, 6]));
  });

  test('names the first trial that nobody wrote', () => {
    const writer = trialWriter(join(folder, 'missing.h5'), 4);
    writer.write(Int32Array.of(0, 1, 3), outputsOf([0, 1, 3]));
    expect(writer.close()).toBe(2);
  });

  test('refuses a batch with other arrays or a trial beyond the last', () => {
    const writer = trialWriter(join(folder, 'other.h5'), 4);
    writer.write(Int32Array.of(0), outputsOf([0]));
    const { rates } = outputsOf([1]);
    expect(() => writer.write(Int32Array.of(1), { rates })).toThrow(RangeError);
    expect(() => writer.write(Int32Array.of(4), outputsOf([4]))).toThrow(RangeError);
    writer.abandon();
  });
});
