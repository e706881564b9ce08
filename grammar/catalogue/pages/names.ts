/** Pages about names, arguments and ownership (NN03xx). */
import type { names as entries } from '../names.ts';
import { type Page, page, pageWithout } from './page.ts';

export const names: Readonly<Record<keyof typeof entries, Page>> = {
  NN0301: page(
    'An unknown name',
    `Nothing of this name can be seen here. Statements see the lines above them, the declarations of the file and the prelude. The body of a \`layer\` or \`fn\` sees declarations,
\`const\`s and its own arguments, but not the statements of the file: pass the value in. Names of other frameworks are known, so \`linear\` is answered with \`dense\`.`,
    `input x: f32[n, 4]
output y = x |> dense(3) |> rellu
`,
    `input x: f32[n, 4]
output y = x |> dense(3) |> relu
`,
  ),
  NN0302: page(
    'Used before its line',
    `A statement sees the lines above it only, so a program can be read from top to bottom. Declarations (\`layer\`, \`fn\`, \`const\`, \`dim\`, \`import\`) may stand anywhere.`,
    `input x: f32[n, 4]
output y = h + x
let h = x * 2
`,
    `input x: f32[n, 4]
let h = x * 2
output y = h + x
`,
  ),
  NN0303: page(
    'A name that is taken',
    `An \`input\`, \`param\`, \`state\` or \`const\` keeps its name for the whole body: other lines, data columns and checkpoints rely on it. Only a \`let\` may be replaced by a later \`let\`.`,
    `input x: f32[n, 4]
let x = x / 255
output y = x |> dense(3)
`,
    `input image: f32[n, 4]
let x = image / 255
output y = x |> dense(3)
`,
  ),
  NN0304: page(
    'A layer applied before it was configured',
    `A layer has two argument lists: configuration, then tensors. \`dense(10)\` makes a layer with its own weights; applying it is a second step, \`dense(10)(x)\` or \`x |> dense(10)\`. So
using the same instance twice shares its weights, and writing \`dense(10)\` twice does not.`,
    `input x: f32[n, 4]
output y = dense(x)
`,
    `input x: f32[n, 4]
output y = x |> dense(10)
`,
  ),
  NN0305: page(
    'An argument is missing, unknown, or too many',
    `The message shows the signature. Required arguments go by position or by name, optional ones by name. Activations are no options here but stages: \`dense(10) |> relu\`. And
\`max(x, 0)\` is \`maximum(x, 0)\`: \`max\` finds the largest element of one tensor, \`maximum\` compares two element by element.`,
    `dense(784, 10, activation=relu)
`,
    `dense(784, 10) |> relu
`,
  ),
  NN0306: page(
    'A layer or function that uses itself',
    `Every call is replaced by its body before anything runs, which would never end here. Repetition with a number that is known when compiling is \`repeat 4 { … }\`, or
\`repeat i in 0..4 { … }\` with a counter.`,
    `layer block(d: dim)(x) = x |> dense(d) |> block(d)
input x: f32[n, 4]
output y = x |> block(4)
`,
    `layer block(d: dim)(x) = x |> dense(d)
input x: f32[n, 4]
output y = x |> repeat 3 { block(4) }
`,
  ),
  NN0307: pageWithout(
    'An unknown value of an option',
    `Some options take one of a few words, such as \`pad="same"\` or \`pad="valid"\`. A word that is none of them is refused, with the nearest one.`,
    'The options that take words belong to convolution, which this version does not compile yet.',
  ),
  NN0308: pageWithout(
    'An import that cannot be read, or that goes in a circle',
    `A path in \`import\` is relative to the file that contains it. Files may import others that import more, but not in a circle, since every file is a layer made of those it imports.`,
    'It takes two files.',
  ),
  NN0310: page(
    'A function with weights',
    `A \`fn\` is pure: the same arguments give the same result, and nothing is kept. Whatever owns a \`param\` or \`state\`, or makes a layer inside, is a \`layer\`: then its weights have an
owner, a name and a place in checkpoints.`,
    `fn f(x) = x |> dense(10)
input x: f32[n, 3]
output y = f(x)
`,
    `layer f()(x) = x |> dense(10)
input x: f32[n, 3]
output y = x |> f
`,
  ),
  NN0311: page(
    'A tensor that would change',
    `Tensors are values: they never change. A changed copy is made with \`where(mask, v, x)\`, a new meaning of a name with another \`let\`. What is kept from step to step is a \`state\`
(or, for a step of descent by hand, a \`param\`), and \`update\` gives its next value.`,
    `input x: f32[n, 3]
let h = x
h += 1
output y = h
`,
    `input x: f32[n, 3]
let h = x + 1
output y = h
`,
  ),
  NN0312: page(
    'A body without `return`',
    `A body in braces ends with \`return\`: its value is what the layer or function gives back. A body of one expression needs no braces: \`fn f(x) = x * 2\`.`,
    `layer f()(x) {
  let y = x * 2
}
input x: f32[n, 3]
output y = x |> f
`,
    `layer f()(x) {
  let y = x * 2
  return y
}
input x: f32[n, 3]
output y = x |> f
`,
  ),
  NN0313: page(
    'A form that does not fit',
    `A pattern has as many names as the value has parts, a size is a whole number of at least 1, and so on: the message says which rule it is.`,
    `input x: f32[n, 6]
let (a, b) = split(x, 3, axis=-1)
output y = a + b
`,
    `input x: f32[n, 6]
let (a, b, c) = split(x, 3, axis=-1)
output y = a + b + c
`,
  ),
  NN0314: page(
    'A value of another kind',
    `There are numbers, texts and lists that are known when compiling, tensors, and things that can be applied (layers and functions). Behind \`|>\` stands something that can be applied; to
compute with the value that comes in, use a block, where it is called \`_\`.`,
    `input x: f32[n, 6]
output y = x |> x
`,
    `input x: f32[n, 6]
output y = x |> { _ * x }
`,
  ),
  NN0320: page(
    'A random call without a shape',
    `Inside \`param\` and \`state\` a random call takes the declared shape. Anywhere else it has to be told: \`shape=[n, 6]\`, or \`like=x\` for the shape of another tensor. A single number
for all elements would be a different thing.`,
    `input x: f32[n, 6]
output y = x + normal(0, 1)
`,
    `input x: f32[n, 6]
output y = x + normal(0, 1, like=x)
`,
  ),
  NN0330: page(
    'A field of something that has none',
    `A layer instance has its parameters as fields (\`emb.table\`), and \`x.T\` swaps the last two axes of a tensor. Nothing else has fields; what other frameworks write as methods is a
function here: \`shape(x)\`, \`mean(x)\`, \`reshape(x, …)\`.`,
    `input x: f32[n, 6]
output y = reshape(x, [x.shape[0], 2, 3])
`,
    `input x: f32[n, 6]
output y = reshape(x, [n, 2, 3])
`,
  ),
};
