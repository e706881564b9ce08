/** The files that random programs may import: sound ones, one with mistakes, and two that import each other. */
import type { ReadImport } from '../../../compiler/elaborate/imports.ts';

const files: Readonly<Record<string, string>> = {
  'net.nn':
    'const width = 3\nlayer block(c: dim) = residual { dense(c) }\nfn twice(x) = 2 * x\n' +
    'input x: f32[n, 3]\ninput label: u8[n]\noutput y = x |> block(width) |> dense(4)\n' +
    'loss = softmax_crossentropy(y, label)\n',
  'f.nn': 'fn a(x) = x + 1\nlayer b(d: dim)(x: f32[n, d]) = x |> dense(d)\ndense(3, 2)\n',
  'broken.nn': 'let x = (1\nfn a(x) = y\n',
  'a.nn': 'import "b.nn" as b\noutput y = 1\n',
  'b.nn': 'import "a.nn" as a\noutput y = 1\n',
};

export const readImport: ReadImport = (path) => {
  const text = files[path];
  return text === undefined ? { tried: path } : { name: path, text };
};
