/**
 * NN0910: log(sum(exp(x))), log(softmax(x)) and exp(x) / sum(exp(x)), which leave the range of f32. The
 * compiler computes the stable form in their place; written out, the program says what it means.
 */
import type { Expr } from '../../grammar/ast.ts';
import type { Diagnostic, Fix } from '../../grammar/diagnostic.ts';
import { sameShape } from '../elaborate/sizes.ts';
import type { Node } from '../graph/node.ts';
import { unary } from '../rewrite/pattern.ts';
import * as f from '../scalar/intrinsics.ts';
import { isOverEverything } from './batch-softmax.ts';
import {
  isFree,
  type Lint,
  type Program,
  spanOfTensor,
  tensorsOf,
  textOf,
  warn,
  wordsOf,
} from './lint.ts';
import {
  logOfSumOf,
  logQuotientOf,
  normalisedBy,
  type Quotient,
  quotientOf,
} from './softmax-form.ts';
import { expressionsAround, expressionsIn } from './walk.ts';

export const unstableForm: Lint = {
  code: 'NN0910',
  find(program) {
    const found: Diagnostic[] = [];
    for (const expr of expressionsIn(program.file)) {
      const nodes = tensorsOf(program, expr);
      const one = isLog(expr)
        ? (first(nodes, (n) => logOfSum(program, expr, n)) ??
          first(nodes, (n) => logOfSoftmax(program, expr, n)))
        : expr.kind === 'binary' && expr.op === '/'
          ? first(nodes, (n) => quotient(program, expr, n))
          : undefined;
      if (one !== undefined) found.push(one);
    }
    return found;
  },
};

function first<T>(nodes: readonly Node[], of: (node: Node) => T | undefined): T | undefined {
  for (const node of nodes) {
    const found = of(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `log(x)` or `x |> log`. */
const isLog = (expr: Expr): boolean =>
  (expr.kind === 'call' && expr.callee.kind === 'name' && expr.callee.name === 'log') ||
  (expr.kind === 'pipe' && expr.stage.value.kind === 'name' && expr.stage.value.name === 'log');

function logOfSum(program: Program, expr: Expr, node: Node): Diagnostic | undefined {
  const found = logOfSumOf(node);
  if (found === undefined || found.shifted) return undefined;
  const { x, axes, total } = found;
  // A sum over everything by mistake is more than a matter of range.
  if (isPartOfBatchSoftmax(program, node)) return undefined;
  const kept = x.type.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const plain = sameShape(node.type.shape, total.type.shape);
  const keepdims = !plain && sameShape(node.type.shape, kept);
  return unstable(program, expr, {
    problem: 'overflows beyond 88',
    name: 'logsumexp',
    x,
    axes,
    keepdims,
    exact: plain || keepdims,
  });
}

/** `x - log(sum(exp(x)))` over everything has its own warning. */
const isPartOfBatchSoftmax = (program: Program, log: Node): boolean =>
  [...expressionsIn(program.file)].some(
    (expr) =>
      expr.kind === 'binary' &&
      expr.op === '-' &&
      tensorsOf(program, expr).some((node) => {
        const q = logQuotientOf(node);
        return (
          q?.total === logOfSumOf(log)?.total && q !== undefined && isOverEverything(program, q)
        );
      }),
  );

function logOfSoftmax(program: Program, expr: Expr, node: Node): Diagnostic | undefined {
  const inner = unary(node, f.log);
  if (inner === undefined || normalisedBy(program.model.graph, inner) !== 'softmax')
    return undefined;
  const { text } = program.source;
  const call = softmaxCall(expr);
  const fix: Fix | undefined =
    call === undefined || !isFree(program, 'softmax') || !isFree(program, 'log_softmax')
      ? undefined
      : {
          span: expr.kind === 'pipe' ? { start: call.start, end: expr.span.end } : expr.span,
          text: `log_${text.slice(call.start, call.end)}`,
        };
  return warn(
    program,
    'NN0910',
    {
      text: textOf(program, expr.span),
      problem: 'is minus infinity where the softmax rounds to 0',
      instead: fix === undefined ? 'log_softmax(...)' : changed(program, expr, fix),
    },
    { span: expr.span, fix },
  );
}

/** Where `softmax(x)` stands in `log(softmax(x))`, or the stage in `x |> softmax |> log`. */
function softmaxCall(expr: Expr): Expr['span'] | undefined {
  const inner =
    expr.kind === 'call' ? expr.args[0]?.value : expr.kind === 'pipe' ? expr.head : expr;
  const stage = expr.kind === 'pipe' && inner?.kind === 'pipe' ? inner.stage.value : inner;
  const named = stage?.kind === 'call' ? stage.callee : stage;
  return named?.kind === 'name' && named.name === 'softmax' ? stage?.span : undefined;
}

function quotient(program: Program, expr: Expr, node: Node): Diagnostic | undefined {
  const found: Quotient | undefined = quotientOf(node);
  if (found === undefined || found.shifted || isOverEverything(program, found)) return undefined;
  return unstable(program, expr, {
    problem: 'overflows beyond 88',
    name: 'softmax',
    x: found.x,
    axes: found.axes,
    keepdims: false,
    exact: true,
  });
}

/** The functions of the prelude take the last axis where none is named. */
const axisOption = (axes: readonly number[], rank: number): readonly string[] =>
  axisText(axes, rank) === '-1' ? [] : [`axis=${axisText(axes, rank)}`];

function axisText(axes: readonly number[], rank: number): string {
  if (axes.length !== 1) return `[${axes.join(', ')}]`;
  return axes[0] === rank - 1 ? '-1' : String(axes[0]);
}

interface Instead {
  readonly problem: string;
  readonly name: 'logsumexp' | 'softmax';
  /** The operand. */
  readonly x: Node;
  readonly axes: readonly number[];
  readonly keepdims: boolean;
  /** Whether the replacement has the very same shape. */
  readonly exact: boolean;
}

function unstable(program: Program, expr: Expr, to: Instead): Diagnostic {
  const { problem, name, x, axes, keepdims, exact } = to;
  const within = spanOfTensor(program, x, expr);
  const of = within === undefined ? (nameOf(program, x, expr) ?? 'x') : textOf(program, within);
  const rank = x.type.shape.length;
  const written = (words: string): string =>
    `${name}(${[words, ...axisOption(axes, rank), ...(keepdims ? ['keepdims=true'] : [])].join(', ')})`;
  const usable = isFree(program, name);
  // Only one axis can be handed on, and only what stands here can be repeated here.
  const fixable = within !== undefined && exact && usable && axes.length === 1;
  return warn(
    program,
    'NN0910',
    { text: textOf(program, expr.span), problem, instead: written(of) },
    {
      span: expr.span,
      fix: fixable ? { span: expr.span, text: written(wordsOf(program, within)) } : undefined,
      help: usable
        ? undefined
        : `take the maximum off first: \`exp(${of} - max(${of}, axis=${axisText(axes, rank)}, keepdims=true))\``,
    },
  );
}

/** What the tensor is called where the expression stands. */
function nameOf(program: Program, node: Node, expr: Expr): string | undefined {
  for (const other of expressionsAround(expr, program.file))
    if (other.kind === 'name' && tensorsOf(program, other).includes(node)) return other.name;
  return undefined;
}

/** The expression after the fix. */
const changed = ({ source }: Program, { span }: Expr, fix: Fix): string =>
  (
    source.text.slice(span.start, fix.span.start) +
    fix.text +
    source.text.slice(fix.span.end, span.end)
  ).replace(/\s+/g, ' ');
