/**
 * Safetensors: what is written comes back, other writers' files are read, hostile headers are
 * refused.
 */
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../data/safetensors.ts';
import type { StoredTensor } from '../../data/safetensors-elements.ts';
import { bytesOf, utf8 } from './fixtures.ts';

/** A file with this header text and `dataBytes` bytes 0, 1, 2, … after it. */
function fileOf(header: string, data: number | Iterable<number>, claimed?: bigint) {
  const json = utf8(header);
  const length = new Uint8Array(BigUint64Array.of(claimed ?? BigInt(json.length)).buffer);
  return bytesOf(length, json, typeof data === 'number' ? new Array(data).keys() : data);
}

function entry(dtype: string, shape: readonly number[], begin: number, end: number): string {
  return JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
}

describe('round trip', () => {
  const tensors = new Map<string, StoredTensor>([
    ['mask', { dtype: 'u8', shape: [3], values: Uint8Array.of(1, 0, 1) }],
    ['0/W', { dtype: 'f32', shape: [2, 2], values: Float32Array.of(1.5, -0, Number.NaN, 1e-40) }],
    ['step', { dtype: 'i32', shape: [], values: Int32Array.of(-7) }],
    ['key', { dtype: 'u32', shape: [2], values: Uint32Array.of(0xffffffff, 1) }],
    ['nothing', { dtype: 'f32', shape: [0, 4], values: new Float32Array(0) }],
    ['ä "quoted"', { dtype: 'u8', shape: [1, 1], values: Uint8Array.of(255) }],
  ]);

  test('tensors and metadata come back', () => {
    const bytes = encodeSafetensors(tensors, { model: 'mnist.nn', epoch: '3' });
    const read = decodeSafetensors(bytes, 'weights');
    expect(read.metadata).toEqual({ model: 'mnist.nn', epoch: '3' });
    expect(new Set(read.tensors.keys())).toEqual(new Set(tensors.keys()));
    for (const [name, tensor] of tensors) expect(read.tensors.get(name)).toEqual(tensor);
  });

  test('every four-byte tensor lies on a multiple of four, and the data on one of eight', () => {
    const bytes = encodeSafetensors(tensors);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(length % 8).toBe(0);
    for (const { dtype, data_offsets: offsets } of Object.values<Record<string, number[]>>(
      header,
    )) {
      if (String(dtype).endsWith('32')) expect((offsets?.[0] ?? 1) % 4).toBe(0);
    }
  });

  test('views are written as what they show', () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const bytes = encodeSafetensors(new Map([['v', { dtype: 'f32', shape: [2], values }]]));
    expect([...(decodeSafetensors(bytes, 'f').tensors.get('v')?.values ?? [])]).toEqual([2, 3]);
  });

  test('what cannot be written is refused', () => {
    const tensor: StoredTensor = { dtype: 'u8', shape: [3], values: Uint8Array.of(1, 2) };
    expect(() => encodeSafetensors(new Map([['x', tensor]]))).toThrow(
      'has 3 elements, there are 2',
    );
    const reserved = new Map([['__metadata__', { ...tensor, shape: [2] }]]);
    expect(() => encodeSafetensors(reserved)).toThrow('reserved');
  });
});

describe('other types', () => {
  test.each<[string, readonly number[], string, number[]]>([
    ['F16', [0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00], 'f32', [1, -2, 65504, 2 ** -24, Infinity]],
    ['BF16', [0x3f80, 0xc040, 0x0080], 'f32', [1, -3, 2 ** -126]],
  ])('%s widens exactly', (type, words, dtype, values) => {
    const data = new Uint8Array(Uint16Array.from(words).buffer);
    const file = fileOf(`{"x":${entry(type, [words.length], 0, data.length)}}`, data);
    const tensor = decodeSafetensors(file, 'f').tensors.get('x');
    expect(tensor?.dtype).toBe(dtype);
    expect([...(tensor?.values ?? [])]).toEqual(values);
  });

  test('F64 is rounded, I64 must fit', () => {
    const doubles = new Uint8Array(Float64Array.of(0.1, -2).buffer);
    const rounded = decodeSafetensors(fileOf(`{"x":${entry('F64', [2], 0, 16)}}`, doubles), 'f');
    expect([...(rounded.tensors.get('x')?.values ?? [])]).toEqual([Math.fround(0.1), -2]);
    const longs = (value: bigint) =>
      fileOf(`{"x":${entry('I64', [], 0, 8)}}`, new Uint8Array(BigInt64Array.of(value).buffer));
    expect([...(decodeSafetensors(longs(-5n), 'f').tensors.get('x')?.values ?? [])]).toEqual([-5]);
    expect(() => decodeSafetensors(longs(2n ** 31n), 'f')).toThrow(
      '`x` (I64) has a value that i32',
    );
  });

  test('padding is left out, unaligned tensors are read', () => {
    const header = `{"a/__pad":${entry('U8', [1], 0, 1)},"x":${entry('F32', [1], 1, 5)}}`;
    const data = bytesOf([9], new Uint8Array(Float32Array.of(2.5).buffer));
    const { tensors } = decodeSafetensors(fileOf(header, data), 'f');
    expect([...tensors.keys()]).toEqual(['x']);
    expect([...(tensors.get('x')?.values ?? [])]).toEqual([2.5]);
  });
});

describe('hostile files', () => {
  const one = entry('F32', [1], 0, 4);
  test.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ['empty', new Uint8Array(0), 'opens with 8 bytes, this one has 0'],
    ['header past the end', fileOf('{}', 0, 3n), 'claims 3 bytes, after its length the file has 2'],
    [
      'header of 2^64-1 bytes',
      fileOf('{}', 0, 2n ** 64n - 1n),
      'more than the 100,000,000 allowed',
    ],
    ['no JSON', fileOf('{"x":', 0), 'the header is no JSON'],
    ['no UTF-8', fileOf('', [0xff], 1n), 'the header is no UTF-8 text'],
    ['an array', fileOf('[]', 0), 'the header is no JSON object'],
    ['a number for a tensor', fileOf('{"x":1}', 0), '`x` is not described by an object'],
    ['no shape', fileOf('{"x":{"dtype":"F32","data_offsets":[0,4]}}', 4), '`x` has no shape'],
    ['a negative size', fileOf(`{"x":${entry('F32', [-1], 0, 4)}}`, 4), '`x` has the shape [-1]'],
    ['a size of 1.5', fileOf(`{"x":${entry('F32', [1.5], 0, 6)}}`, 6), '`x` has the shape [1.5]'],
    [
      'three offsets',
      fileOf(`{"x":${one.replace('[0,4]', '[0,4,8]')}}`, 4),
      'data_offsets [0, 4, 8]; two',
    ],
    [
      'an unknown dtype',
      fileOf(`{"x":${entry('Q4', [1], 0, 4)}}`, 4),
      '`x` has dtype Q4; F32, I32',
    ],
    ['a wrong size', fileOf(`{"x":${entry('F32', [2], 0, 4)}}`, 4), 'F32[2], 8 bytes, but its'],
    ['an end before its begin', fileOf(`{"x":${entry('F32', [1], 4, 0)}}`, 4), 'hold -4'],
    [
      'a huge shape',
      fileOf(`{"x":${entry('F32', [2 ** 40, 2 ** 40], 0, 4)}}`, 4),
      'but its offsets 0 to 4 hold 4',
    ],
    ['offsets past the end', fileOf(`{"x":${one}}`, 3), '`x` ends at byte 4, the file has 3'],
    [
      'an overlap',
      fileOf(`{"x":${one},"y":${entry('F32', [1], 2, 6)}}`, 6),
      'the bytes of `y` overlap those of `x`',
    ],
    [
      'a hole',
      fileOf(`{"x":${one},"y":${entry('U8', [1], 5, 6)}}`, 6),
      '1 byte between `x` and `y` belong to no tensor',
    ],
    ['bytes left over', fileOf(`{"x":${one}}`, 9), '5 bytes after `x` belong to no tensor'],
    ['a name twice', fileOf(`{"x":${one},"x":${one}}`, 4), 'the header has `x` twice'],
    ['a name twice, escaped', fileOf(`{"x":${one},"\\u0078":${one}}`, 4), 'has `x` twice'],
    ['a key twice', fileOf(`{"x":{"dtype":"U8",${one.slice(1)}}`, 4), 'has `dtype` twice'],
    ['metadata of numbers', fileOf('{"__metadata__":{"a":1}}', 0), '`__metadata__`'],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'weights')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'weights')).toThrow(
      expect.objectContaining({ name: 'DataError', file: 'weights' }),
    );
  });

  test('a name that occurs once in each of two objects is no duplicate', () => {
    const header = `{"x":${entry('U8', [1], 0, 1)},"__metadata__":{"x":"{\\"x\\":1}"}}`;
    expect(decodeSafetensors(fileOf(header, 1), 'f').metadata).toEqual({ x: '{"x":1}' });
  });

  test('texts of any length in the header', () => {
    const long = '\\"x'.repeat(1_000_000);
    const header = JSON.stringify({ __metadata__: { long } });
    expect(decodeSafetensors(fileOf(header, 0), 'f').metadata['long']).toBe(long);
  });
});
