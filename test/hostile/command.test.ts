/** The command itself on hostile files and devices: one message, exit code 1, no stack, and it ends. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, pointsModel, type Workplace } from '../cli/run-nnc.ts';
import { npy, safetensors, tensor, text, zeros, zip } from './make-files.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace(50_000);
  place.write('points.nn', pointsModel);
  place.write('points.csv', 'a,b,label\n1,2,0\n3,4,1\n');
  place.write('bad.npy', npy({ shape: '(1099511627776,)' }, zeros(8)));
  place.write('bad.npz', zip([{ name: 'x.npy', bytes: npy({}, zeros(8)), checksum: 7 }]));
  place.write('bad.csv', text('a,b,label\n1,2,0\n1,2\n'));
  place.write('bad.gz', new Uint8Array(gzipSync(zeros(100_000))).subarray(0, 60));
  place.write('bad.weights', safetensors({ x: tensor('F32', [2 ** 40], 0, 4) }, zeros(4)));
  place.write('deep.nn', text(`let x = ${'('.repeat(100_000)}`));
  place.write('bytes.nn', zeros(1000));
  mkdirSync(path.join(place.folder, 'folder'));
});
afterAll(() => place.remove());

const cases: readonly (readonly [words: string, message: string])[] = [
  ['train points.nn --data bad.npy', 'bad.npy: the header promises 4,398,046,511,184 bytes, the'],
  ['train points.nn --data bad.npz', 'bad.npz/x.npy: the data are damaged: their checksum'],
  ['train points.nn --data bad.csv', 'bad.csv: line 3 has 2 fields, line 1 has 3'],
  ['train points.nn --data bad.gz', 'bad.gz: the gzip data (60 bytes) is cut short or damaged'],
  ['train points.nn --data folder', 'folder: no data for `points.csv` in this folder'],
  ['eval points.nn --weights bad.weights', '`x` is F32[1099511627776], 4,398,046,511,104 bytes'],
  ['eval points.nn --weights points.csv', 'points.csv: no safetensors file: it opens with "a,b,la'],
  ['train points.nn --resume bad.npy', 'bad.npy: no safetensors file: it opens with 93 4e 55 4d'],
  ['predict bytes.nn', '`␀␀␀␀␀␀␀␀␀␀␀␀␀␀␀␀␀...` has no meaning here'],
  ['train deep.nn', '[NN0101]: expected `)` to close the `(` of line 1'],
  ['train bad.npy', 'bad.npy is not UTF-8 text'],
];

/** Without end, where the system has them. */
const devices: readonly (readonly [words: string, message: string])[] = [
  ['train points.nn --data /dev/zero', '/dev/zero: this is a device, no file'],
  ['eval points.nn --weights /dev/zero', 'the weights /dev/zero cannot be read: it is a device'],
  ['check /dev/zero', '/dev/zero cannot be read: it is a device, not a file'],
];

test.each([...cases, ...(existsSync('/dev/zero') ? devices : [])])(
  'nnc %s',
  async (words, message) => {
    const { code, stderr } = await place.nnc(...words.split(' '));
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error/);
    expect(stderr.match(/^error/gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at |bug in nnc|RangeError/m);
  },
);
