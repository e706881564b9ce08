/** Pages about sizes that disagree, axes and slices that do not exist (NN0201 to NN0212). */
import { type Page, page } from './page.ts';

export type ShapeCode =
  | 'NN0201'
  | 'NN0202'
  | 'NN0203'
  | 'NN0204'
  | 'NN0205'
  | 'NN0206'
  | 'NN0207'
  | 'NN0208'
  | 'NN0209'
  | 'NN0210'
  | 'NN0211'
  | 'NN0212';

export const shapes: Readonly<Record<ShapeCode, Page>> = {
  NN0201: page(
    'Two names for one size',
    `Sizes with a name, such as \`batch\`, are bound when data arrive. Two names are two sizes, which may differ; here they would have to be equal. If they always are, they are one
size: use one name in both inputs.`,
    `input x: f32[batch]
input y: f32[n]
loss = mse(x, y)
`,
    `input x: f32[batch]
input y: f32[batch]
loss = mse(x, y)
`,
  ),
  NN0202: page(
    'A layer was told another input size',
    `\`dense(100, 10)\` states that its input has 100 features, and the value that arrives has another number. The first size may be left out: \`dense(10)\` takes what comes. To state
it is a check that a reader can rely on.`,
    `input image: f32[batch, 784]
output y = image |> dense(100, 10)
`,
    `input image: f32[batch, 784]
output y = image |> dense(784, 10)
`,
  ),
  NN0203: page(
    'The inner sizes of a product differ',
    `\`a @ b\` multiplies the last axis of \`a\` with the last but one of \`b\` (with the only one, if it has one), so these two must have the same size. The message shows both shapes and
where each comes from. Often the weights were declared the wrong way round: \`x @ W\` wants \`W: f32[inputs, units]\`.`,
    `input x: f32[batch, 784]
param W: f32[10, 784] = 0
output y = x @ W
`,
    `input x: f32[batch, 784]
param W: f32[784, 10] = 0
output y = x @ W
`,
  ),
  NN0204: page(
    'Another number of axes',
    `The layer or function was declared for a tensor with a certain number of axes. \`reshape\` and \`flatten\` give other ones, \`x[:, None]\` one more. Images are [batch, height, width,
channels] here, as in TensorFlow.`,
    `input x: f32[n]
output y = x[0, 1]
`,
    `input x: f32[n, m]
output y = x[0, 1]
`,
  ),
  NN0205: page(
    'Tensors that cannot be joined',
    `\`concat\` puts tensors behind one another along one axis. All other axes must have equal sizes, else the result would have holes. To put tensors on a new axis use \`stack\`.`,
    `input a: f32[b, 3, 4]
input c: f32[b, 5, 6]
output y = concat([a, c], axis=1)
`,
    `input a: f32[b, 3, 4]
input c: f32[b, 5, 4]
output y = concat([a, c], axis=1)
`,
  ),
  NN0206: page(
    'An argument of another shape',
    `The function or layer declares the shape of its arguments, and declared shapes never broadcast. That catches the mistake of many tutorials: labels of shape [n, 1] against scores
of shape [n, classes] broadcast silently elsewhere, and the network learns nonsense.

One layer instance has one set of weights, so applying it to inputs of two different widths is refused with this code too.`,
    `input x: f32[60000, 10]
input label: i32[60000, 1]
loss = softmax_crossentropy(x, label)
`,
    `input x: f32[60000, 10]
input label: i32[60000, 1]
loss = softmax_crossentropy(x, label[:, 0])
`,
  ),
  NN0207: page(
    'Sizes that differ, element by element',
    `Operators such as \`+\` work element by element. The axes are aligned at the right; a side with fewer axes is repeated along the missing ones, and so is a scalar. All other sizes
must be equal. A size of 1 in both operands' place is stretched only if it is written as one (see NN0208).`,
    `input a: f32[b, 10]
input c: f32[b, 12]
output y = a + c
`,
    `input a: f32[b, 10]
input c: f32[b, 12]
output y = a + c[:, :10]
`,
  ),
  NN0208: page(
    'Both sides would be stretched',
    `Broadcasting is one-sided: the result must have the shape of one of the operands. [n, 1] - [n] would give [n, n], every prediction against every target, which is nearly always a
column that should have lost its axis. NumPy does it silently, and the loss that comes out even goes down a little.

Where all pairs are wanted, say so with explicit axes: \`a[:, None] - b[None, :]\`.`,
    `input x: f32[n, 8]
input y: f32[n]
let pred = x |> dense(1)
loss = mean((pred - y) ** 2)
`,
    `input x: f32[n, 8]
input y: f32[n]
let pred = x |> dense(1)
loss = mean((pred[:, 0] - y) ** 2)
`,
  ),
  NN0209: page(
    'Another number of elements',
    `\`reshape\` gives the same elements other axes, so the product of the sizes must stay the same. One size may be \`-1\`: it is what is left. \`reshape(x, [size(x, 0), -1])\`, also
called \`flatten\`, keeps the rows.`,
    `input x: f32[batch, 784]
output y = reshape(x, [batch, 28, 27])
`,
    `input x: f32[batch, 784]
output y = reshape(x, [batch, 28, 28])
`,
  ),
  NN0210: page(
    'An axis that is not there',
    `Axes are numbered from 0; negative ones count from the end, so \`axis=-1\` is the last axis whatever their number. A size's name works too: \`mean(x, axis=t)\`.`,
    `input x: f32[batch, 784]
output y = mean(x, axis=2)
`,
    `input x: f32[batch, 784]
output y = mean(x, axis=1)
`,
  ),
  NN0211: page(
    'An entry that is not there',
    `Indices and slices must lie inside the axis. Python clamps slices that reach too far; here it is an error, since a slice shorter than it says is a mistake that shows up far away.`,
    `input x: f32[batch, 784]
output y = x[:, 700:800]
`,
    `input x: f32[batch, 784]
output y = x[:, 700:]
`,
  ),
  NN0212: page(
    'A slice of nothing',
    `A slice whose start is not before its stop selects nothing, and a step of 0 never moves on. No tensor has a size of 0 here: an average over nothing would be NaN.`,
    `input x: f32[batch, 784]
output y = x[:, 7:7]
`,
    `input x: f32[batch, 784]
output y = x[:, 7:8]
`,
  ),
};
