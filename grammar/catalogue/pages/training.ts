/** Pages about training, data, weights and the device (NN05xx). */
import type { training as entries } from '../training.ts';
import { type Page, page, pageWithout } from './page.ts';

/**
 * NN0506 to NN0508 are errors of the trainer, NN0509 one of the compiler, and NN0510 a warning of the trainer, with
 * sentences of their own.
 */
export type TrainerCode = 'NN0506' | 'NN0507' | 'NN0508' | 'NN0509' | 'NN0510';

export const training: Readonly<Record<keyof typeof entries | TrainerCode, Page>> = {
  NN0501: page(
    'A key or a value of `train`',
    `\`train { … }\` holds the defaults of a training run. Its keys are few, and an optimizer is a layer such as \`adam(lr=1e-3)\`, not a name in quotes. Every key has a flag of the same name on
the command line, which wins. Without a \`loss\`, and without an \`update\` of a \`param\`, there is nothing to train.`,
    `input x: f32[n]
param w: f32 = 1
loss = mean((w * x) ** 2)
train { optimizer: sgd(), epoch: 3 }
`,
    `input x: f32[n]
param w: f32 = 1
loss = mean((w * x) ** 2)
train { optimizer: sgd(), epochs: 3 }
`,
  ),
  NN0502: page(
    'A parameter with two owners',
    `\`update w = …\` writes the next value of a parameter by hand, and an optimizer writes it too. Which of the two should win is open, so one of them has to go, or \`freeze\` keeps the optimizer
away from this parameter.`,
    `input x: f32[n]
param w: f32 = 1
loss = mean((w * x) ** 2)
update w = w - 0.1 * grad(loss, w)
train { optimizer: sgd() }
`,
    `input x: f32[n]
param w: f32 = 1
loss = mean((w * x) ** 2)
train { optimizer: sgd() }
`,
  ),
  NN0503: pageWithout(
    'More than the device can hold',
    `A tensor of the program is larger than a buffer of this device, or than what it binds at once where a kernel cannot take the tensor row by row; or \`--budget\` allows less than the program takes.
A smaller batch makes activations smaller; a large table of weights can be split along one axis. \`nnc doctor\` prints the limits of the device, \`nnc compile --memory\` what takes most.`,
    'It depends on the device.',
  ),
  NN0504: pageWithout(
    'Columns that do not fit the inputs',
    `A data set has named columns, and a program has inputs. Columns of the same name belong together; the others are taken in order where rank, sizes and kind (whole numbers or fractions) fit.
Where that does not work out, both sides are listed, and \`columns: { X: "pixels", target: "label" }\` in \`train\` says which is which.`,
    'It depends on the data.',
  ),
  NN0505: pageWithout(
    'A class or row number out of range',
    `Whole numbers that choose a class or a row of a table count from 0 and must be below their number. They are checked when the data are loaded and never clamped: a label 10 among ten classes is
mostly a file that counts from 1.`,
    'It depends on the data.',
  ),
  NN0506: pageWithout(
    'The loss is no longer a number',
    `The loss became NaN or infinite, and from there on nothing that is computed means anything. Training stops; what was saved before stays. Usual causes: a learning rate that is too high
(try a tenth), inputs that are not scaled (divide pixels by 255), a \`log\` or a division that meets 0 (\`log(p + 1e-7)\`), an \`exp\` that overflows (use \`log_softmax\`, \`softplus\`).
\`clip: 1.0\` in \`train\` limits the gradient. \`nnc train --trace-nan\` runs step by step and names the first operation and line that is no longer finite and from which the loss has it.`,
    'It depends on the data and on the numbers that come up while training.',
  ),
  NN0507: pageWithout(
    'Weights of another model',
    `The file of weights has other tensors than the program: each that is missing, unknown or of another shape is listed. Weights are found by their names, which come from the names of layers
in the text, so renaming a \`let\` or an \`as\` renames them; \`nnc summary\` lists the names of a program.`,
    'It depends on the file of weights.',
  ),
  NN0508: pageWithout(
    'A checkpoint of another run',
    `A run that goes on from a checkpoint ends with the very weights that it would have without the interruption. That holds only with the same model, optimizer, rows, batch, seed and order, so anything
else is refused and listed. The number of steps or epochs may grow. To change something on the way, begin a new run from the weights: \`--weights FILE\` takes a checkpoint too.`,
    'It depends on the checkpoint.',
  ),
  NN0509: pageWithout(
    'A schedule that this kernel cannot have',
    `\`--schedule k03="variant=direct rows=4"\` says how one kernel runs, in place of the schedule that the cost model ranks first. The kernel is named by its number, its whole name or its key; of the legal
schedules that have all settings given, the best ranked is taken. \`nnc compile --emit=schedules\` prints the kernels of a model and what is legal for each, on the device at hand.`,
    'It depends on the device.',
  ),
  NN0510: pageWithout(
    'A run that goes on with other kernels',
    `A sum of floats depends on the order of its terms, in its last bits, and that order is a matter of the kernels and of the device. A checkpoint keeps a mark of the kernels that train and
validate, and the options that chose them. Where a resumed run has others, the warning names what differs: \`--schedule\` or \`--measured\`, the device, or nnc itself. The run goes on, and what it
learns is as good; but it may not end with the very bits that it would have without the interruption, and what it writes from there on belongs to the new kernels.`,
    'It depends on the checkpoint, the options and the device.',
  ),
};
