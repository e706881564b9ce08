/**
 * NN0912: a loss that takes the logarithm of probabilities, or takes logarithms, and gets what a linear
 * layer gives, which may be any number.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { isStd } from '../elaborate/run.ts';
import type { TracedCall } from '../elaborate/trace.ts';
import type { Node } from '../graph/node.ts';
import { bothOrders } from '../rewrite/pattern.ts';
import { add } from '../scalar/intrinsics.ts';
import { callsOf, type Lint, type Program, warn } from './lint.ts';

interface Loss {
  readonly expects: string;
  /** What makes it of scores. */
  readonly by: string;
  /** The loss that takes scores. */
  readonly ofScores: string;
}

/** The first parameter of each is the prediction. */
const losses: Readonly<Record<string, Loss>> = {
  categorical_crossentropy: {
    expects: 'probabilities',
    by: 'softmax',
    ofScores: 'soft_crossentropy',
  },
  sparse_categorical_crossentropy: {
    expects: 'probabilities',
    by: 'softmax',
    ofScores: 'softmax_crossentropy',
  },
  bce: { expects: 'probabilities', by: 'sigmoid', ofScores: 'sigmoid_crossentropy' },
  nll: { expects: 'log-probabilities', by: 'log_softmax', ofScores: 'softmax_crossentropy' },
};

export const rawScores: Lint = {
  code: 'NN0912',
  find: (program) => callsOf(program).flatMap((call) => scoresOf(program, call)),
};

function scoresOf(program: Program, { callee, args }: TracedCall): readonly Diagnostic[] {
  if (callee.kind !== 'fn' || !isStd(callee.scope.source)) return [];
  const loss = Object.hasOwn(losses, callee.name) ? losses[callee.name] : undefined;
  const [prediction] = args;
  if (loss === undefined || prediction?.value.kind !== 'tensor') return [];
  if (prediction.place.source !== program.source || !isLinear(prediction.value.node)) return [];
  const { expects, by, ofScores } = loss;
  return [
    warn(
      program,
      'NN0912',
      {
        loss: callee.name,
        expects,
        gets: 'logits',
        remove: '',
        help: `put \`|> ${by}\` before it, or use \`${ofScores}\`, which takes logits`,
      },
      { span: prediction.place.span, label: 'the result of a linear layer, any number' },
    ),
  ];
}

/** A product of matrices, with or without a bias, in any shape. */
function isLinear(node: Node): boolean {
  const { lowering } = node.op;
  if (lowering.kind === 'contract') return true;
  const [x] = node.inputs;
  if (lowering.kind === 'view' && node.inputs.length === 1) return x !== undefined && isLinear(x);
  return bothOrders(node, add).some(([sum]) => isLinear(sum));
}
