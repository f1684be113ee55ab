import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ready } from 'h5wasm/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { H5File } from '../../src-worker/formats/h5/file.ts';
import { decodeNumbers } from '../../src-worker/formats/h5/values.ts';
import { openRecording } from '../../src-worker/formats/index.ts';
import { createHdf5, hdf5Ready, using } from '../../src-worker/store/hdf5.ts';
import { checksum } from '../../src-worker/synthetic/hdf5/bytes.ts';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';
import type { Node } from '../../src-worker/synthetic/hdf5/types.ts';
import { group } from '../../src-worker/synthetic/nwb.ts';
import { array, floats, job, written } from './small-nwb.ts';

beforeAll(hdf5Ready);

const cube = (trials: number, bins: number, units: number, value: (i: number) => number) =>
  array(
    Float32Array.from({ length: trials * bins * units }, (_, i) => value(i)),
    [trials, bins, units],
  );
let files = 0;
function file(members: Readonly<Record<string, Node>>): string {
  files += 1;
  return written(`${files}.h5`, hdf5Bytes(group(members)));
}

describe('a file of arrays', () => {
  test('has its counts found when one array can be them', async () => {
    const path = file({ spikes: cube(4, 3, 2, (i) => i % 3), rates: cube(4, 3, 2, (i) => i / 7), condition: floats(0, 1, 0, 1) });
    const recording = await openRecording(path, {}, job);
    expect(recording.summary).toMatchObject({ format: 'hdf5', units: 2, trials: 4, spikes: 24, notes: [] });
    expect(recording.arrays().map(({ path, shape, type }) => `${path} ${shape.join('×')} ${type}`)).toEqual([
      '/condition 4 float64',
      '/rates 4×3×2 float32',
      '/spikes 4×3×2 float32',
    ]);
    const [condition, , spikes] = recording.arrays();
    expect(spikes.read(1, 2)).toEqual(Float64Array.of(0, 1, 2, 0, 1, 2));
    expect(condition.readText()).toEqual(['0', '1', '0', '1']);
  });

  test('asks when several could be, and takes the one named', async () => {
    const path = file({ a: cube(4, 3, 2, () => 1), b: cube(2, 3, 5, () => 2) });
    const open = await openRecording(path, {}, job);
    expect(open.summary.units).toBe(0);
    expect(open.summary.notes).toEqual(['Several arrays could be the counts: /a, /b. Choose one of them.']);
    expect((await openRecording(path, { counts: '/b' }, job)).summary).toMatchObject({ units: 5, trials: 2, spikes: 60 });
    await expect(openRecording(path, { counts: '/c' }, job)).rejects.toMatchObject({
      code: 'no-array',
      hint: expect.stringContaining('/a, /b'),
    });
    await expect(openRecording(path, { cuonts: '/c' }, job)).rejects.toMatchObject({ code: 'unknown-parameter' });
  });

  test('in the layout of LFADS files has its splits', async () => {
    const path = file({
      train_encod_data: cube(4, 3, 2, () => 1),
      valid_encod_data: cube(2, 3, 2, () => 1),
      train_recon_data: cube(4, 3, 5, () => 1),
      valid_recon_data: cube(2, 3, 5, () => 1),
      train_truth: cube(4, 3, 2, () => 0.5),
      conversion_factor: array(Float64Array.of(20), []),
    });
    const recording = await openRecording(path, {}, job);
    expect(recording.summary).toMatchObject({ units: 2, trials: 6, spikes: 36 });
    expect(recording.lfadsLayout()).toEqual({
      encod: { train: '/train_encod_data', valid: '/valid_encod_data' },
      recon: { train: '/train_recon_data', valid: '/valid_recon_data' },
      external: {},
      truth: { train: '/train_truth' },
      conversionFactor: 20,
    });
  });

  test('in that layout is refused where its splits disagree', async () => {
    const path = file({ train_encod_data: cube(4, 3, 2, () => 1), valid_encod_data: cube(2, 4, 2, () => 1) });
    await expect(openRecording(path, {}, job)).rejects.toMatchObject({
      code: 'bad-layout',
      sentence: expect.stringContaining('/valid_encod_data'),
    });
  });
});

describe('links and sizes', () => {
  test('links into other files, loops and dangling links are passed over and named', async () => {
    const other = file({ secret: floats(1) });
    const path = written('links.h5', new Uint8Array());
    using(createHdf5(path), (h5) => {
      h5.create_dataset({ name: 'here', data: Float64Array.of(7) });
      h5.create_external_link(other, '/secret', 'outside');
      h5.create_soft_link('/outside', 'outside_too');
      h5.create_soft_link('/nowhere', 'dangling');
      h5.create_group('loop').create_hard_link('/', 'root');
    });
    const h5 = await H5File.open(path);
    expect(h5.arrays().map((found) => found.path)).toEqual(['/here']);
    expect(h5.numbers('/loop/root/loop/root/here')).toEqual(Float64Array.of(7));
    expect(h5.notes).toEqual([
      '/dangling could not be read and is left out.',
      `/outside is a link into another file (${other}) and was not followed.`,
      '/outside_too could not be read and is left out.',
    ]);
    h5.close();
  });

  test('an array larger than the allowance is refused with its size before it is read, a part of it is not', async () => {
    const path = written('huge.h5', new Uint8Array());
    using(createHdf5(path), (h5) => {
      h5.create_dataset({ name: 'huge', data: new Float32Array(1000), shape: [1000], maxshape: [null], chunks: [1000] }).resize([1e12]);
    });
    const recording = await openRecording(path, {}, job);
    const [huge] = recording.arrays();
    expect(() => huge.read()).toThrow(
      expect.objectContaining({ code: 'too-large', sentence: expect.stringContaining('/huge of huge.h5 would take 8000 GB') }),
    );
    expect(huge.read(0, 10)).toEqual(new Float64Array(10));
    recording.close();
  });
});

describe('compression beyond gzip', () => {
  const compressed = () => {
    const made = written('zstd.h5', new Uint8Array());
    using(createHdf5(made), (h5) => {
      h5.create_dataset({ name: 'zstd', data: numbers, chunks: [100], compression: 32015, compression_opts: [3] });
    });
    return made;
  };
  const numbers = Float64Array.from({ length: 1000 }, (_, i) => i / 8);
  beforeAll(async () => {
    const plugins = dirname(fileURLToPath(import.meta.resolve('h5wasm-plugins')));
    (await ready).insert_plugin_search_path(join(plugins, 'plugins'), 0);
  });

  test('is read through the plugins', async () => {
    const file = await H5File.open(compressed());
    expect(file.numbers('/zstd')).toEqual(numbers);
    expect(file.numbers('/zstd', 995)).toEqual(numbers.slice(995));
    file.close();
  });

  test('that nobody knows is refused by the name of the array, and the rest of the file still reads', async () => {
    const bytes = hdf5Bytes(group({ other: { ...array(numbers, [1000]), chunks: [100] }, plain: array(numbers, [1000]) }));
    // Filter 1 (deflate) becomes filter 200 in the array's header, which is sealed again: "OHDR", 2, 2, length, messages, checksum.
    const pipeline = Buffer.from([2, 2, 2, 0, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0]);
    const at = Buffer.from(bytes).indexOf(pipeline);
    bytes[at + 12] = 200;
    const header = Buffer.from(bytes).lastIndexOf('OHDR', at);
    const view = new DataView(bytes.buffer);
    const end = header + 10 + view.getUint32(header + 6, true);
    view.setUint32(end, checksum(bytes.subarray(header, end)), true);
    const file = await H5File.open(written('unknown.h5', bytes));
    expect(() => file.numbers('/other')).toThrow(
      expect.objectContaining({ code: 'unknown-compression', sentence: expect.stringContaining('/other') }),
    );
    expect(file.numbers('/plain')).toEqual(numbers);
    file.close();
  });
});

test('half-precision floats, subnormals and infinities among them', () => {
  const type = { type: 1, size: 2, signed: true, shape: [5], littleEndian: true, total_size: 5, vlen: false, chunks: null, maxshape: null };
  const bytes = new Uint8Array(Uint16Array.of(0x3e00, 0xc000, 0x7c00, 0x0001, 0x7e00).buffer);
  expect([...decodeNumbers(bytes, type)]).toEqual([1.5, -2, Infinity, 2 ** -24, NaN]);
});
