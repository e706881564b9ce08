/**
 * Expressions where a statement should start. One of them in a file is the bare chain; the others
 * are a dropped pipe (NN0109), a dropped `let` (NN0110), an assignment (NN0311), a dropped `return`.
 */
import type { Expr, Item, Pattern, Span, Stmt } from '../ast.ts';
import { report } from '../catalogue/index.ts';
import type { ChainCstNode } from '../cst.ts';
import { after, type Build, complain, cover, first, nodeSpan, words } from './build.ts';
import { typeExpr } from './types.ts';

/** The assignment that a chain turns out to be, or undefined for a mere expression. */
export function assignment(build: Build, node: ChainCstNode): { stmt?: Stmt } | undefined {
  const equals = first(node.children.Equals);
  const augmented = first(node.children.AugmentedAssign);
  const sign = equals ?? augmented;
  if (sign === undefined) return typedName(build, node);
  const [targetNode, valueNode] = node.children.expression ?? [];
  const at = after(sign, 0);
  const target = build.expression(targetNode, at);
  const value = build.expression(valueNode, at);
  if (target.kind === 'missing') return {};
  const span = cover(target.span, value.span);
  const bound = asPattern(target);
  if (augmented !== undefined || bound === undefined) {
    const op = sign.image.slice(0, -1);
    const text = words(build, target.span);
    const help =
      bound === undefined || op === ''
        ? undefined
        : isKept(build, target)
          ? nextValue(text, `${text} ${op} ${words(build, value.span)}`)
          : `a new value takes a new \`let\`: \`let ${text} = ${text} ${op} ${words(build, value.span)}\``;
    const isTarget = target.kind === 'index' || target.kind === 'field' || bound !== undefined;
    if (isTarget) complain(build, 'NN0311', {}, target.span, { help });
    else notAStatement(build, target);
    return {};
  }
  const start = { start: target.span.start, end: target.span.start };
  if (target.kind === 'name' && isKept(build, target)) {
    const help = nextValue(target.name, words(build, value.span));
    const fix = { span: start, text: 'update ' };
    complain(build, 'NN0110', { name: target.name }, target.span, { fix, help });
    const name = { text: target.name, span: target.span };
    return { stmt: { kind: 'update', name, value, span } };
  }
  const fix = { span: start, text: 'let ' };
  complain(build, 'NN0110', { name: words(build, target.span) }, target.span, { fix });
  const type = typeExpr(build, first(node.children.type));
  return {
    stmt: {
      kind: 'let',
      pattern: bound,
      ...(type === undefined ? {} : { type }),
      value,
      span,
    },
  };
}

/** `x: f32[3]` alone: what it is, and its value, are missing. */
function typedName(build: Build, node: ChainCstNode): { stmt?: Stmt } | undefined {
  const type = typeExpr(build, first(node.children.type));
  if (type === undefined) return undefined;
  const target = build.expression(first(node.children.expression), type.span.start);
  if (target.kind === 'missing') return {};
  const span = cover(target.span, type.span);
  const text = words(build, span);
  const bound = asPattern(target);
  const help =
    target.kind === 'name'
      ? `write \`input ${text}\`, or give it a value: \`let ${text} = ...\``
      : 'a statement starts with a keyword: `let y = ...`, `output y = ...`';
  complain(build, 'NN0101', { expected: 'a statement', found: `\`${text}\``, help }, target.span);
  if (bound === undefined) return {};
  const value: Expr = { kind: 'missing', span: { start: type.span.end, end: type.span.end } };
  return { stmt: { kind: 'let', pattern: bound, value, span } };
}

const nextValue = (name: string, value: string): string =>
  `the next value of a param or state is \`update ${name} = ${value}\``;

/** Whether the name is that of a param or state, which lives from step to step. */
const isKept = (build: Build, target: Expr): boolean =>
  target.kind === 'name' &&
  new RegExp(`(?:^|[\\s;{])(?:param|state)\\s+${target.name}(?![\\p{L}\\p{N}_])`, 'u').test(
    build.source.text,
  );

function asPattern(target: Expr): Pattern | undefined {
  if (target.kind === 'name') {
    const name = { text: target.name, span: target.span };
    return { kind: 'name', name, span: target.span };
  }
  const parts =
    target.kind === 'tuple'
      ? target.items
      : target.kind === 'list'
        ? target.items.map((item) => (item.kind === 'item' ? item.value : undefined))
        : undefined;
  if (parts === undefined || (target.kind !== 'tuple' && target.kind !== 'list')) return undefined;
  const items = parts.map((part) => (part === undefined ? undefined : asPattern(part)));
  return items.every((item) => item !== undefined)
    ? { kind: target.kind, items, span: target.span }
    : undefined;
}

/**
 * NN0109 behind an input, which a pipe does not continue. The result is what the fix writes, so that
 * stages on further lines go on with it.
 */
export function droppedOutput(build: Build, input: string, expr: Expr): Stmt {
  const name = words(build, firstWord(build, expr.span));
  const at = { start: expr.span.start, end: expr.span.start };
  const text = `output y = ${input} |> `;
  const help = `a chain without a head stands before all statements; write \`${text}${words(build, expr.span)}\``;
  complain(build, 'NN0109', { name }, firstWord(build, expr.span), {
    fix: { span: at, text },
    help,
  });
  const head: Expr = { kind: 'name', name: input, span: at };
  const value = append(head, expr) ?? expr;
  return { kind: 'output', names: [{ text: 'y', span: at }], value, span: expr.span };
}

/** NN0109. The result goes on with the item before, as the fix would. */
export function droppedPipe<S extends Stmt | Item>(build: Build, before: S, expr: Expr): S {
  const name = words(build, firstWord(build, expr.span));
  const at = { start: expr.span.start, end: expr.span.start };
  const fix = { span: at, text: '|> ' };
  complain(build, 'NN0109', { name }, firstWord(build, expr.span), { fix });
  if (!('value' in before) || before.value === undefined) return before;
  if (pipeLength(before.value) > mergeLimit) return before;
  const value = append(before.value, expr);
  return value === undefined ? before : { ...before, value, span: cover(before.span, expr.span) };
}

/** Stages of one pipe that may be put together so; more of them are no dropped pipes. */
const mergeLimit = 200;

function pipeLength(expr: Expr): number {
  let length = 0;
  let head = expr;
  while (head.kind === 'pipe' && length <= mergeLimit) {
    head = head.head;
    length++;
  }
  return length;
}

/** `head |> expr`, where the head of `expr` becomes a stage; undefined if it cannot be one. */
function append(head: Expr, expr: Expr): Expr | undefined {
  if (expr.kind === 'pipe') {
    const inner = append(head, expr.head);
    return inner === undefined
      ? undefined
      : { ...expr, head: inner, span: cover(head.span, expr.span) };
  }
  if (expr.kind === 'unary' || expr.kind === 'binary' || expr.kind === 'if') return undefined;
  const { span } = expr;
  const stage =
    expr.kind === 'as' ? { value: expr.value, as: expr.name, span } : { value: expr, span };
  const opSpan = { start: span.start, end: span.start };
  return { kind: 'pipe', head, stage, opSpan, span: cover(head.span, span) };
}

/** An expression that can be no chain and goes on with nothing. */
export function notAStatement(build: Build, expr: Expr): void {
  const span = firstWord(build, expr.span);
  const word = words(build, span);
  const leading = /^(?:\s+|#.*)*/.exec(build.source.text)?.[0].length ?? 0;
  const help =
    span.start > leading && /^[([{]/.test(word)
      ? `a \`${word}\` on a new line does not continue the line above: put it behind what it belongs to`
      : 'a statement starts with a keyword: `let y = ...`, `output y = ...`';
  const params = { expected: 'a statement', found: `\`${word}\``, help };
  build.rough.push(report('NN0101', params, { file: build.source.name, span }));
}

/** An expression in a body; `last` if a `return` before it would make sense. */
export function dropOrReturn(build: Build, expr: Expr, last: boolean): Stmt | undefined {
  if (!last) {
    notAStatement(build, expr);
    return undefined;
  }
  const span = firstWord(build, expr.span);
  const fix = { span: { start: span.start, end: span.start }, text: 'return ' };
  const help = `write \`return ${words(build, expr.span)}\``;
  const found = `\`${words(build, span)}\``;
  complain(build, 'NN0101', { expected: 'a statement', found, help }, span, { fix });
  return { kind: 'return', value: expr, span: expr.span };
}

function firstWord(build: Build, span: Span): Span {
  const text = build.source.text.slice(span.start, span.end);
  const length = /^(?:[^\s()[\]{}"'.,:;|=+*/%@<>!-]+|[\s\S])/.exec(text)?.[0].length ?? 0;
  return { start: span.start, end: span.start + length };
}

export function chainExpression(build: Build, node: ChainCstNode): Expr {
  const at = nodeSpan(node, first(node.children.ChainStart)?.startOffset ?? 0).start;
  return build.expression(first(node.children.expression), at, 'stage');
}
