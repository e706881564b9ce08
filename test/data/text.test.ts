/** Plain text: characters by number, windows and what follows them. */
import { describe, expect, test } from 'vitest';
import { bytesAsFile } from '../../data/files.ts';
import { residentRows } from '../../data/resident.ts';
import { decodeText } from '../../data/text.ts';
import { openText } from '../../data/text-stored.ts';
import { utf8 } from './fixtures.ts';

const rowsOf = (text: string, window: number, vocabulary?: readonly string[]) => {
  const { rows, columns } = decodeText(utf8(text), 'f', { window, vocabulary });
  const [first, second] = columns;
  const words = (values: Iterable<number> | undefined): readonly string[] => {
    const text = [...(values ?? [])].map((number) => first?.classes?.[number] ?? '?');
    return Array.from({ length: rows }, (_, row) =>
      text.slice(row * window, (row + 1) * window).join(''),
    );
  };
  return { columns, text: words(first?.values), next: words(second?.values) };
};

test('windows stand side by side, what is to be foretold one character later', () => {
  const { text, next, columns } = rowsOf('to be, or not', 4);
  expect(text).toEqual(['to b', 'e, o', 'r no']);
  expect(next).toEqual(['o be', ', or', ' not']);
  expect(columns.map(({ name, dtype, rowShape, kind }) => [name, dtype, rowShape, kind])).toEqual([
    ['text', 'u8', [4], 'integer'],
    ['next', 'u8', [4], 'integer'],
  ]);
  expect(columns[0]?.values.buffer).toBe(columns[1]?.values.buffer);
});

test('what fills no window is left out; a window and its successor are enough', () => {
  expect(rowsOf('abcdefgh', 3).text).toEqual(['abc', 'def']);
  expect(rowsOf('abcd', 3).text).toEqual(['abc']);
  expect(() => rowsOf('abc', 3)).toThrow(
    'f: the text has 3 characters; a window of 3 and its successor need 4',
  );
});

test('characters are numbered by code point, and are characters, not bytes or halves', () => {
  const { columns, text } = rowsOf('zβ🙂aß!', 2);
  expect(columns[0]?.classes).toEqual(['!', 'a', 'z', 'ß', 'β', '🙂']);
  expect(text).toEqual(['zβ', '🙂a']);
});

test('more than 256 characters take i32', () => {
  const many = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
  const { columns } = rowsOf(many, 10);
  expect(columns[0]?.dtype).toBe('i32');
  expect(columns[1]?.values.at(-1)).toBe(290);
});

test('a known vocabulary keeps its numbers', () => {
  const { columns } = rowsOf('abba', 3, ['b', 'a', 'c']);
  expect([...(columns[0]?.values ?? [])]).toEqual([1, 0, 0]);
  expect(() => rowsOf('ab\nad', 3, ['b', 'a', '\n'])).toThrow(
    'f: line 2, column 2: "d" is none of the 3 characters that were trained on',
  );
});

test('a character may lie across the pieces that are decoded at once', () => {
  // A byte more, so that two-byte characters straddle every mebibyte.
  const text = `a${'ß'.repeat(2 ** 20)}`;
  const { columns } = rowsOf(text, 1024);
  expect(columns[0]?.classes).toEqual(['a', 'ß']);
  expect(columns[0]?.values.length).toBe(2 ** 20);
  expect(columns[1]?.values.every((value) => value === 1)).toBe(true);
});

describe('a text that stays in its file', () => {
  const open = (bytes: Uint8Array<ArrayBuffer>, window: number, vocabulary?: readonly string[]) =>
    openText(bytesAsFile(bytes), 'f', { window, vocabulary });

  test('characters may lie across the pieces of a file, and across the places of its index', async () => {
    const text = `a${'ß'.repeat(2 ** 19)}${'🙂漢'.repeat(2 ** 17)}z`;
    const bytes = utf8(text);
    const stored = await open(bytes, 1000);
    const resident = decodeText(bytes, 'f', { window: 1000 });
    expect(stored.rows).toBe(resident.rows);
    const all = await residentRows(stored);
    expect(all.columns).toEqual(
      resident.columns.map((column) => ({ ...column, values: column.values.slice() })),
    );
  });

  test('the same messages as of a text in memory', async () => {
    await expect(open(utf8('ab\nad'), 3, ['b', 'a', '\n'])).rejects.toThrow(
      'f: line 2, column 2: "d" is none of the 3 characters that were trained on',
    );
    await expect(open(utf8('abc'), 3)).rejects.toThrow('f: the text has 3 characters; a window of');
    const cut = utf8('to be, or not to bß').subarray(0, -1);
    await expect(open(cut, 3)).rejects.toThrow('f: the file is no UTF-8 text');
    const inside = utf8(`${'a'.repeat(2 ** 20 - 1)}ß${'a'.repeat(100)}`);
    inside[2 ** 20] = 0x20;
    await expect(open(inside, 3)).rejects.toThrow('f: the file is no UTF-8 text');
  });
});
