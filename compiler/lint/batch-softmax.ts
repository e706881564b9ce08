/**
 * NN0911: a softmax that makes all rows of a batch compete: written out with a sum over every axis, or
 * over the last axis of data whose rows lie there.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { typeText } from '../elaborate/report.ts';
import { isStd } from '../elaborate/run.ts';
import type { TracedCall } from '../elaborate/trace.ts';
import { type Dim, dimText, isSymbolic } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { underSpread } from '../rewrite/pattern.ts';
import {
  callsOf,
  isFree,
  type Lint,
  type Program,
  spanOfTensor,
  tensorsOf,
  textOf,
  warn,
} from './lint.ts';
import { logQuotientOf, type Quotient, quotientOf } from './softmax-form.ts';
import { expressionsIn } from './walk.ts';

export const batchSoftmax: Lint = {
  code: 'NN0911',
  find: (program) => [...writtenOut(program), ...alongTheBatch(program)],
};

/** Whether it sums over every axis because no axis was named. */
export function isOverEverything(program: Program, { x, axes, total }: Quotient): boolean {
  const rank = x.type.shape.length;
  if (rank < 2 || axes.length < rank) return false;
  return !sumsOf(program, total).some(namesAxis);
}

/** `sum(e, axis=-1, keepdims=true)` for `sum(e)`; nothing for a stage, whose operand stands before it. */
function withAxis(program: Program, { place: { span }, args }: TracedCall): string | undefined {
  const written = textOf(program, span);
  const options = args.some(({ name }) => name === 'keepdims')
    ? 'axis=-1'
    : 'axis=-1, keepdims=true';
  return /^sum\(.+\)$/.test(written) ? written.replace(/\)$/, `, ${options})`) : undefined;
}

const sumsOf = (program: Program, total: Node): readonly TracedCall[] =>
  callsOf(program).filter(
    ({ callee, result }) =>
      callee.kind === 'builtin' && callee.name === 'sum' && underSpread(result) === total,
  );

const namesAxis = ({ args }: TracedCall): boolean =>
  args.some(({ name }) => name === 'axis' || name === 'keep');

function writtenOut(program: Program): readonly Diagnostic[] {
  return [...expressionsIn(program.file)].flatMap((expr) => {
    if (expr.kind !== 'binary' || (expr.op !== '/' && expr.op !== '-')) return [];
    const form = expr.op === '/' ? quotientOf : logQuotientOf;
    const found = tensorsOf(program, expr)
      .map(form)
      .find((q) => q && isOverEverything(program, q));
    if (found === undefined) return [];
    const type = typeText(found.x.type);
    const name = expr.op === '/' ? 'softmax' : 'log_softmax';
    const x = spanOfTensor(program, found.x, expr);
    const whole =
      x === undefined || !isFree(program, name) ? undefined : `${name}(${textOf(program, x)})`;
    const inside = sumsOf(program, found.total).find(
      ({ place: { span } }) => span.start >= expr.span.start && span.end <= expr.span.end,
    );
    return [
      warn(
        program,
        'NN0911',
        { type, each: whole ?? (inside && withAxis(program, inside)) },
        {
          span: inside?.place.span ?? expr.span,
          label: `${inside === undefined ? 'its sum is' : 'sums'} over every axis of ${type}`,
        },
      ),
    ];
  });
}

/** Sizes that count samples: the first axis of inputs, or, where none is open there, the last of a table. */
function batchSizes({ model }: Program): ReadonlySet<string> {
  const open = (size: Dim | undefined): readonly string[] =>
    size !== undefined && isSymbolic(size) ? [dimText(size)] : [];
  const first = model.inputs.flatMap(({ shape }) => open(shape[0]));
  const last = model.inputs.flatMap(({ shape }) => (shape.length === 2 ? open(shape[1]) : []));
  return new Set(first.length > 0 ? first : last);
}

const family: ReadonlySet<string> = new Set(['softmax', 'log_softmax', 'logsumexp']);

/** `softmax(W @ x)` where the samples of x are its columns, or `softmax(x, axis=0)` where they are rows. */
function alongTheBatch(program: Program): readonly Diagnostic[] {
  const batch = batchSizes(program);
  return callsOf(program).flatMap(({ callee, args, place }) => {
    if (callee.kind !== 'fn' || !family.has(callee.name) || !isStd(callee.scope.source)) return [];
    const [x] = args;
    const option = args.find(({ name }) => name === 'axis');
    if (x?.value.kind !== 'tensor' || (option && option.value.kind !== 'number')) return [];
    // A sum over samples may be an estimate; probabilities over samples hardly are.
    if (option !== undefined && callee.name === 'logsumexp') return [];
    const { type } = x.value.node;
    const sizes = type.shape.map(dimText);
    const axis = option?.value.kind === 'number' ? option.value.value : -1;
    const at = axis < 0 ? axis + sizes.length : axis;
    const size = sizes[at];
    if (sizes.length < 2 || size === undefined || !batch.has(size)) return [];
    const others = sizes.toSpliced(at, 1);
    // Every sample against every other one is a table of the batch with itself, on purpose; and where
    // there is one score a sample there is nothing else to normalise.
    if (others.some((size) => batch.has(size)) || others.every((size) => size === '1')) return [];
    return [
      warn(
        program,
        'NN0911',
        { type: typeText(type), size, axis: option && at },
        {
          span: option?.place.span ?? place.span,
          label: option ? typeText(type) : `along the last axis of ${typeText(type)}`,
        },
      ),
    ];
  });
}
