/** IDX decoding: bytes made here come back as written, and no lie in a header is believed. */
import { describe, expect, test } from 'vitest';
import { decodeIdx } from '../../data/idx.ts';
import { bytesOf, idxFile } from './fixtures.ts';

describe('decodeIdx', () => {
  test('u8 images come back, row-major', () => {
    const pixels = Array.from({ length: 2 * 3 * 4 }, (_, index) => index * 7);
    const image = decodeIdx(idxFile(0x08, [2, 3, 4], pixels), 'images');
    expect(image.shape).toEqual([2, 3, 4]);
    expect([image.dtype, image.kind]).toEqual(['u8', 'integer']);
    expect([...image.values]).toEqual(pixels);
  });

  test.each([
    ['i8', [0, 0, 0x09, 1, 0, 0, 0, 2, 0xff, 0x7f], 'i32', [-1, 127]],
    ['i16', [0, 0, 0x0b, 1, 0, 0, 0, 2, 0xff, 0xfe, 1, 0], 'i32', [-2, 256]],
    ['i32', [0, 0, 0x0c, 1, 0, 0, 0, 1, 0x80, 0, 0, 1], 'i32', [-2147483647]],
    ['f32', [0, 0, 0x0d, 1, 0, 0, 0, 1, 0x3f, 0xc0, 0, 0], 'f32', [1.5]],
    ['f64', [0, 0, 0x0e, 1, 0, 0, 0, 1, 0xc0, 4, 0, 0, 0, 0, 0, 0], 'f32', [-2.5]],
  ])('%s is big-endian', (_, bytes, dtype, values) => {
    const array = decodeIdx(Uint8Array.from(bytes), 'file');
    expect(array.dtype).toBe(dtype);
    expect([...array.values]).toEqual(values);
  });

  test('a view into a larger buffer is decoded at its own place', () => {
    const whole = bytesOf([9, 9, 9], [...idxFile(0x08, [2], [5, 6])], [9]);
    expect([...decodeIdx(whole.subarray(3, -1), 'labels').values]).toEqual([5, 6]);
  });
});

describe('lies in the header', () => {
  const thousand = idxFile(0x08, [60_000, 28, 28], new Array(1000 - 16).fill(0));
  test.each([
    ['promises more', thousand, 'file: the header promises 47,040,016 bytes, the file has 1,000'],
    ['promises less', idxFile(8, [2], [1, 2, 3]), 'promises 10 bytes, the file has 11'],
    ['is empty', new Uint8Array(0), 'opens with 4 bytes, this one has 0'],
    ['ends in the sizes', Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1]), 'takes 16 bytes'],
    ['has no dimension', Uint8Array.from([0, 0, 8, 0, 1]), 'gives 0 dimensions'],
    ['has 255 dimensions', Uint8Array.from([0, 0, 8, 255, 1]), 'gives 255 dimensions'],
    ['has an unknown type', Uint8Array.from([0, 0, 7, 1, 0, 0, 0, 0]), 'opens with 00 00 07 01'],
    ['is gzip', Uint8Array.from([0x1f, 0x8b, 8, 0]), 'opens with 1f 8b 08 00'],
    ['overflows 64 bits', idxFile(8, new Array(8).fill(0xffffffff), [1]), 'the file has 37'],
    ['forgets the element size', idxFile(0x0c, [4], [0, 0, 0, 1]), 'promises 24 bytes'],
  ])('a file that %s is refused', (_, bytes, message) => {
    expect(() => decodeIdx(bytes, 'file')).toThrow(message);
    expect(() => decodeIdx(bytes, 'file')).toThrow(expect.objectContaining({ name: 'DataError' }));
  });
});
