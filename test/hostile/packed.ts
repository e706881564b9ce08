/** Files packed by gzip that are cut, damaged, or larger than they look: `nnc train points.nn --data FILE`. */
import { gzipSync } from 'node:zlib';
import type { HostileFile } from './hostile-file.ts';
import { type Bytes, join, npy, text, zeros } from './make-files.ts';

const gzip = (bytes: Bytes): Bytes => new Uint8Array(gzipSync(bytes));
const table = text(
  `a,b,label\n${Array.from({ length: 200 }, (_, i) => `${i * 7919},${i * 104_729},${i % 2}\n`).join('')}`,
);
const changed = (bytes: Bytes, at: number): Bytes =>
  bytes.map((byte, i) => (i === (at < 0 ? bytes.length + at : at) ? byte ^ 0xff : byte));

export const packedFiles: readonly HostileFile[] = [
  [
    'cut in the middle',
    'x.csv.gz',
    gzip(table).subarray(0, 500),
    'error: x.csv.gz: the gzip data (500 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'without its last byte',
    'x.csv.gz',
    gzip(table).subarray(0, -1),
    'error: x.csv.gz: the gzip data (1,604 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'its magic number alone',
    'x.csv.gz',
    Uint8Array.of(0x1f, 0x8b),
    'error: x.csv.gz: the gzip data (2 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'damaged',
    'x.csv.gz',
    changed(gzip(table), 300),
    'error: x.csv.gz: the gzip data (1,605 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'a checksum of something else',
    'x.csv.gz',
    changed(gzip(table), -6),
    'error: x.csv.gz: the gzip data (1,605 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'a length of something else',
    'x.csv.gz',
    changed(gzip(table), -1),
    'error: x.csv.gz: the gzip data (1,605 bytes) is cut short or damaged',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'followed by something else',
    'x.csv.gz',
    join(gzip(table), text('and more')),
    'error: x.csv.gz: the gzip data (1,613 bytes) is cut short or damaged (Trailing junk found after the end of the compressed stream)',
    'help: fetch the file again: the download may have been interrupted',
  ],
  [
    'packed twice',
    'x.csv.gz',
    gzip(gzip(table)),
    'error: x.csv.gz: the file is packed twice',
    'help: unpack it once: `gunzip FILE`',
  ],
  ['nothing in it', 'x.csv.gz', gzip(zeros(0)), 'error: x.csv.gz: the file is empty'],
  [
    'an array that promises 2^40 rows',
    'x.npy.gz',
    gzip(npy({ shape: '(1099511627776,)' })),
    'error: x.npy.gz: its header promises 4,398,046,511,184 bytes, more than the 1,000,000 that are kept in memory',
    'help: unpack the file first: an IDX or NPY file that is not packed is read piece by piece',
  ],
  [
    'an array cut short before it was packed',
    'x.npy.gz',
    gzip(npy({ shape: '(1000,)' }, zeros(8))),
    'error: x.npy.gz: the header promises 4,071 bytes, the file has 79',
    "help: the header's sizes are 1000 of float32; a shorter file is usually a broken download",
  ],
  [
    'an array with more than its header says',
    'x.npy.gz',
    gzip(npy({}, zeros(5e6))),
    'error: x.npy.gz: unpacks to more than the 76 bytes that its header promises',
  ],
  [
    'a table that unpacks to more than is kept',
    'x.csv.gz',
    gzip(new Uint8Array(4e6).fill(0x31)),
    'error: x.csv.gz: unpacks to more than the 1,000,000 bytes that are kept in memory',
    'help: unpack the file first (`gunzip FILE`): large files that are not packed are read piece by piece',
  ],
];
