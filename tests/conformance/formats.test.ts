import { describe, expect, test } from 'vitest';
import { Failure } from '../../src-worker/contract/failure.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import type { Format } from '../../src-worker/formats/format.ts';
import { formats, openRecording } from '../../src-worker/formats/index.ts';
import { bits, key } from '../../src-worker/engine/random.ts';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';
import { group } from '../../src-worker/synthetic/nwb.ts';
import { npyBytes, npzBytes } from '../formats/small-npz.ts';
import { array, job, nwbBytes, smallParts, written } from '../formats/small-nwb.ts';

/** A small recording of each format. A format without one here fails below. */
const samples: Readonly<Record<string, () => Uint8Array>> = {
  nwb: () => nwbBytes(smallParts()),
  npz: () => npzBytes({ spikes: npyBytes('|u1', [3, 2, 1], Uint8Array.of(1, 0, 2, 0, 1, 1)) }),
  hdf5: () => hdf5Bytes(group({ spikes: array(Uint8Array.of(1, 0, 2, 0, 1, 1), [3, 2, 1]) })),
};

const random = (length: number) => Uint8Array.from({ length }, (_, i) => bits(key(3), i) & 255);

for (const format of formats as readonly Format[]) {
  describe(`format ${format.id}`, () => {
    const sample = () => samples[format.id]();
    const path = (name: string, bytes: Uint8Array) => written(`${format.id}-${name}.${format.extensions[0]}`, bytes);
    const head = (bytes: Uint8Array) => bytes.subarray(0, 8192);

    test('knows its own sample by content and opens it', async () => {
      const file = path('sample', sample());
      expect(await format.sniff(file, head(sample()))).toBe(true);
      const recording = await openRecording(file, {}, job);
      expect(recording.summary).toMatchObject({ format: format.id, spikes: 5 });
      expect(recording.summary.identity).toMatch(/^[0-9a-f]{16}$/);
      recording.close();
    });

    test.each<readonly [string, () => Uint8Array]>([
      ['empty', () => new Uint8Array()],
      ['random', () => random(5000)],
      ['a random body behind the right first bytes', () => Uint8Array.of(...sample().subarray(0, 16), ...random(3000))],
      ['cut in half', () => sample().slice(0, sample().length / 2)],
      ['cut by one byte', () => sample().slice(0, -1)],
    ])('refuses a file that is %s with a Failure', async (name, bytes) => {
      const file = path(name, bytes());
      await expect(openRecording(file, {}, job)).rejects.toThrow(Failure);
      await expect(format.open(file, valuesOf(format.params, {}), job)).rejects.toThrow(Failure);
      await expect(openRecording(file, {}, job)).rejects.toMatchObject({
        sentence: expect.stringContaining('.'),
        hint: expect.stringMatching(/./),
      });
    });

    test('stops when it is cancelled', async () => {
      const cancelled = { ...job, signal: AbortSignal.abort() };
      await expect(openRecording(path('cancelled', sample()), {}, cancelled)).rejects.toThrow(/abort/i);
    });
  });
}
