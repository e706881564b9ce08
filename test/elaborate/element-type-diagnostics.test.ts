/** Element types that do not mix, or that an operation does not take. */
import { type Refused, testRefused } from './refused.ts';

const rows: readonly Refused[] = [
  {
    code: 'NN0240',
    text: 'input x: f32[n]\ninput i: i32[n]\noutput y = «x» * i\n',
    message: 'f32 * i32: two element types do not mix',
    help: 'write `cast(i, f32)`',
    fix: 'cast(i, f32)',
  },
  {
    code: 'NN0241',
    text: 'input i: i32[n]\noutput y = «i * 0.5»\n',
    message: '`i * 0.5`: a fraction does not fit i32',
    help: 'cast `i` first: `cast(i, f32)`',
  },
  {
    code: 'NN0242',
    text: 'input i: i32[n]\noutput y = «exp(i)»\n',
    message: '`exp` is not defined for i32',
    help: 'write `cast(i, f32)`',
  },
  {
    code: 'NN0242',
    text: 'input p: bool[n]\ninput q: bool[n]\noutput y = «p < q»\n',
    message: '`<` is not defined for bool',
    help: 'write `cast(p, f32)`',
  },
];

testRefused('element types', rows);
