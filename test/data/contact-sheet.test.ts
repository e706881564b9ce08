/** Contact sheets: the PNG is unpacked with Node's own zlib and looked at pixel by pixel. */
import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contactSheet } from '../../data/contact-sheet.ts';
import { createDataset } from '../../data/dataset.ts';
import { encodePng } from '../../data/png.ts';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => number;
}

/** Reads the chunks, checks their checksums, unpacks the picture. */
function readPng(bytes: Uint8Array): Picture {
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at);
    const typed = bytes.subarray(at + 4, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc32(typed));
    chunks.set(new TextDecoder().decode(typed.subarray(0, 4)), typed.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR') ?? new Uint8Array();
  const sizes = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [sizes.getUint32(0), sizes.getUint32(4)];
  const lines = inflateSync(chunks.get('IDAT') ?? new Uint8Array());
  expect(lines.length).toBe(height * (width + 1));
  return { width, height, at: (x, y) => lines[y * (width + 1) + 1 + x] ?? -1 };
}

test('a picture comes back pixel by pixel', async () => {
  const pixels = Uint8Array.of(0, 50, 100, 150, 200, 255);
  const picture = readPng(await encodePng({ width: 3, height: 2, pixels }));
  expect([picture.width, picture.height]).toEqual([3, 2]);
  expect([picture.at(0, 0), picture.at(2, 0), picture.at(0, 1), picture.at(2, 1)]).toEqual([
    0, 100, 150, 255,
  ]);
});

test('a line for each class, the first rows of each, black to white', async () => {
  // Images of 28 x 28 in one grey: row r has grey 10 r; labels 1 0 1 0 2.
  const dataset = createDataset('five', [
    {
      name: 'label',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [],
      values: Uint8Array.of(1, 0, 1, 0, 2),
    },
    {
      name: 'image',
      dtype: 'f32',
      kind: 'float',
      rowShape: [28, 28],
      values: Float32Array.from({ length: 5 * 784 }, (_, at) => Math.floor(at / 784) / 4),
    },
  ]);
  const picture = readPng(await contactSheet(dataset, { perLine: 2 }));
  expect([picture.width, picture.height]).toEqual([62, 92]);
  const middle = (column: number, line: number) => picture.at(16 + 30 * column, 16 + 30 * line);
  expect([middle(0, 0), middle(1, 0)]).toEqual([63, 191]); // rows 1 and 3
  expect([middle(0, 1), middle(1, 1)]).toEqual([0, 127]); // rows 0 and 2
  expect([middle(0, 2), middle(1, 2)]).toEqual([255, 64]); // row 4, then nothing
});

test('square rows of pixels are shown enlarged, others refused', async () => {
  const column = { name: 'pixels', dtype: 'u8', kind: 'integer', rowShape: [64] } as const;
  const pixels = createDataset('one', [{ ...column, values: new Uint8Array(64).fill(16) }]);
  const picture = readPng(await contactSheet(pixels, { perLine: 1 }));
  expect([picture.width, picture.at(2, 2), picture.at(33, 33)]).toEqual([36, 255, 255]);
  const none = createDataset('none', [{ ...column, rowShape: [63], values: new Uint8Array(63) }]);
  await expect(contactSheet(none)).rejects.toThrow('none: no column holds grey images');
});
