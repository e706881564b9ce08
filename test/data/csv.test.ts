/** CSV reading as a table: text, then names, dtypes and values, or the message. */
import { describe, expect, test } from 'vitest';
import { decodeCsv } from '../../data/csv.ts';

/** `name:dtype` and values of every column. */
function columnsOf(text: string): Record<string, number[]> {
  const { columns } = decodeCsv(new TextEncoder().encode(text), 'file.csv');
  return Object.fromEntries(
    columns.map((column) => [`${column.name}:${column.dtype}`, [...column.values]]),
  );
}

describe('decodeCsv', () => {
  test.each<[string, string, Record<string, number[]>]>([
    ['no header', '1,2.5\n3,4.5\n', { 'c0:u8': [1, 3], 'c1:f32': [2.5, 4.5] }],
    ['header', 'x,y\n1,2\n', { 'x:u8': [1], 'y:u8': [2] }],
    ['header with one number in it', '2020,y\n1,2\n', { '2020:u8': [1], 'y:u8': [2] }],
    ['header field left empty', ',y\n0,2\n1,3', { 'c0:u8': [0, 1], 'y:u8': [2, 3] }],
    ['blanks', '  1   2\n 3\t4 \n', { 'c0:u8': [1, 3], 'c1:u8': [2, 4] }],
    ['tabs', 'a b\tc\n1\t2', { 'a b:u8': [1], 'c:u8': [2] }],
    ['semicolons', '1;2\r\n3;4\r\n', { 'c0:u8': [1, 3], 'c1:u8': [2, 4] }],
    ['one column', '1.5e2\n-7\n', { 'c0:f32': [150, -7] }],
    ['empty lines', '\n1,2\n\n3,4\n\n', { 'c0:u8': [1, 3], 'c1:u8': [2, 4] }],
    ['byte order mark', '\uFEFFx\n1', { 'x:u8': [1] }],
    ['old line ends', 'x\r1\r2', { 'x:u8': [1, 2] }],
    ['quotes', '"a, b","say ""hi""" \n"1", 2\n', { 'a, b:u8': [1], 'say "hi":u8': [2] }],
    ['a quoted line end', '"a\nb",c\n1,2', { 'a\nb:u8': [1], 'c:u8': [2] }],
    ['quotes and blanks', '"a b" c\n1 "2"', { 'a b:u8': [1], 'c:u8': [2] }],
    ['signs and points', '+1,-.5\n-2,5.', { 'c0:i32': [1, -2], 'c1:f32': [-0.5, 5] }],
    ['255 and 256', '255,256', { 'c0:u8': [255], 'c1:i32': [256] }],
    ['past i32', '2147483647,2147483648', { 'c0:i32': [2147483647], 'c1:f32': [2147483648] }],
    ['integers written as floats', '1.0\n2.0', { 'c0:f32': [1, 2] }],
  ])('%s', (_, text, columns) => {
    expect(columnsOf(text)).toEqual(columns);
  });

  test('kinds follow from the way the numbers are written', () => {
    const { columns } = decodeCsv(new TextEncoder().encode('1,1000,1.0'), 'file.csv');
    expect(columns.map((column) => column.kind)).toEqual(['integer', 'integer', 'float']);
  });

  test('a first line of counts and class names names the classes', () => {
    const { rows, columns } = decodeCsv(
      new TextEncoder().encode('3,2,bad,good\n.5,1,0\n1,2,1\n3,4,1\n'),
      'file.csv',
    );
    expect(rows).toBe(3);
    expect(columns.map((column) => column.name)).toEqual(['c0', 'c1', 'c2']);
    expect(columns[2]?.classes).toEqual(['bad', 'good']);
    expect([...(columns[2]?.values ?? [])]).toEqual([0, 1, 1]);
  });
});

describe('refused', () => {
  test.each([
    ['nothing', '', 'file.csv: the file is empty'],
    ['blank lines only', '\n \n', 'the file is empty'],
    ['a header only', 'x,y\n', 'there is a header, but no rows follow'],
    ['a long row', '1,2\n3,4\n5,6,7\n', 'line 3 has 3 fields, line 1 has 2'],
    ['a short row after a header', 'x,y\n\n5\n', 'line 3 has 1 field, line 1 has 2'],
    ['a separator at the end', '1,2\n3,4,\n', 'line 2 has 3 fields'],
    ['a word', 'x,y\n1,2\n3,setosa\n', 'line 3: `y` is "setosa", not a finite number'],
    ['an empty field', '1,2\n3,\n', 'line 2: `c1` is empty'],
    ['nan', '1\nnan\n', 'line 2: `c0` is "nan"'],
    ['nan in the first line', 'NaN,1\n2,3\n', 'line 1: `c0` is "NaN"'],
    ['infinity', '1\n1e999\n', 'line 2: `c0` is "1e999"'],
    ['hexadecimal', 'x\n0x10\n', 'line 2: `x` is "0x10"'],
    ['an open quote', 'x\n"1\n2\n', 'line 2: a quote is never closed'],
    ['a quote inside', 'x,y\n1,"2"3"4"\n', 'line 2: field 2 has a quote in the wrong place'],
    ['one name twice', 'x,x\n1,2\n', 'two columns are called `x`'],
    ['fewer rows than promised', '3,1,a,b\n1,0\n2,1\n', 'promises 3 rows, the file has 2'],
    ['line numbers after a quoted line end', '"a\nb"\n1\n?\n', 'line 4: `a\nb` is "?"'],
  ])('%s', (_, text, message) => {
    expect(() => decodeCsv(new TextEncoder().encode(text), 'file.csv')).toThrow(message);
    expect(() => decodeCsv(new TextEncoder().encode(text), 'file.csv')).toThrow(
      expect.objectContaining({ name: 'DataError', file: 'file.csv' }),
    );
  });

  test('many open quotes are refused in linear time', () => {
    const start = performance.now();
    expect(() =>
      decodeCsv(new TextEncoder().encode(`"\n${'x\n'.repeat(200_000)}`), 'file.csv'),
    ).toThrow('never closed');
    // Minutes, where each quote looks for its end by itself.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('fields of any length, and quotes in any number', () => {
    const long = 'x'.repeat(5_000_000);
    expect(columnsOf(`"${long}",b\n1,2\n`)).toEqual({ [`${long}:u8`]: [1], 'b:u8': [2] });
    const quotes = '""'.repeat(1_000_000);
    const { columns } = decodeCsv(new TextEncoder().encode(`a,b\n"${quotes}",2\n`), 'file.csv');
    expect(columns[0]?.classes).toEqual(['"'.repeat(1_000_000)]);
  });

  test('no more columns than there is room for', () => {
    const wide = (fields: number) => new TextEncoder().encode(`${'1,'.repeat(fields - 1)}1\n`);
    expect(decodeCsv(wide(2 ** 16), 'file.csv').columns).toHaveLength(2 ** 16);
    expect(() => decodeCsv(wide(2 ** 16 + 1), 'file.csv')).toThrow(
      'file.csv: line 1 has 65,537 fields; up to 65,536 are read',
    );
  });
});
