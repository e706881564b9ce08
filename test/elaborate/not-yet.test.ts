/** What is part of the language and not compiled yet. */
import { type Refused, testRefused } from './refused.ts';

const notYet = (what: string): string =>
  `${what} is part of the language, but this version of nnc does not compile it yet`;
const refused: readonly Refused[] = [
  ['input x: f32[n, 4, 4, 1]\noutput y = x |> «conv2d(32, 3)»\n', '`conv2d`'],
  ['«policy { compute: f16 }»\n', '`policy`'],
  ['input x: «bf16»[n]\n', '`bf16`'],
].map(([text = '', what = '']) => ({
  code: 'NN0190',
  text,
  message: notYet(what),
  help: what === '`bf16`' ? 'use `f32`' : undefined,
}));

testRefused('what is not there yet', refused);
