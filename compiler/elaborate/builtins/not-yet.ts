/** Names of the language and its library that this version does not compile: refused, never ignored. */
import { complain } from '../report.ts';
import type { Builtin } from './builtin.ts';

const names: readonly string[] = [
  'window',
  'unwindow',
  'scan',
  'conv2d',
  'max_pool2d',
  'avg_pool2d',
  'upsample2d',
  'embedding',
  'lstm',
  'gru',
  'attention',
  'group_norm',
  'sinusoidal',
];

export const notYetBuiltins: readonly Builtin[] = names.map((name) => ({
  name,
  parameters: [],
  call: (c) => complain(c.run, 'NN0190', { what: `\`${name}\`` }, c.place),
}));
export const isNotYet = (builtin: Builtin): boolean => names.includes(builtin.name);
