/** NN0912: a loss of the prelude that takes its input normalised, or not, and gets the other. */
import type { Expr, Span } from '../../grammar/ast.ts';
import type { Diagnostic, Fix } from '../../grammar/diagnostic.ts';
import { isStd } from '../elaborate/run.ts';
import type { TracedCall } from '../elaborate/trace.ts';
import type { Argument } from '../elaborate/value.ts';
import type { Node } from '../graph/node.ts';
import { callsOf, type Lint, lineOf, type Program, tensorsOf, textOf, warn } from './lint.ts';
import { definitionsOf } from './reads.ts';
import { type Normalised, normalisedBy } from './softmax-form.ts';
import { expressionsIn } from './walk.ts';

interface Loss {
  readonly parameter: string;
  readonly expects: string;
  /** What must not be applied before it. */
  readonly not: readonly Normalised[];
  /** What must be applied in its place, if anything. */
  readonly instead?: string;
}

/** The losses that say in which form they take what the model gives. */
export const lossInputs: Readonly<Record<string, Loss>> = {
  softmax_crossentropy: {
    parameter: 'logits',
    expects: 'logits',
    not: ['softmax', 'log_softmax', 'sigmoid'],
  },
  sigmoid_crossentropy: {
    parameter: 'logits',
    expects: 'logits',
    not: ['sigmoid', 'softmax', 'log_softmax'],
  },
  soft_crossentropy: {
    parameter: 'logits',
    expects: 'logits',
    not: ['softmax', 'log_softmax', 'sigmoid'],
  },
  focal: {
    parameter: 'logits',
    expects: 'logits',
    not: ['softmax', 'log_softmax', 'sigmoid'],
  },
  nll: {
    parameter: 'logp',
    expects: 'log-probabilities',
    not: ['softmax', 'sigmoid'],
    instead: 'log_softmax',
  },
};

export const lossInput: Lint = {
  code: 'NN0912',
  find: (program) => callsOf(program).flatMap((call) => wrongInput(program, call)),
};

function wrongInput(program: Program, { callee, args, place }: TracedCall): readonly Diagnostic[] {
  if (callee.kind !== 'fn' || !isStd(callee.scope.source)) return [];
  const loss = Object.hasOwn(lossInputs, callee.name) ? lossInputs[callee.name] : undefined;
  const arg =
    args.find(({ name }) => name === loss?.parameter) ??
    args.find(({ name }) => name === undefined);
  if (loss === undefined || arg?.value.kind !== 'tensor') return [];
  const by = normalisedBy(program.model.graph, arg.value.node);
  if (by === undefined || !loss.not.includes(by)) return [];
  const applied = applicationOf(program, arg, arg.value.node);
  const here = applied !== undefined && lineOf(program, applied.at) === lineOf(program, place.span);
  const fix = applied === undefined ? undefined : fixFor(program, arg, applied, loss);
  return [
    warn(
      program,
      'NN0912',
      {
        loss: callee.name,
        expects: loss.expects,
        gets: by === 'log_softmax' ? 'log-probabilities' : 'probabilities',
        remove: applied?.text ?? by,
        line: applied === undefined || here ? undefined : lineOf(program, applied.at),
        instead: loss.instead,
      },
      {
        span: arg.place.span,
        label: applied === undefined || here ? undefined : `the result of \`${applied.name}\``,
        notes:
          applied === undefined || contains(arg.place.span, applied.at)
            ? []
            : [{ message: 'made here', file: program.source.name, span: applied.at }],
        fix,
      },
    ),
  ];
}

/** `z |> softmax` or `softmax(z)`. */
interface Application {
  readonly expr: Expr;
  readonly name: string;
  /** Of the stage or the call. */
  readonly at: Span;
  /** What to take out: `|> softmax`, `softmax(...)`. */
  readonly text: string;
  /** What is left without it. */
  readonly operand: Span;
}

/** The expression that made the tensor, last of those that are no mere name. */
function applicationOf(program: Program, arg: Argument, node: Node): Application | undefined {
  const made = [...expressionsIn(program.file)].filter((e) => tensorsOf(program, e).includes(node));
  const inArgument = made.filter((e) => contains(arg.place.span, e.span));
  for (const expr of [...inArgument, ...made]) {
    const found = asApplication(program, expr);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asApplication(program: Program, expr: Expr): Application | undefined {
  if (expr.kind === 'pipe') {
    const { value } = expr.stage;
    const callee = value.kind === 'call' ? value.callee : value;
    if (callee.kind !== 'name' || expr.stage.as !== undefined) return undefined;
    const text = `|> ${textOf(program, value.span)}`;
    return { expr, name: callee.name, at: value.span, text, operand: expr.head.span };
  }
  const [first] = expr.kind === 'call' ? expr.args : [];
  if (expr.kind !== 'call' || expr.callee.kind !== 'name' || first === undefined) return undefined;
  const name = expr.callee.name;
  return { expr, name, at: expr.span, text: `${name}(...)`, operand: first.value.span };
}

/** Safe where nothing else sees the value: within the call of the loss, or through a name read only there. */
function fixFor(
  program: Program,
  arg: Argument,
  { expr, name, at, operand }: Application,
  loss: Loss,
): Fix | undefined {
  const { text } = program.source;
  if (!['softmax', 'log_softmax', 'sigmoid'].includes(name)) return undefined;
  if (!contains(arg.place.span, at) && !isReadOnce(program, expr, arg)) return undefined;
  if (loss.instead !== undefined) {
    const start = at.start;
    return { span: { start, end: start + name.length }, text: loss.instead };
  }
  return { span: expr.span, text: text.slice(operand.start, operand.end) };
}

/** Whether `expr` is the value of a `let` whose name stands nowhere but in this argument. */
function isReadOnce(program: Program, expr: Expr, arg: Argument): boolean {
  const name = program.source.text.slice(arg.place.span.start, arg.place.span.end);
  const uses = [...expressionsIn(program.file)].filter((e) => e.kind === 'name' && e.name === name);
  const definitions = definitionsOf(program.file).filter((d) => d.name === name);
  const [only] = definitions;
  return (
    uses.length === 1 &&
    definitions.length === 1 &&
    only?.source.kind === 'statement' &&
    only.source.stmt.kind === 'let' &&
    only.source.stmt.value === expr
  );
}

const contains = (outer: Span, inner: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;
