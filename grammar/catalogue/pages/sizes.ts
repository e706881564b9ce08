/** Pages about sizes and their names, patterns, and element types (NN0213 to NN0242). */
import type { shapes as entries } from '../shapes.ts';
import { type Page, page, pageWithout } from './page.ts';
import type { ShapeCode } from './shapes.ts';

export const sizes: Readonly<Record<Exclude<keyof typeof entries, ShapeCode>, Page>> = {
  NN0213: page(
    'Sizes divide with `//`',
    `A size is a whole number, and half a row does not exist. \`//\` divides and rounds down. Where a fraction is meant, divide tensors.`,
    `input x: f32[n, m]
output y = mean(x) * (n / m)
`,
    `input x: f32[n, m]
output y = mean(x) * (n // m)
`,
  ),
  NN0214: page(
    'A size that nothing declares',
    `New size names may stand in the type of an \`input\` and of a tensor argument: there data decide what they are. Anywhere else the name must be known already: a size of an input,
a \`const\`, a \`dim\` or a configuration argument.`,
    `input x: f32[batch, 8]
let h: f32[bacth, 8] = x * 2
output y = h
`,
    `input x: f32[batch, 8]
let h: f32[batch, 8] = x * 2
output y = h
`,
  ),
  NN0215: page(
    'Two size names that look alike',
    `Two names of sizes differ in one letter, and one of them is used only once: probably a slip. Both are legal, so this is a warning; a size that should be its own deserves a name of
its own.`,
    `input x: f32[batch, 8]
input y: f32[bacth, 3]
output a = x * 2
output b = mean(x[:, 0])
output c = y * 2
`,
    `input x: f32[batch, 8]
input y: f32[batch, 3]
output a = x * 2
output b = mean(x[:, 0])
output c = y * 2
`,
  ),
  NN0216: pageWithout(
    'A size that breaks a rule of the file',
    `\`dim t <= 256\` or a slice such as \`x[:, :8]\` says something about sizes that are known only when data arrive. Such rules are checked then, before anything runs; \`nnc check\`
lists them. Give data of another size, or change the rule.`,
    'It depends on the data: `nnc check` lists what will be checked.',
  ),
  NN0217: pageWithout(
    'A window larger than its input',
    `A convolution or a pooling moves a window over its input, so the window must fit in. \`pad="same"\` adds a border of zeros.`,
    'It comes with convolution, which this version does not compile yet.',
  ),
  NN0220: page(
    'A pattern that cannot be read',
    `The patterns of \`einsum\` and \`rearrange\` name axes: names with spaces between, \`->\` before the axes of the result, commas between the tensors of \`einsum\`, parentheses around axes
that are one axis of the tensor, as in "b t (h e) -> b h t e".`,
    `input q: f32[b, t, 64]
output y = rearrange(q, "b t (h e -> b h t e", h=8)
`,
    `input q: f32[b, t, 64]
output y = rearrange(q, "b t (h e) -> b h t e", h=8)
`,
  ),
  NN0221: page(
    'A pattern that does not fit the tensor',
    `The pattern has another number of axes than the tensor, gives one name two different sizes, or splits an axis into parts that do not divide it.`,
    `input q: f32[b, t, 384]
output y = rearrange(q, "b t (h e) -> b h t e", h=7)
`,
    `input q: f32[b, t, 384]
output y = rearrange(q, "b t (h e) -> b h t e", h=8)
`,
  ),
  NN0230: page(
    'The input of a bare chain has no width',
    `A file that is only a chain, such as \`dense(784, 100) |> relu |> dense(10)\`, has the input \`x: f32[batch, ?]\`, and the first layer has to say what \`?\` is. Anything else than
rows of numbers declares its input.`,
    `dense(100) |> relu |> dense(10)
`,
    `dense(784, 100) |> relu |> dense(10)
`,
  ),
  NN0231: page(
    'A size that nothing determines',
    `A layer that leaves its input size open takes it from the first value it is applied to. This one is never applied, or its argument does not mention the size, so its weights have
no shape.`,
    `layer scaled(in?: dim)(x) {
  param W: f32[in] = 1
  return x * W
}
input x: f32[n, 4]
output y = x |> scaled
`,
    `layer scaled(in?: dim)(x: f32[n, in]) {
  param W: f32[in] = 1
  return x * W
}
input x: f32[n, 4]
output y = x |> scaled
`,
  ),
  NN0240: page(
    'Two element types',
    `Tensors of two element types do not mix: which one should the result have? \`cast\` says it. Numbers in the text adapt to the tensor beside them.`,
    `input x: f32[n]
input i: i32[n]
output y = x * i
`,
    `input x: f32[n]
input i: i32[n]
output y = x * cast(i, f32)
`,
  ),
  NN0241: page(
    'A fraction for whole numbers',
    `A number in the text takes the element type of the tensor beside it, and a fraction is no whole number. Cast the tensor, or round the number.`,
    `input ids: i32[n]
output y = ids * 0.5
`,
    `input ids: i32[n]
output y = cast(ids, f32) * 0.5
`,
  ),
  NN0242: page(
    'An operation that the element type lacks',
    `\`exp\`, \`sqrt\`, \`/\` and their like are for fractions, \`not\` for bools. \`cast(x, f32)\` makes fractions of whole numbers; whole numbers divide with \`//\`.`,
    `input i: i32[n]
output y = exp(i)
`,
    `input i: i32[n]
output y = exp(cast(i, f32))
`,
  ),
};
