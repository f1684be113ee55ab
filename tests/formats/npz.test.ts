import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../src-worker/formats/index.ts';
import { npyOf } from '../../src-worker/formats/npy.ts';
import { scratch } from '../store/fixtures.ts';
import { job, written } from './small-nwb.ts';
import { bytesOf, npyBytes, npzBytes } from './small-npz.ts';

describe('arrays of NumPy', () => {
  const matrix = Float64Array.of(1, 2, 3, 4, 5, 6);
  const turned = Float64Array.of(1, 4, 2, 5, 3, 6);

  test.each([1, 2, 3] as const)('version %i of the format', (version) => {
    const array = npyOf(npyBytes('<f8', [2, 3], bytesOf(matrix), { version }), 'W');
    expect([...array.numbers()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(array).toMatchObject({ shape: [2, 3], type: '<f8', kind: 'number', integer: false });
  });

  test('the order in which the first index runs fastest', () => {
    expect([...npyOf(npyBytes('<f8', [2, 3], bytesOf(turned), { fortran: true }), 'W').numbers()]).toEqual([...matrix]);
    const cube = Float64Array.from({ length: 24 }, (_, k) => k);
    const first = new Float64Array(24);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) first[i + 2 * (j + 3 * k)] = cube[(i * 3 + j) * 4 + k];
    expect(npyOf(npyBytes('<f8', [2, 3, 4], bytesOf(first), { fortran: true }), 'x').numbers()).toEqual(cube);
  });

  test('float32, int64, float16, big-endian numbers and text', () => {
    expect([...npyOf(npyBytes('<f4', [2], bytesOf(Float32Array.of(0.5, -2))), 'x').numbers()]).toEqual([0.5, -2]);
    expect([...npyOf(npyBytes('<i8', [2], bytesOf(BigInt64Array.of(7n, -9n))), 'x').numbers()]).toEqual([7, -9]);
    expect([...npyOf(npyBytes('<f2', [3], bytesOf(Uint16Array.of(0x3c00, 0xc100, 0x0001))), 'x').numbers()]).toEqual([1, -2.5, 2 ** -24]);
    expect([...npyOf(npyBytes('>i4', [1], Uint8Array.of(0, 0, 1, 2)), 'x').numbers()]).toEqual([258]);
    const text = Uint8Array.of(77, 0, 0, 0, 49, 0, 0, 0);
    expect(npyOf(npyBytes('<U2', [1], text), 'x').texts()).toEqual(['M1']);
    expect(npyOf(npyBytes('<f8', [], bytesOf(Float64Array.of(3))), 'x').numbers()).toEqual(Float64Array.of(3));
  });

  test('records and cut arrays are refused by name', () => {
    expect(() => npyOf(npyBytes('|O', [1], new Uint8Array(8)), '/W of net.npz').numbers()).toThrow(
      expect.objectContaining({ code: 'not-numbers', sentence: expect.stringContaining('/W of net.npz') }),
    );
    expect(() => npyOf(npyBytes('<f8', [9], new Uint8Array(8)), 'x')).toThrow(expect.objectContaining({ code: 'damaged-file' }));
    expect(() => npyOf(new Uint8Array(40), 'x')).toThrow(expect.objectContaining({ code: 'damaged-file' }));
  });

  test('a compressed file is read as a stored one', async () => {
    const counts = npyBytes('|u1', [2, 2, 1], Uint8Array.of(1, 0, 2, 0));
    for (const level of [0, 6] as const) {
      const recording = await openRecording(written(`counts-${level}.npz`, npzBytes({ spikes: counts }, level)), {}, job);
      expect(recording.summary).toMatchObject({ format: 'npz', trials: 2, units: 1, spikes: 3 });
      expect([...recording.arrays()[0].read(1, 2)]).toEqual([2, 0]);
    }
  });
});

const python = (() => {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!python)('what NumPy itself writes', async () => {
  const path = join(scratch(), 'net.npz');
  const script = `
import numpy as np, sys
rng = np.random.default_rng(0)
np.savez_compressed(sys.argv[1], W=np.asfortranarray(np.arange(12.0).reshape(3, 4)), b=np.arange(3, dtype=np.float32), n=np.int64(5), names=np.array(['a', 'bc']), x=rng.integers(0, 5, (2, 3, 4)).astype('>i4'))
print(' '.join(str(v) for v in np.load(sys.argv[1])['x'].ravel()))`;
  const printed = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' });
  const recording = await openRecording(path, {}, job);
  const of = (name: string) => recording.arrays().find((array) => array.path === name)!;
  expect([...of('/W').read()]).toEqual(Array.from({ length: 12 }, (_, k) => k));
  expect([...of('/b').read()]).toEqual([0, 1, 2]);
  expect([...of('/n').read()]).toEqual([5]);
  expect(of('/names').readText()).toEqual(['a', 'bc']);
  expect([...of('/x').read()].join(' ')).toBe(printed.trim());
});
