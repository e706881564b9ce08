/** Every syntax diagnostic: code, span, sentence, help and fix, one mistake a row. */
import { describe, expect, it } from 'vitest';
import { applyFix, parseText, unmark } from './marked.ts';

/** The marked source, the code, the sentence, the help, and the source after the fix. */
type Row = readonly [
  marked: string,
  code: string,
  message: string | RegExp,
  help?: string | RegExp | undefined,
  fixed?: string,
];

const characters: readonly Row[] = [
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

const expressions: readonly Row[] = [
  [
    'let y = x |> relu |> ⟦let⟧ z = 1',
    'NN0101',
    'expected an expression after `|>`, found `let`',
    /remove the `\|>`/,
  ],
  [
    'let y = x |>\n⟦let⟧ z = 1',
    'NN0101',
    'expected an expression after `|>`, found `let`',
    /next stage/,
  ],
  [
    'let y = x +⟦⟧',
    'NN0101',
    'expected an expression after `+`, found the end of the file',
    /behind `\+`/,
  ],
  ['let y = f(a ⟦b⟧)', 'NN0101', 'expected `,` or `)` after `a`, found `b`', /comma/],
  ['let y = [1 ⟦2⟧]', 'NN0101', 'expected `,` or `]` after `1`, found `2`', /comma/],
  [
    'let y = f(a\n⟦let⟧ z = 1',
    'NN0101',
    'expected `)` to close the `(` of line 1, found `let`',
    'add the `)`',
  ],
  ['let y = f([a⟦)⟧', 'NN0101', 'expected `]`, found `)`', 'add the `]`'],
  ['let y = 3⟦)⟧', 'NN0101', /found `\)`/, 'no `(` is open here'],
  [
    'layer f()(x) {\n  return x\n⟦input⟧ z: f32[3]',
    'NN0101',
    'expected `}` to close the `{` of line 1, found `input`',
    'add the `}`',
  ],
  [
    'layer f()(x) {\n  return x⟦⟧\n',
    'NN0101',
    'expected `}` to close the `{` of line 1, found the end of the file',
    'add the `}`',
  ],
  [
    'fn f(x)\n  ⟦let⟧ y = x\n  return y\n}',
    'NN0101',
    'expected `{` after `)`, found `let`',
    'add the `{`',
  ],
  ['let ⟦if⟧ = 3', 'NN0101', 'expected a name after `let`, found `if`', /keyword/],
  ['let y: ⟦=⟧ 3', 'NN0101', 'expected a type after `:`, found `=`'],
  [
    'input ⟦x⟧\nlet y = x',
    'NN0101',
    'expected `:` and a type after `x`, found `let`',
    /input x: f32/,
  ],
  [
    'input x ⟦f32⟧[3]',
    'NN0101',
    'expected `:` after `x`, found `f32`',
    undefined,
    'input x : f32[3]',
  ],
  [
    'input x: f32[3] ⟦=⟧ 0',
    'NN0101',
    'expected the end of the `input`, found `=`',
    /`let` or a `const`/,
  ],
  [
    'train { epochs ⟦=⟧ 3 }',
    'NN0101',
    'expected `:` after `epochs`, found `=`',
    undefined,
    'train { epochs : 3 }',
  ],
  ['fn f(x) ⟦=>⟧ x', 'NN0101', 'expected `=`, found `=>`', /without a name/, 'fn f(x) = x'],
  [
    'let y = x |> ⟦if⟧ c then f else g',
    'NN0101',
    'expected a stage after `|>`, found `if`',
    /parentheses/,
  ],
  ['repeat i in range⟦(⟧4) { relu }', 'NN0101', 'expected `{` after `range`, found `(`', /0\.\.4/],
  ['let y = x ⟦as⟧ h', 'NN0101', /found `as`/, /`let h = x`/],
  ['import "a.nn"\n⟦let⟧ y = 2', 'NN0101', 'expected `as` after `"a.nn"`, found `let`', /as block/],
  ['let y = x\n⟦(⟧3)', 'NN0101', 'expected a statement, found `(`', /new line/],
  ['⟦5⟧ |> relu', 'NN0101', 'expected a statement, found `5`', /keyword/],
  [
    'fn f(x) {\n  ⟦x⟧ * 2\n}',
    'NN0101',
    'expected a statement, found `x`',
    'write `return x * 2`',
    'fn f(x) {\n  return x * 2\n}',
  ],
  [
    'let y = x |> f { ⟦let⟧ z = 1 }',
    'NN0101',
    'expected an expression after `{`, found `let`',
    /block holds a chain/,
  ],
  [
    '⟦param b: f32[10]⟧\nlet y = 1',
    'NN0102',
    'a `param` needs its initial value: `param b: f32[10] = 0`',
    'write `param b: f32[10] = 0`',
  ],
  ['⟦let b⟧', 'NN0102', 'a `let` needs its value: `let b = ...`', /let b = /],
  [
    'let y ⟦relu(x)⟧',
    'NN0102',
    '`=` is missing here: `let y = relu(x)`',
    /let y = relu/,
    'let y = relu(x)',
  ],
  ['let y = a < b ⟦<⟧ c', 'NN0103', 'comparisons do not chain', 'write `a < b and b < c`'],
  [
    'let z = x |> f ⟦+⟧ y',
    'NN0104',
    'an operator cannot follow a stage: `x |> f + y`',
    'write `(x |> f) + y`, or go on with a block: `x |> f |> { _ + y }`',
  ],
  [
    'layer f()(x) {\n  ⟦fn⟧ g(y) = y\n  return g(x)\n}',
    'NN0101',
    'expected a statement, found `fn`',
    /file level/,
  ],
  [
    'layer f()(x) = {\n  ⟦let⟧ y = x\n  return y\n}',
    'NN0101',
    'expected an expression after `{`, found `let`',
    /takes no `=`/,
  ],
  ['let f = fn ⟦x⟧ => x', 'NN0101', 'expected `(` after `fn`, found `x`'],
  ['input x: ⟦[⟧batch, 784]', 'NN0101', 'expected a type before `[`, found `[`', /f32/],
];

const words: readonly Row[] = [
  [
    'input x: ⟦f64⟧[3]',
    'NN0105',
    'WebGPU has no 64-bit numbers, so there is no `f64`',
    'use `f32`',
  ],
  [
    'input x: ⟦i64⟧[3]',
    'NN0105',
    'WebGPU has no 64-bit numbers, so there is no `i64`',
    'use `i32`',
  ],
  ['let y = cast(x, ⟦f64⟧)', 'NN0105', /64-bit/, 'use `f32`'],
  ['policy { params: ⟦f64⟧ }', 'NN0105', /64-bit/, 'use `f32`'],
  ['input x: ⟦float32⟧[3]', 'NN0106', 'unknown type `float32`', 'did you mean `f32`?'],
  ['fn f(x: ⟦boool⟧) = x', 'NN0106', 'unknown type `boool`', 'did you mean `bool`?'],
  ['input x: ⟦tensor⟧[3]', 'NN0106', 'unknown type `tensor`', /f32 f16/],
  ['⟦def⟧ f(x):\n    return x\n\nlet y = 1', 'NN0107', '`def` is Python', /`fn f\(x\) = /],
  ['⟦def⟧ f(x) = x', 'NN0107', '`def` is Python', /`fn f\(x\) = /],
  [
    '⟦class⟧ Net(nn.Module):\n  def f(self):\n    pass\nlet y = 1',
    'NN0107',
    '`class` is Python',
    /`layer`/,
  ],
  ['⟦for⟧ i in range(3):\n  x = 1\nlet y = 1', 'NN0107', '`for` is Python', /repeat i in 0\.\.4/],
  ['⟦if⟧ a:\n  x = 1\nelse:\n  x = 2\nlet y = 1', 'NN0107', '`if` is Python', /if c then a else b/],
  [
    'let f = ⟦lambda⟧ x, y: x + y',
    'NN0107',
    '`lambda` is Python',
    'write `fn(x, y) => ...`',
    'let f = fn(x, y) => x + y',
  ],
  ['let t = ⟦True⟧', 'NN0107', '`True` is Python', 'write `true`', 'let t = true'],
  [
    'let t = f(bias=⟦False⟧)',
    'NN0107',
    '`False` is Python',
    'write `false`',
    'let t = f(bias=false)',
  ],
  ['let t = f(⟦None⟧)', 'NN0107', '`None` is Python', /x\[:, None\]/],
  [
    '⟦import numpy as np⟧\nlet y = np',
    'NN0107',
    '`import x as y` is Python',
    /import "numpy\.nn" as np/,
  ],
  [
    '⟦from⟧ torch import nn\nlet y = 1',
    'NN0107',
    '`from ... import` is Python',
    /import block from/,
  ],
  ['let y = a ⟦if⟧ c else b', 'NN0107', '`a if c else b` is Python', 'write `if c then a else b`'],
  [
    'dense(1, 2) |> relu\n⟦dense⟧(3) |> softmax',
    'NN0109',
    'is a `|>` missing before `dense`?',
    /write `\|> dense`/,
    'dense(1, 2) |> relu\n|> dense(3) |> softmax',
  ],
  [
    'let y = x\n⟦relu⟧ |> f',
    'NN0109',
    'is a `|>` missing before `relu`?',
    /one bare chain/,
    'let y = x\n|> relu |> f',
  ],
  [
    'layer f()(x) = residual { relu ⟦dense⟧(3) }',
    'NN0109',
    'is a `|>` missing before `dense`?',
    /dense/,
    'layer f()(x) = residual { relu |> dense(3) }',
  ],
  [
    '⟦y⟧ = relu(x)',
    'NN0110',
    '`y = ...` does not start with a keyword',
    'did you mean `let y = ...`?',
    'let y = relu(x)',
  ],
  [
    'layer f()(x) {\n  ⟦y⟧ = relu(x)\n  return y\n}',
    'NN0110',
    '`y = ...` does not start with a keyword',
    /let y/,
    'layer f()(x) {\n  let y = relu(x)\n  return y\n}',
  ],
  ['⟦x[0]⟧ = 3', 'NN0311', 'tensors do not change', /`where\(mask, v, x\)`.*`update`/],
  ['⟦x⟧ += 1', 'NN0311', 'tensors do not change', /`let x = x \+ 1`/],
];

describe.each([
  ['characters and literals', characters],
  ['statements and expressions', expressions],
  ['words', words],
] as const)('%s', (_, rows) => {
  it.each(rows.map((row) => ({ marked: row[0], row })))('$marked', ({ row }) => {
    const [marked, code, message, help, fixed] = row;
    const { text, spans } = unmark(marked);
    const { diagnostics } = parseText(text);
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    const [diagnostic] = diagnostics;
    if (diagnostic === undefined) throw new Error('no diagnostic');
    expect(diagnostic.span).toEqual(spans[0]);
    if (typeof message === 'string') expect(diagnostic.message).toBe(message);
    else expect(diagnostic.message).toMatch(message);
    if (typeof help === 'string') expect(diagnostic.help).toBe(help);
    else if (help !== undefined) expect(diagnostic.help).toMatch(help);
    expect(applyFix(text, diagnostic)).toBe(fixed);
    if (fixed !== undefined) expect(parseText(fixed).diagnostics).toEqual([]);
  });
});

describe('nesting (NN0111)', () => {
  it.each([
    ['brackets', `let y = ${'('.repeat(500)}1${')'.repeat(500)}`],
    ['prefixes', `let y = ${'-'.repeat(5000)}1`],
    ['sums', `let y = ${'a + '.repeat(5000)}a`],
    ['stages', `let y = x${' |> f'.repeat(5000)}`],
    ['calls', `let y = f${'(1)'.repeat(5000)}`],
    ['comparisons', `let y = ${'a < '.repeat(5000)}a`],
  ])('%s without end are reported once and the next line survives', (_, text) => {
    const { file, diagnostics } = parseText(`${text}\nlet z = 2`);
    expect(diagnostics.map((d) => d.code)).toEqual(['NN0111']);
    expect(file.items.at(-1)).toMatchObject({ kind: 'let', value: { kind: 'number', value: 2 } });
  });

  it('a chain of ifs without end is reported for the whole file', () => {
    const { diagnostics } = parseText(`let y = ${'if a then b else '.repeat(20_000)}c`);
    expect(diagnostics.map((d) => d.code)).toEqual(['NN0111']);
  });
});

describe('what looks like a mistake and is none', () => {
  it.each([
    'let y = a // b',
    'let y = a\n  // b',
    'let y = a // b  let z = c // d',
    'layer f(n)(x) { let a = n // 2  update m = a  output m  return a }',
    'train { batch: n // k  epochs: 3 }',
    'let y = x[None, :, None]',
    'let lambda = 0.1  let y = lambda * x',
    'let y = f(True=1)',
    'let y = a |> f\n  |> g',
    'let def = 1\nlet y = def + 1',
  ])('%s', (text) => {
    expect(parseText(text).diagnostics).toEqual([]);
  });
});
