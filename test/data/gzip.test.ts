/**
 * Unpacking: what gzip packed comes back; what is cut short or too large is refused with a
 * sentence.
 */
import { expect, test } from 'vitest';
import { gunzip, keptInMemory } from '../../data/gzip.ts';
import { createRandom, pick } from '../../data/random.ts';
import { bytesOf, gzipped } from './fixtures.ts';

// Noise, which hardly packs, so that the packed bytes have a middle to damage.
const random = createRandom(1, 2, 3);
const plain = Uint8Array.from({ length: 20_000 }, () => pick(random, 256));

test('packed bytes are unpacked, plain bytes pass', async () => {
  expect(await gunzip(gzipped(plain), 'file')).toEqual(plain);
  expect(await gunzip(plain, 'file')).toBe(plain);
  expect(await gunzip(gzipped(new Uint8Array(0)), 'file')).toEqual(new Uint8Array(0));
});

test.each([
  ['cut in the middle', gzipped(plain).subarray(0, 2000)],
  ['without its last byte', gzipped(plain).subarray(0, -1)],
  ['its magic number alone', Uint8Array.from([0x1f, 0x8b])],
  ['damaged in the middle', damage(gzipped(plain), 1000)],
  ['followed by something else', bytesOf(gzipped(plain), [1, 2, 3])],
])('%s: a DataError', async (_, bytes) => {
  await expect(gunzip(bytes, 'train.gz')).rejects.toThrow(
    /^train\.gz: the gzip data \([\d,]+ bytes\) is cut short or damaged/,
  );
});

test('a file that unpacks to more than the limit is refused', async () => {
  await expect(
    gunzip(gzipped(new Uint8Array(5_000_000)), 'bomb.gz', keptInMemory(1_000_000)),
  ).rejects.toThrow('bomb.gz: unpacks to more than the 1,000,000 bytes that are kept in memory');
});

function damage(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  bytes.fill(0xff, at, at + 40);
  return bytes;
}
