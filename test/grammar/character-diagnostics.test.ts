/** Syntax errors in characters and literals, one mistake a row. */
import { type Mistake, testMistakes } from './syntax-mistakes.ts';

const rows: readonly Mistake[] = [
  ['let x = 3 ⟦$⟧', 'NN0001', '`$` has no meaning here', 'comments start with `#`'],
  ['let x = ⟦$⟧ + 1', 'NN0001', '`$` has no meaning here', 'comments start with `#`'],
  ['let ⟦вес⟧ = 1', 'NN0001', '`вес` has no meaning here', /Latin or Greek/],
  ['let x = a ⟦&&⟧ b', 'NN0001', '`&&` has no meaning here', 'write `and`'],
  ['let x = ⟦!⟧a', 'NN0001', '`!` has no meaning here', 'write `not`'],
  ['let x = a ⟦^⟧ 2', 'NN0001', '`^` has no meaning here', 'a power is `x ** 2`'],
  ["let s = ⟦'abc'⟧", 'NN0001', "`'` has no meaning here", /double quotes/, 'let s = "abc"'],
  ['let s = "a⟦\\q⟧"', 'NN0001', '`\\q` has no meaning here', /in a string these are known/],
  [
    'let s = ⟦"abc⟧\nlet y = 2',
    'NN0002',
    'this string is not closed on its line',
    /end it with `"`/,
  ],
  ['let y = f(⟦"abc)⟧\nlet z = 2', 'NN0002', 'this string is not closed on its line', /end it/],
  ['let x = ⟦5.⟧', 'NN0003', '`5.` lacks a digit beside its point', 'write `5.0`', 'let x = 5.0'],
  ['let x = ⟦.5⟧', 'NN0003', '`.5` lacks a digit beside its point', 'write `0.5`', 'let x = 0.5'],
  [
    'let x = ⟦5.e3⟧',
    'NN0003',
    '`5.e3` lacks a digit beside its point',
    'write `5.0e3`',
    'let x = 5.0e3',
  ],
  [
    'let x = 1 ⟦//⟧ the first one',
    'NN0004',
    '`//` divides; comments start with `#`',
    /`#`/,
    'let x = 1 # the first one',
  ],
  [
    "⟦//⟧ don't\nlet x = 1",
    'NN0004',
    '`//` divides; comments start with `#`',
    /`#`/,
    "# don't\nlet x = 1",
  ],
  [
    'let x = 1 ⟦/*⟧ one */\n',
    'NN0004',
    /no comment here; comments start with `#`/,
    /`#`/,
    'let x = 1 # one\n',
  ],
];

testMistakes('characters and literals', rows);
