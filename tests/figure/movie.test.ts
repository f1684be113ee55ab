import { describe, expect, test } from 'vitest';
import type { MovieOptions } from '../../src-worker/contract/paper.ts';
import { valuesOf } from '../../src-worker/contract/settings.ts';
import { writeMovie } from '../../src-worker/figure/movie.ts';
import { rates } from '../../src-worker/views/rates.ts';
import { trajectories } from '../../src-worker/views/trajectories.ts';
import { reaches } from '../views/reaches.ts';

const data = reaches({ trials: 32, units: 10 });
const viewport = { width: 165, height: 154 };
const space = trajectories.scene(data, valuesOf(trajectories.params, { show: 'averages' }), viewport);
const flat = rates.scene(data, valuesOf(rates.params, {}), viewport);
const paper = { widthMm: 40, heightMm: 36.3, dpi: 100 };
const quiet = { progress: async () => {} };
const movie = (more: Partial<MovieOptions> = {}): MovieOptions => ({ movie: 'turntable', seconds: 1, framesPerSecond: 4, ...more });

/** Boxes of an MP4 file at a path of names, as bytes without their heads. */
function boxes(bytes: Uint8Array, [name, ...rest]: readonly string[]): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === name) found.push(bytes.subarray(at + 8, at + size));
    at += Math.max(8, size);
  }
  return rest.length === 0 ? found : found.flatMap((box) => boxes(box, rest));
}

const numberAt = (box: Uint8Array, at: number): number => new DataView(box.buffer, box.byteOffset).getUint32(at);

/** Frames, pixels and seconds that a movie's own tables say. */
function saidBy(bytes: Uint8Array) {
  const media = ['moov', 'trak', 'mdia'];
  const [sizes] = boxes(bytes, [...media, 'minf', 'stbl', 'stsz']);
  const [track] = boxes(bytes, ['moov', 'trak', 'tkhd']);
  const [head] = boxes(bytes, [...media, 'mdhd']);
  return {
    frames: numberAt(sizes!, 8),
    columns: numberAt(track!, track!.length - 8) / 65536,
    rows: numberAt(track!, track!.length - 4) / 65536,
    seconds: numberAt(head!, 16) / numberAt(head!, 12),
  };
}

describe('a movie', () => {
  test('of one turn has its frames, its seconds and an even number of pixels', async () => {
    const bytes = await writeMovie(space, paper, movie(), quiet);
    expect(String.fromCharCode(...bytes.subarray(4, 8))).toBe('ftyp');
    expect(saidBy(bytes)).toEqual({ frames: 4, columns: 158, rows: 142, seconds: 1 });
  });

  test('of time says how far it is, and is another than one of a turn', async () => {
    const shares: number[] = [];
    const bytes = await writeMovie(space, paper, movie({ movie: 'time' }), { progress: async (done) => void shares.push(done) });
    expect(shares).toEqual([0, 0.25, 0.5, 0.75]);
    expect(saidBy(bytes).frames).toBe(4);
    expect(Buffer.from(bytes).equals(Buffer.from(await writeMovie(space, paper, movie(), quiet)))).toBe(false);
  });

  test('that is stopped leaves nothing that the next one stumbles over', async () => {
    let frames = 0;
    const stop = { progress: async () => (++frames > 2 ? Promise.reject(new Error('stopped')) : undefined) };
    await expect(writeMovie(space, paper, movie(), stop)).rejects.toThrow('stopped');
    expect(saidBy(await writeMovie(space, paper, movie(), quiet)).frames).toBe(4);
  });

  test('changes nothing of what the process does about forgotten promises', async () => {
    const before = process.listenerCount('unhandledRejection');
    await writeMovie(space, paper, movie(), quiet);
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });

  test('of what is flat, has no times or is too large is refused', async () => {
    await expect(writeMovie(flat, paper, movie(), quiet)).rejects.toMatchObject({ code: 'flat-movie' });
    const still = { ...space, marks: space.marks.filter(({ kind }) => kind === 'points') };
    await expect(writeMovie(still, paper, movie({ movie: 'time' }), quiet)).rejects.toMatchObject({ code: 'no-times' });
    await expect(writeMovie(space, { ...paper, widthMm: 120, dpi: 2400 }, movie(), quiet)).rejects.toMatchObject({ code: 'large-movie' });
  });
});
