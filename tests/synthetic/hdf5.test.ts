import { expect, test } from 'vitest';
import { H5File } from '../../src-worker/formats/h5/file.ts';
import { checksum } from '../../src-worker/synthetic/hdf5/bytes.ts';
import { hdf5Bytes } from '../../src-worker/synthetic/hdf5/write.ts';
import { group } from '../../src-worker/synthetic/nwb.ts';
import { array, written } from '../formats/small-nwb.ts';

test('the checksum is lookup3', () => {
  expect(checksum(new Uint8Array())).toBe(0xdeadbeef);
  expect(checksum(new TextEncoder().encode('Four score and seven years ago'))).toBe(0x17770551);
});

test('what is written is read back by the HDF5 library: numbers, chunks with ragged ends, text, booleans, references, attributes', async () => {
  const wide = Float32Array.from({ length: 35 }, (_, i) => i / 4);
  const long = Float64Array.from({ length: 10 }, (_, i) => i * 1.1);
  const tree = group(
    {
      wide: { ...array(wide, [7, 5]), chunks: [4, 2] },
      long: { ...array(long, [10], { unit: { shape: [], values: ['Hz'] } }), chunks: [4] },
      scalar: array(Uint16Array.of(65535), []),
      signed: array(Int32Array.of(-1, 2), [2]),
      empty: array(new Float64Array(), [0]),
      inner: group({
        text: array(['α', '', 'β', 'α'], [4]),
        flags: array({ booleans: Uint8Array.of(1, 0) }, [2]),
        pointers: array({ references: ['/wide', '/inner'] }, [2]),
      }),
    },
    { list: { shape: [2], values: ['a', 'b'] }, one: { shape: [1], values: Float64Array.of(7) } },
  );
  const file = await H5File.open(written('tree.h5', hdf5Bytes(tree)));
  expect(file.notes).toEqual([]);
  expect(file.numbers('/wide')).toEqual(Float64Array.from(wide));
  expect(file.numbers('/wide', 3, 5)).toEqual(Float64Array.from(wide.slice(15, 25)));
  expect(file.numbers('/long')).toEqual(long);
  expect(file.attribute('/long', 'unit')).toBe('Hz');
  expect(file.numbers('/scalar')).toEqual(Float64Array.of(65535));
  expect(file.numbers('/signed')).toEqual(Float64Array.of(-1, 2));
  expect(file.numbers('/empty')).toHaveLength(0);
  expect(file.texts('/inner/text')).toEqual(['α', '', 'β', 'α']);
  expect(file.array('/inner/flags')!.kind).toBe('boolean');
  expect(file.texts('/inner/flags')).toEqual(['true', 'false']);
  expect(file.texts('/inner/pointers')).toEqual(['/wide', '/inner']);
  expect(file.attribute('/', 'list')).toEqual(['a', 'b']);
  expect(file.attributeNumber('/', 'one')).toBe(7);
  file.close();
});
