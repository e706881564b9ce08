/** Names of classes in the metadata of weights: there and back, and refused where they are something else. */
import { expect, test } from 'vitest';
import { classesIn, classMetadata } from '../../data/class-metadata.ts';
import { DataError } from '../../data/index.ts';

test('there and back', () => {
  const classes = { species: ['setosa', 'a "b"', '\n'], text: ['x'] };
  expect(classesIn({ model: 'm', ...classMetadata(classes) }, 'w')).toEqual(classes);
  expect(classMetadata({})).toEqual({});
  expect(classesIn({ model: 'm' }, 'w')).toEqual({});
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '"a"',
  '{"a": "b"}',
  '{"a": []}',
  '{"a": [1]}',
  '{"a": ["b", "b"]}',
])('%j is refused', (classes) => {
  expect(() => classesIn({ classes }, 'w.st')).toThrow(DataError);
  expect(() => classesIn({ classes }, 'w.st')).toThrow(
    'w.st: the `classes` in its metadata are no lists of different names, by column',
  );
});
