/** Names of the language and its library that this version does not compile: refused, never ignored, each with what does instead. */
import { complain } from '../report.ts';
import type { Builtin } from './builtin.ts';

interface NotYet {
  /** What it is, behind its name in the message. */
  readonly is: string;
  readonly help: string;
}

const patches = 'rearrange(x, "n (h u) (w v) c -> n h w (u v c)", u=4, v=4)';
const pooled = 'rearrange(x, "n (h u) (w v) c -> n h w c (u v)", u=2, v=2)';
const loop =
  'over a fixed number of steps, `repeat` writes the loop out: `let step = dense(64)`, then `h0 |> repeat t in 0..8 { concat([x[:, t], _], axis=-1) |> step |> tanh }`';

const names: ReadonlyMap<string, NotYet> = new Map([
  [
    'window',
    {
      is: 'the view of sliding windows under convolution and pooling',
      help: `windows that do not overlap are a reshape: \`${patches}\``,
    },
  ],
  [
    'unwindow',
    { is: 'the adjoint of `window`', help: 'windows that do not overlap are a reshape' },
  ],
  ['scan', { is: 'the loop over an axis', help: loop }],
  [
    'conv2d',
    {
      is: 'convolution over images',
      help: `where the stride is as wide as the kernel, it is \`${patches} |> dense(32)\``,
    },
  ],
  ['max_pool2d', { is: 'pooling over images', help: `write \`max(${pooled}, axis=-1)\`` }],
  ['avg_pool2d', { is: 'pooling over images', help: `write \`mean(${pooled}, axis=-1)\`` }],
  [
    'upsample2d',
    {
      is: 'enlarging images',
      help: 'write `reshape(broadcast_to(x[:, :, None, :, None, :], [n, h, 2, w, 2, c]), [n, 2 * h, 2 * w, c])`',
    },
  ],
  ['lstm', { is: 'a recurrent layer', help: loop }],
  ['gru', { is: 'a recurrent layer', help: loop }],
]);

export const notYetBuiltins: readonly Builtin[] = [...names].map(([name, { is, help }]) => ({
  name,
  parameters: [],
  doc: is,
  call: (c) => complain(c.run, 'NN0190', { what: `\`${name}\` (${is})`, help }, c.place),
}));
export const isNotYet = (builtin: Builtin): boolean => names.has(builtin.name);
