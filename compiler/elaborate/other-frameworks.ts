/** What other frameworks call things, and what they are called here: the help of NN0301, NN0305 and NN0501. */

const same = (name: string): string => `it is called \`${name}\` here`;

export const otherFrameworks: Readonly<Record<string, string>> = {
  linear: same('dense'),
  Linear: same('dense'),
  fc: same('dense'),
  fully_connected: same('dense'),
  Dense: same('dense'),
  ReLU: same('relu'),
  LeakyReLU: same('leaky_relu'),
  GELU: same('gelu'),
  SiLU: same('silu'),
  swish: same('silu'),
  Sigmoid: same('sigmoid'),
  Tanh: same('tanh'),
  Softmax: same('softmax'),
  LogSoftmax: same('log_softmax'),
  LayerNorm: same('layer_norm'),
  BatchNorm1d: same('batch_norm'),
  BatchNorm2d: same('batch_norm'),
  BatchNormalization: same('batch_norm'),
  Dropout: same('dropout'),
  Flatten: same('flatten'),
  Sequential: 'a pipe is a sequence: `dense(100) |> relu |> dense(10)`',
  matmul: 'write `a @ b`',
  mm: 'write `a @ b`',
  bmm: 'write `a @ b`',
  dot: 'write `a @ b`',
  softmax_cross_entropy_with_logits: same('softmax_crossentropy'),
  sparse_softmax_cross_entropy_with_logits: same('softmax_crossentropy'),
  sparse_categorical_crossentropy: same('softmax_crossentropy'),
  cross_entropy: same('softmax_crossentropy'),
  CrossEntropyLoss: same('softmax_crossentropy'),
  categorical_cross_entropy: same('categorical_crossentropy'),
  nll_loss: same('nll'),
  NLLLoss: same('nll'),
  mse_loss: same('mse'),
  MSELoss: same('mse'),
  mean_squared_error: same('mse'),
  l1_loss: same('mae'),
  L1Loss: same('mae'),
  mean_absolute_error: same('mae'),
  binary_cross_entropy: same('bce'),
  BCELoss: same('bce'),
  BCEWithLogitsLoss: same('sigmoid_crossentropy'),
  binary_cross_entropy_with_logits: same('sigmoid_crossentropy'),
  SGD: same('sgd'),
  Adam: same('adam'),
  AdamW: same('adamw'),
  RMSprop: same('rmsprop'),
  Adagrad: same('adagrad'),
  arange: same('iota'),
  cat: same('concat'),
  concatenate: same('concat'),
  view: same('reshape'),
  permute: same('transpose'),
  unsqueeze: 'index with `None`: `x[:, None]`',
  expand_dims: 'index with `None`: `x[:, None]`',
  expand: same('broadcast_to'),
  reduce_mean: same('mean'),
  reduce_sum: same('sum'),
  reduce_max: same('max'),
  amax: same('max'),
  amin: same('min'),
  clamp: same('clip'),
  detach: same('stop_gradient'),
  randn: '`normal(0, 1, shape=[...])`',
  rand: '`uniform(0, 1, shape=[...])`',
  len: '`shape(x)` has the sizes, `size(x, 0)` one of them',
  range: 'repetition is `repeat i in 0..4 { ... }`',
  print: '`output` makes a value visible',
  pow: 'a power is `x ** 2`',
  xavier: same('glorot'),
  kaiming: same('he'),
};

/** Modules that other frameworks' names stand in. */
export const otherModules: readonly string[] = [
  'tf',
  'np',
  'numpy',
  'torch',
  'F',
  'jnp',
  'keras',
  'layers',
  'K',
];

/** Arguments of layers and optimizers. */
export const otherOptions: Readonly<Record<string, string>> = {
  learning_rate: 'lr',
  beta_1: 'beta1',
  beta_2: 'beta2',
  epsilon: 'eps',
  weight_decay: 'decay',
  use_bias: 'bias',
  kernel_initializer: 'init',
  keepdim: 'keepdims',
  dim: 'axis',
};

const ofOptimizer = 'it belongs to the optimizer: `optimizer: adam(lr=1e-3)`';

/** Keys of `train`, as the arguments of other frameworks' training functions are called. */
export const otherKeys: Readonly<Record<string, string>> = {
  batch_size: 'it is called `batch` here',
  validation_split: 'it is called `validation` here',
  validation_data: 'it is called `validation` here',
  lr: ofOptimizer,
  learning_rate: ofOptimizer,
  loss: 'a loss is a statement of the file: `loss = mse(pred, target)`',
  metrics: 'a metric is a statement of the file: `metric accuracy = accuracy(logits, label)`',
};

/** The entry of one of these tables. Every object has a `constructor`: only its own entries count. */
export const entryOf = (
  table: Readonly<Record<string, string>>,
  name: string,
): string | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
