/** Whole expressions: `if`, lambdas, pipes; an operator after a stage (NN0104) is found here. */
import type { Expr, Span, Stage } from '../ast.ts';
import type {
  AliasCstNode,
  ChoiceCstNode,
  ExpressionCstNode,
  LambdaCstNode,
  LooseStageCstNode,
  PipeCstNode,
  PipedCstNode,
  PythonChoiceCstNode,
  StrayOperatorCstNode,
} from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import {
  after,
  all,
  type Build,
  complain,
  cover,
  first,
  intact,
  missing,
  nameOf,
  nodeSpan,
  words,
} from './build.ts';
import { disjunction } from './operators.ts';
import { params } from './params.ts';
import { postfix } from './postfix.ts';

/** Stages in a row, which nest to the left. */
const chainLimit = 500;

/** See `ToExpression`. */
export function expression(
  build: Build,
  node: ExpressionCstNode | undefined,
  at: number,
  position: 'value' | 'stage' = 'value',
): Expr {
  const choiceNode = first(node?.children.choice);
  if (choiceNode !== undefined) return choice(build, choiceNode);
  const lambdaNode = first(node?.children.lambda);
  if (lambdaNode !== undefined) return lambda(build, lambdaNode);
  const pipeNode = first(node?.children.pipe);
  if (pipeNode !== undefined) return pipe(build, pipeNode, at, position);
  return missing(at);
}

function choice(build: Build, node: ChoiceCstNode): Expr {
  const span = nodeSpan(node, 0);
  const [condition, then, otherwise] = all(node.children.expression).map((child) =>
    build.expression(child, span.end),
  );
  if (condition === undefined) return missing(span);
  return ifExpr(build, condition, then ?? missing(span.end), otherwise ?? missing(span.end), span);
}

function lambda(build: Build, node: LambdaCstNode): Expr {
  const span = nodeSpan(node, 0);
  const list = params(build, first(node.children.params));
  const block = first(node.children.statements);
  if (block !== undefined) {
    const body = build.statements(block);
    return { kind: 'lambda', params: list, body, span };
  }
  const at = after(first(node.children.FatArrow), span.end);
  const value = build.expression(first(node.children.expression), at);
  const body = { kind: 'expression', value, span: value.span } as const;
  return intact(build, { kind: 'lambda', params: list, body, span }, [...list, body]);
}

function pipe(build: Build, node: PipeCstNode, at: number, position: 'value' | 'stage'): Expr {
  const { children } = node;
  const steps: (PipedCstNode | StrayOperatorCstNode)[] = [
    ...all(children.piped),
    ...all(children.strayOperator),
  ];
  steps.sort((a, b) => nodeSpan(a, at).start - nodeSpan(b, at).start);
  let value = disjunction(build, first(children.disjunction), at);
  const alias = first(children.alias);
  if (alias !== undefined) {
    const named = position === 'stage' || steps.length > 0;
    value = namedHead(build, value, alias, named);
  }
  const tooMany = steps[chainLimit];
  if (tooMany !== undefined) {
    const span = nodeSpan(tooMany, at);
    complain(build, 'NN0111', { limit: chainLimit }, span);
    return missing(cover(value.span, span));
  }
  for (const step of steps) {
    value = step.name === 'piped' ? piped(build, value, step) : stray(build, value, step);
  }
  const python = first(children.pythonChoice);
  return python === undefined ? value : pythonChoice(build, value, python);
}

function piped(build: Build, head: Expr, node: PipedCstNode): Expr {
  const op = first(node.children.Pipe);
  const opSpan = op === undefined ? nodeSpan(node, head.span.end) : spanOf(op);
  const stageNode = first(node.children.stage);
  const loose = first(stageNode?.children.looseStage);
  const value =
    loose === undefined
      ? postfix(build, first(stageNode?.children.postfix), opSpan.end)
      : looseStage(build, loose, opSpan.end);
  const as = first(first(stageNode?.children.alias)?.children.Id);
  const stage: Stage =
    as === undefined
      ? { value, span: value.span }
      : { value, as: nameOf(as), span: cover(value.span, spanOf(as)) };
  return { kind: 'pipe', head, stage, opSpan, span: cover(head.span, cover(opSpan, stage.span)) };
}

/** What is meant is clear, so it is read as if it stood in parentheses. */
function looseStage(build: Build, node: LooseStageCstNode, at: number): Expr {
  const span = nodeSpan(node, at);
  const word = /^\w+|^./.exec(words(build, span))?.[0] ?? '';
  const help = 'a stage is a name, a call or a block; put anything else in parentheses';
  const place = { start: span.start, end: span.start + word.length };
  complain(build, 'NN0101', { expected: 'a stage after `|>`', found: `\`${word}\``, help }, place);
  const choiceNode = first(node.children.choice);
  if (choiceNode !== undefined) return choice(build, choiceNode);
  const lambdaNode = first(node.children.lambda);
  return lambdaNode === undefined ? missing(span) : lambda(build, lambdaNode);
}

/** The head of a pipe with a name, where it is a stage; elsewhere `let` names it. */
function namedHead(build: Build, value: Expr, node: AliasCstNode, allowed: boolean): Expr {
  const as = first(node.children.As);
  const id = first(node.children.Id);
  if (id === undefined) return value;
  if (!allowed && as !== undefined) {
    const expected = '`|>` or the end of this expression';
    const help = `\`as\` names a stage of a pipe; a value is named by \`let ${id.image} = ${words(build, value.span)}\``;
    complain(build, 'NN0101', { expected, found: '`as`', help }, spanOf(as));
  }
  return { kind: 'as', value, name: nameOf(id), span: cover(value.span, spanOf(id)) };
}

/** Which of the two was meant is open, so the result is unknown. */
function stray(build: Build, head: Expr, node: StrayOperatorCstNode): Expr {
  const op = first(node.children.Operator);
  if (op === undefined) return head;
  const operand = disjunction(build, first(node.children.disjunction), spanOf(op).end);
  if (operand.kind === 'missing' || (head.kind === 'pipe' && head.stage.value.kind === 'missing')) {
    return missing(cover(head.span, cover(spanOf(op), operand.span)));
  }
  const texts = { pipe: words(build, head.span), operand: words(build, operand.span) };
  complain(build, 'NN0104', { ...texts, op: op.image }, spanOf(op));
  return missing(cover(head.span, cover(spanOf(op), operand.span)));
}

/** `a if c else b`. */
function pythonChoice(build: Build, then: Expr, node: PythonChoiceCstNode): Expr {
  const span = cover(then.span, nodeSpan(node, then.span.end));
  const condition = disjunction(build, first(node.children.disjunction), span.end);
  const otherwise = build.expression(first(node.children.expression), span.end);
  const [a, c, b] = [then, condition, otherwise].map((part) => words(build, part.span));
  const instead = `if ${c} then ${a} else ${b}`;
  const word = first(node.children.If);
  const at = word === undefined ? span : spanOf(word);
  complain(build, 'NN0107', { found: 'a if c else b', instead: `write \`${instead}\`` }, at);
  return ifExpr(build, condition, then, otherwise, span);
}

function ifExpr(build: Build, condition: Expr, yes: Expr, no: Expr, span: Span): Expr {
  // biome-ignore lint/suspicious/noThenProperty: the field's name in the AST; no one awaits a node.
  const expr: Expr = { kind: 'if', condition, then: yes, else: no, span };
  return intact(build, expr, [condition, yes, no]);
}
