/** Checkpoints whose record lies: `nnc train points.nn --resume FILE`. */

type Header = Readonly<Record<string, unknown>>;
type Metadata = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

/** What is wrong, how the header of a sound checkpoint becomes so, and what is said. */
export type HostileCheckpoint = readonly [
  wrong: string,
  change: (header: Header) => Header,
  ...says: readonly string[],
];

const metadata =
  (change: (metadata: Metadata) => Json) =>
  (header: Header): Header => ({
    ...header,
    __metadata__: change((header['__metadata__'] ?? {}) as Metadata),
  });

/** An entry of the metadata that is JSON, changed. */
const entry = (key: string, change: (value: Json) => unknown) =>
  metadata((all) => ({
    ...all,
    [key]: JSON.stringify(change(JSON.parse(all[key] ?? '{}') as Json)),
  }));

const renamed =
  (from: string, to: string) =>
  (header: Header): Header =>
    Object.fromEntries(
      Object.entries(header).map(([name, value]) => [name === from ? to : name, value]),
    );

export const checkpointFiles: readonly HostileCheckpoint[] = [
  [
    'no metadata',
    ({ __metadata__: _, ...tensors }) => tensors,
    'error: bad.ckpt: this is no checkpoint',
    'help: weights alone, as `-o` writes them, say nothing of the run; `--weights FILE` begins a new run from them',
  ],
  [
    'a format to come',
    metadata((all) => ({ ...all, checkpoint: '7' })),
    'error: bad.ckpt: a checkpoint of format 7; this version of nnc reads format 1',
  ],
  [
    'a format of a megabyte',
    metadata((all) => ({ ...all, checkpoint: '7'.repeat(1e6) })),
    'error: bad.ckpt: a checkpoint of format 777777777777777777777777777777777777777…; this version of nnc reads format 1',
  ],
  [
    'no run',
    metadata(({ run: _, ...all }) => all),
    'error: bad.ckpt: this checkpoint is damaged: `run` should be JSON, and is missing',
  ],
  [
    'a run that is no JSON',
    metadata((all) => ({ ...all, run: '{"model"' })),
    'error: bad.ckpt: this checkpoint is damaged: `run` should be JSON, and is "{\\"model\\""',
  ],
  [
    'a run that is a list',
    entry('run', () => []),
    'error: bad.ckpt: this checkpoint is damaged: `run` should be an object, and is a list',
  ],
  [
    'a model that is a number',
    entry('run', (run) => ({ ...run, model: 7 })),
    'error: bad.ckpt: this checkpoint is damaged: `run.model` should be a text, and is 7',
  ],
  [
    'data that are a text',
    entry('run', (run) => ({ ...run, data: 'mnist' })),
    'error: bad.ckpt: this checkpoint is damaged: `run.data` should be an object, and is "mnist"',
  ],
  [
    'minus one rows',
    entry('run', (run) => ({ ...run, data: { name: 'x', rows: -1 } })),
    'error: bad.ckpt: this checkpoint is damaged: `run.data.rows` should be a whole number from 0 on, and is -1',
  ],
  [
    'half a batch',
    entry('run', (run) => ({ ...run, batch: 0.5 })),
    'error: bad.ckpt: this checkpoint is damaged: `run.batch` should be a whole number from 0 on, and is 0.5',
  ],
  [
    'a seed in words',
    entry('run', (run) => ({ ...run, seed: 'one' })),
    'error: bad.ckpt: this checkpoint is damaged: `run.seed` should be a whole number from 0 on, and is "one"',
  ],
  [
    'perhaps shuffled',
    entry('run', (run) => ({ ...run, shuffle: 'perhaps' })),
    'error: bad.ckpt: this checkpoint is damaged: `run.shuffle` should be true or false, and is "perhaps"',
  ],
  [
    'kernels in one word',
    entry('run', (run) => ({ ...run, kernels: 'fast' })),
    'error: bad.ckpt: this checkpoint is damaged: `run.kernels` should be an object, and is "fast"',
  ],
  [
    'a schedule that is a number',
    entry('run', (run) => ({ ...run, kernels: { mark: '0', schedules: { k00: 4 } } })),
    'error: bad.ckpt: this checkpoint is damaged: `run.kernels.schedules.k00` should be a text, and is 4',
  ],
  [
    'no state',
    metadata(({ state: _, ...all }) => all),
    'error: bad.ckpt: this checkpoint is damaged: `state` should be JSON, and is missing',
  ],
  [
    'a state that is null',
    entry('state', () => null),
    'error: bad.ckpt: this checkpoint is damaged: `state` should be an object, and is null',
  ],
  [
    'a step of -1',
    entry('state', (state) => ({ ...state, step: -1 })),
    'error: bad.ckpt: this checkpoint is damaged: `state.step` should be a whole number from 0 on, and is -1',
  ],
  [
    'a step of 10^300',
    entry('state', (state) => ({ ...state, step: 1e300 })),
    'error: bad.ckpt: this checkpoint is damaged: `state.step` should be a whole number from 0 on, and is 1e+300',
  ],
  [
    'another step than the device had',
    entry('state', (state) => ({ ...state, step: 9 })),
    'error: bad.ckpt: this checkpoint is damaged: its parts are of different steps, 9 in the record and 2 in `train/step`',
  ],
  [
    'no monitor',
    entry('state', ({ monitor: _, ...state }) => state),
    'error: bad.ckpt: this checkpoint is damaged: `state.monitor` should be an object, and is missing',
  ],
  [
    'rounds waited for in words',
    entry('state', (state) => ({ ...state, monitor: { waited: 'long' } })),
    'error: bad.ckpt: this checkpoint is damaged: `state.monitor.waited` should be a whole number from 0 on, and is "long"',
  ],
  [
    'a best round of no step',
    entry('state', (state) => ({ ...state, monitor: { waited: 0, best: { value: 1 } } })),
    'error: bad.ckpt: this checkpoint is damaged: `state.monitor.best.step` should be a whole number from 0 on, and is missing',
  ],
  [
    'a best value that is no number',
    entry('state', (state) => ({ ...state, monitor: { waited: 0, best: { value: 'small' } } })),
    'error: bad.ckpt: this checkpoint is damaged: `state.monitor.best.value` should be a number, and is "small"',
  ],
  [
    'a round that is a number',
    entry('state', (state) => ({ ...state, round: 7 })),
    'error: bad.ckpt: this checkpoint is damaged: `state.round` should be an object, and is 7',
  ],
  [
    'a sum that is no number',
    entry('state', (state) => ({
      ...state,
      round: { collected: 0, onDevice: 0, totals: { loss: 'x' }, sums: {} },
    })),
    'error: bad.ckpt: this checkpoint is damaged: `state.round.totals.loss` should be a number as text, and is "x"',
  ],
  [
    'perhaps complete',
    metadata((all) => ({ ...all, complete: 'perhaps' })),
    'error: bad.ckpt: this checkpoint is damaged: `complete` should be true or false, and is "perhaps"',
  ],
  [
    'notes that are no JSON',
    metadata((all) => ({ ...all, notes: '[' })),
    'error: bad.ckpt: this checkpoint is damaged: `notes` should be JSON, and is "["',
  ],
  [
    'no counter of steps',
    renamed('train/step', 'train/steps'),
    'error: bad.ckpt: this checkpoint is damaged: its parts are of different steps, 2 in the record and none in `train/step`',
  ],
  [
    'a slot of another name',
    renamed('train/slot/dense.W/m', 'train/slot/dense.W/q'),
    'error[NN0507]: bad.ckpt does not hold the weights of this model:',
    '  `dense.W/m` f32[2, 4] is missing; did you mean its `dense.W/q`?',
    'help: weights fit the file that they were trained with, at the same `--set` values',
  ],
  [
    'a weight that only the best ones have',
    renamed('dense.W', 'train/best/dense.W'),
    'error[NN0507]: bad.ckpt does not hold the weights of this model:',
    '  `dense.W` f32[2, 4] is missing',
    'help: weights fit the file that they were trained with, at the same `--set` values',
  ],
  [
    'a tensor for training that there is not',
    renamed('train/slot/dense.W/m', 'train/other'),
    'error[NN0507]: bad.ckpt does not hold the weights of this model:',
    '  `dense.W/m` f32[2, 4] is missing',
    'help: weights fit the file that they were trained with, at the same `--set` values',
  ],
];
