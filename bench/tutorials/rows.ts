/** The tutorials as rows: which model on which data, how often, and which figures it must reach. */

export interface TutorialRow {
  /** Its entry in `seeds.json`. */
  readonly name: string;
  readonly title: string;
  /** Relative to the project. */
  readonly model: string;
  /** The folder in the data folder, and the data set in it. */
  readonly folder: string;
  readonly data: string;
  /** The first rows only. */
  readonly limit?: number;
  /** This share of the rows, the last ones, is for testing; else the data set's own test rows. */
  readonly held?: number;
  /** Whether runs of several seeds differ: `param W = 1` begins everywhere alike. */
  readonly stochastic: boolean;
  readonly logEvery?: number;
  /** Of the test rows, unless it says otherwise; every run must be within. */
  readonly wanted: readonly Wanted[];
}

export interface Wanted {
  readonly figure: 'test loss' | 'test accuracy' | 'loss before update 901';
  readonly least?: number;
  readonly most?: number;
}

const near = (figure: Wanted['figure'], value: number, by: number): Wanted => ({
  figure,
  least: value - by,
  most: value + by,
});

export const tutorialRows: readonly TutorialRow[] = [
  {
    name: 'logreg_mnist_500',
    title: 'logistic regression, 500 images, 1,000 steps',
    model: 'models/logreg.nn',
    folder: 'mnist',
    data: 'mnist',
    limit: 500,
    stochastic: false,
    logEvery: 100,
    wanted: [near('loss before update 901', 0.0886, 1e-4), near('test accuracy', 0.8337, 1e-3)],
  },
  {
    name: 'digits_mlp_64_100tanh_50tanh_10',
    title: 'digits, 64-100-50-10 tanh, adam, 100 epochs',
    model: 'models/digits.nn',
    folder: 'sklearn',
    data: 'digits',
    held: 0.2,
    stochastic: true,
    wanted: [{ figure: 'test accuracy', least: 0.89 }],
  },
  {
    name: 'seq_dense50_sgd',
    title: 'Dense-50, sgd, batch 256, 10 epochs',
    model: 'bench/tutorials/dense50.nn',
    folder: 'mnist',
    data: 'mnist',
    stochastic: true,
    wanted: [{ figure: 'test accuracy', least: 0.9, most: 0.91 }],
  },
  {
    name: 'keras_mlp512_rmsprop',
    title: 'MLP-512, rmsprop, batch 128, 5 epochs',
    model: 'models/mnist.nn',
    folder: 'mnist',
    data: 'mnist',
    stochastic: true,
    wanted: [{ figure: 'test accuracy', least: 0.978 }],
  },
  {
    name: 'logreg_mnist_60000',
    title: 'logistic regression, 60,000 images, 1,000 steps',
    model: 'models/logreg.nn',
    folder: 'mnist',
    data: 'mnist',
    stochastic: false,
    logEvery: 100,
    wanted: [near('test loss', 0.33095, 1e-3), near('test accuracy', 0.9096, 1e-3)],
  },
];
