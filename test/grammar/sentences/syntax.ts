/** The sentences of syntax errors, and of what is not compiled yet. */
import type { syntax as family } from '../../../grammar/catalogue/syntax.ts';
import type { Samples } from './samples.ts';

export const syntax: Samples<keyof typeof family> = {
  NN0001: [{ text: '$' }, '`$` has no meaning here', 'comments start with `#`'],
  NN0002: [
    {},
    'this string is not closed on its line',
    'end it with `"`; a line break inside a string is written `\\n`',
  ],
  NN0003: [{ text: '5.', instead: '5.0' }, '`5.` lacks a digit beside its point', 'write `5.0`'],
  NN0004: [{ text: '//' }, '`//` divides; comments start with `#`', 'write `#` in its place'],
  NN0101: [
    { expected: 'an expression after `|>`', found: '`let`' },
    'expected an expression after `|>`, found `let`',
  ],
  NN0102: [
    { needs: 'a `param` needs its initial value', example: 'param b: f32[10] = 0' },
    'a `param` needs its initial value: `param b: f32[10] = 0`',
    'write `param b: f32[10] = 0`',
  ],
  NN0103: [{ instead: 'a < b and b < c' }, 'comparisons do not chain', 'write `a < b and b < c`'],
  NN0104: [
    { pipe: 'x |> f', op: '+', operand: 'y' },
    'an operator cannot follow a stage: `x |> f + y`',
    'write `(x |> f) + y`, or go on with a block: `x |> f |> { _ + y }`',
  ],
  NN0105: [
    { name: 'f64', instead: 'f32' },
    'WebGPU has no 64-bit numbers, so there is no `f64`',
    'use `f32`',
  ],
  NN0106: [{ name: 'float32', suggestion: 'f32' }, 'unknown type `float32`', 'did you mean `f32`?'],
  NN0107: [{ found: 'def', instead: 'write `fn`' }, '`def` is Python', 'write `fn`'],
  NN0108: [
    { name: 'stride', instead: 'conv2d(32, 3, stride=2)' },
    '`stride` is optional, so name it: `conv2d(32, 3, stride=2)`',
    'write `conv2d(32, 3, stride=2)`',
  ],
  NN0109: [
    { name: 'relu' },
    'is a `|>` missing before `relu`?',
    'write `|> relu`; a file has one bare chain, which stands before its statements',
  ],
  NN0110: [{ name: 'y' }, '`y = ...` does not start with a keyword', 'did you mean `let y = ...`?'],
  NN0111: [
    { limit: 64 },
    'this is nested more than 64 deep',
    'give an inner part a name with `let`',
  ],
  NN0190: [
    { what: '`scan`' },
    '`scan` is part of the language, but this version of nnc does not compile it yet',
  ],
};
