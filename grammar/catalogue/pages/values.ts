/** Pages about gradients, values that must be known, and losses (NN04xx). */
import type { values as entries } from '../values.ts';
import { type Page, page } from './page.ts';

export const values: Readonly<Record<keyof typeof entries, Page>> = {
  NN0401: page(
    'No gradient',
    `A gradient says how a result changes with a small change of something. Whole numbers and bools do not change by a little, so neither \`argmax\` nor anything of integers has one. Metrics
such as accuracy are reported; what is minimised is a loss.

A plain number (\`let x = 2\`) is no variable either; \`let x: f32 = 2\` makes a tensor of it.`,
    `input x: f32[n, 4]
output y = grad(argmax(x), x)
`,
    `input x: f32[n, 4]
output y = grad(max(x, axis=-1), x)
`,
  ),
  NN0405: page(
    'No path to differentiate along',
    `The result does not depend on what it should be differentiated by, so the gradient would be 0 everywhere: mostly a sign that the wrong tensor was used on the way, or that a
\`stop_gradient\` cuts more than it should. The message names the nearest cut.`,
    `param w: f32 = 1
input x: f32[n]
output y = w * x
loss = mean(stop_gradient(w) * x)
output g = grad(loss, w)
`,
    `param w: f32 = 1
input x: f32[n]
output y = w * x
loss = mean(w * x)
output g = grad(loss, w)
`,
  ),
  NN0410: page(
    'It must be known when compiling',
    `Sizes of weights, numbers of repetitions, axes and the like decide the shape of the program, which is fixed before anything runs. They are numbers, \`const\`s, or configuration arguments
of a layer, and never tensors, whose values appear only on the device. \`--set depth=9\` sets a \`const\` from outside.`,
    `input k: i32
input x: f32[n, 4]
output y = x |> repeat k { relu }
`,
    `const k = 3
input x: f32[n, 4]
output y = x |> repeat k { relu }
`,
  ),
  NN0412: page(
    '`if` on a tensor',
    `\`if\` chooses between two programs while compiling. Between two values, element by element, chooses \`where(c, a, b)\`; both are computed, and the gradient flows into the one that was
chosen.`,
    `input x: f32[n]
output y = if x > 0 then x else -x
`,
    `input x: f32[n]
output y = where(x > 0, x, -x)
`,
  ),
  NN0420: page(
    'A loss that is not one number',
    `What is minimised is one number. A loss for each row has to be made one, with \`mean\` or \`sum\`; which of the two decides what the learning rate means, so it is not chosen for you. A
metric is one number too.`,
    `input x: f32[batch]
param w: f32 = 1
loss = (w * x) ** 2
`,
    `input x: f32[batch]
param w: f32 = 1
loss = mean((w * x) ** 2)
`,
  ),
};
