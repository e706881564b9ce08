/** Two shapes below each other, the axis that differs marked. */
import { expect, it } from 'vitest';
import { alignShapes } from '../../grammar/catalogue/align-shapes.ts';

it.each([
  [
    'f32[b, 28, 10]',
    'f32[batch, 14, 10]',
    1,
    ['f32[    b, 28, 10]', 'f32[batch, 14, 10]', '           ^^'],
  ],
  ['f32[b, 28]', 'bf16[b, 1]', -1, [' f32[b, 28]', 'bf16[b,  1]', '        ^^']],
  ['f32[b]', 'f32[b, 1]', 0, ['f32[b]', 'f32[b, 1]']],
  [
    'f32[max(a, b), 1]',
    'f32[c, 2]',
    1,
    ['f32[max(a, b), 1]', 'f32[        c, 2]', '               ^'],
  ],
])('%s and %s', (first, second, axis, lines) => {
  expect(alignShapes(first, second, axis)).toEqual(lines);
});
