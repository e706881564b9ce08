/** Pages about characters, literals, statements and expressions (NN00xx, NN01xx). */
import type { syntax as entries } from '../syntax.ts';
import { type Page, page, pageWithout } from './page.ts';

export const syntax: Readonly<Record<keyof typeof entries, Page>> = {
  NN0001: page(
    'A character without meaning',
    `The text has a character that no word or sign of the language uses. Often it is a sign of another language, such as \`&&\` for \`and\` or a quote of another kind, or a
sign that an editor put in the place of \`-\` or \`"\`. Comments start with \`#\`.`,
    `input a: bool[n]
input b: bool[n]
output both = a && b
`,
    `input a: bool[n]
input b: bool[n]
output both = a and b
`,
  ),
  NN0002: page(
    'A string that is not closed',
    `A string starts and ends on one line. So a forgotten quote costs one line and not the rest of the file. A line break inside a string is written \`\\n\`, a quote \`\\"\`.`,
    `input x: f32[n, 4]
param w: f32[4] = 0
loss = mean((x @ w) ** 2)
train { data: "points.csv
}
`,
    `input x: f32[n, 4]
param w: f32[4] = 0
loss = mean((x @ w) ** 2)
train {
  data: "points.csv"
}
`,
  ),
  NN0003: page(
    'A number with nothing beside its point',
    `A point needs a digit on both sides. \`0..4\` is a range and \`x.T\` a field, so a lone point would be read in more than one way.`,
    `input x: f32[n]
output y = x * .5
`,
    `input x: f32[n]
output y = x * 0.5
`,
  ),
  NN0004: page(
    'A comment of another language',
    `\`//\` divides and rounds down, as in Python: \`784 // 2\` is a size. A comment starts with \`#\` and goes on to the end of its line; \`##\` before a declaration documents it.
There are no comments over several lines.`,
    `input x: f32[n] // one number a row
output y = x * 2
`,
    `input x: f32[n]  # one number a row
output y = x * 2
`,
  ),
  NN0101: page(
    'Something else was expected',
    `At this place the grammar wants something else: the message says what, and what stands there instead. A bracket that was not closed is reported with the line that opens it.

Two rules surprise at first. A \`(\`, \`[\` or \`{\` belongs to the expression before it only on the line where that expression ends, so an argument list never starts a line. And
every statement starts with a keyword (\`let\`, \`output\`, \`loss\`, …).`,
    `input x: f32[n, 4]
output y = relu(x |> dense(3)
`,
    `input x: f32[n, 4]
output y = relu(x |> dense(3))
`,
  ),
  NN0102: page(
    'A statement without its value',
    `\`param\`, \`state\`, \`let\`, \`const\`, \`update\`, \`loss\` and \`metric\` have a value behind \`=\`. For a \`param\` it is the value that training starts from: a number fills the
whole tensor, and \`normal(0, 0.02)\` or \`glorot(784, 10)\` draw it at random. There is no default, since the start decides whether a network learns at all.`,
    `input x: f32[n, 784]
param W: f32[784, 10]
output y = x @ W
`,
    `input x: f32[n, 784]
param W: f32[784, 10] = glorot(784, 10)
output y = x @ W
`,
  ),
  NN0103: page(
    'Comparisons in a row',
    `\`a < b < c\` means two comparisons in mathematics and in Python, and compares a bool with \`c\` in C. So it means nothing here; \`and\` says what is wanted.`,
    `input x: f32[n]
output inside = 0 < x < 1
`,
    `input x: f32[n]
output inside = 0 < x and x < 1
`,
  ),
  NN0104: page(
    'An operator behind a stage',
    `The right side of \`|>\` is a stage: a name, a call or a block, without operators. So \`x |> f + y\` cannot be taken for \`x |> (f + y)\` by one reader and for
\`(x |> f) + y\` by another. Parentheses say which is meant, or a block goes on with the value, which it calls \`_\`.`,
    `input x: f32[n]
output y = x |> relu + 1
`,
    `input x: f32[n]
output y = (x |> relu) + 1
`,
  ),
  NN0105: page(
    'Numbers of 64 bits',
    `WebGPU computes with 16 and 32 bits. \`f32\` is enough for networks; whole numbers are \`i32\` or \`u32\`. Data files may hold 64-bit numbers: they are converted when they are
loaded.`,
    `input x: f64[n]
output y = x * 2
`,
    `input x: f32[n]
output y = x * 2
`,
  ),
  NN0106: page(
    'An unknown type',
    `The element types are \`f32 f16 i32 u32 bool\`; \`u8 i8 u16 i16\` and \`bf16\` are for storage only. In signatures \`float\`, \`int\`, \`num\` and \`any\` stand for several of
them, and configuration has \`dim int float bool str list fn\`.`,
    `input x: float32[n]
output y = x * 2
`,
    `input x: f32[n]
output y = x * 2
`,
  ),
  NN0107: page(
    'A spelling of Python',
    `Much looks like Python here, but not everything is spelt so. \`fn f(x) = …\` defines a function, \`layer f(n)(x) { … }\` one with weights, \`fn(x) => …\` is a function without a
name, \`repeat\` repeats, \`true\` and \`false\` are written small, and \`if c then a else b\` is an expression.`,
    `input x: f32[n, 4]
output y = x |> dense(3, bias=False)
`,
    `input x: f32[n, 4]
output y = x |> dense(3, bias=false)
`,
  ),
  NN0108: page(
    'An optional argument without its name',
    `Required arguments go by position, optional ones by name. So the number of positional arguments is fixed, and a leading input size may be left out without confusion:
\`dense(10)\` and \`dense(784, 10)\`. And nobody has to know what the fourth \`3\` of a call means.`,
    `input x: f32[n, 4]
output y = mean(x, -1)
`,
    `input x: f32[n, 4]
output y = mean(x, axis=-1)
`,
  ),
  NN0109: page(
    'A pipe is missing',
    `A file may hold one bare chain, before all statements, and a block holds one chain. An expression that stands behind another one is therefore a chain that lost its \`|>\`: read
as two chains, half of the network would silently disappear.`,
    `dense(784, 100) |> relu
dense(10) |> log_softmax
`,
    `dense(784, 100) |> relu
|> dense(10) |> log_softmax
`,
  ),
  NN0110: page(
    'A statement without `let`',
    `Every statement starts with a keyword, so that a broken one never swallows the next. A name is given with \`let\`.`,
    `input x: f32[n, 4]
h = x |> dense(3)
output y = relu(h)
`,
    `input x: f32[n, 4]
let h = x |> dense(3)
output y = relu(h)
`,
  ),
  NN0111: page(
    'Nested too deep',
    `Brackets inside brackets go 64 deep, operators or stages in a row some hundreds. Programs that people write stay far below; those that programs write should give inner parts a
name with \`let\`, which also makes the messages about them readable.`,
    `input x: f32[n]
output y = ${'('.repeat(70)}x${')'.repeat(70)}
`,
    `input x: f32[n]
let inner = ((((x))))
output y = ((((inner))))
`,
  ),
  NN0190: pageWithout(
    'Part of the language, but not there yet',
    `The language is larger than what this version compiles: windows (convolution, pooling), recurrence (\`scan\`) and f16 by \`policy\` are still to come. What is missing is refused
by name; nothing is ignored. Section 8 of the reference lists it.`,
    'Which programs get it changes with every version.',
  ),
};
