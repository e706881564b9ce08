/**
 * Statements. A statement that broke off still binds its name, to a missing expression, so that the
 * uses of the name are not reported too. Missing values (NN0102) are found here.
 */
import type { CstNode } from 'chevrotain';
import type { Expr, Name, Pattern, Span, Stmt, TypeExpr } from '../ast.ts';
import type {
  InputStmtCstNode,
  LetStmtCstNode,
  OutputStmtCstNode,
  ParamStmtCstNode,
  StatementCstNode,
  ValueCstNode,
} from '../cst.ts';
import { spanOf } from '../scan/token-stream.ts';
import {
  after,
  all,
  type Build,
  complain,
  cover,
  docAbove,
  first,
  missing,
  nameOf,
  nodeSpan,
  words,
} from './build.ts';
import { ofType, pattern } from './types.ts';

/** Undefined where recovery left nothing that could be used. */
export function statement(build: Build, node: StatementCstNode): Stmt | undefined {
  const { children } = node;
  const letNode = first(children.letStmt);
  if (letNode !== undefined) return letStmt(build, letNode);
  const inputNode = first(children.inputStmt);
  if (inputNode !== undefined) return inputStmt(build, inputNode);
  const paramNode = first(children.paramStmt);
  if (paramNode !== undefined) return paramStmt(build, paramNode);
  const outputNode = first(children.outputStmt);
  if (outputNode !== undefined) return outputStmt(build, outputNode);
  return shortStatement(build, node);
}

/** `update`, `loss`, `metric`, `expect`, `return`: a name at most, and a value. */
function shortStatement(build: Build, node: StatementCstNode): Stmt | undefined {
  const { children } = node;
  const updateNode = first(children.updateStmt);
  if (updateNode !== undefined) {
    const id = first(updateNode.children.Id);
    if (id === undefined) return undefined;
    const example = `update ${id.image} = ...`;
    const needs = { needs: 'an `update` needs the next value', example };
    const value = statementValue(build, updateNode, needs);
    return { kind: 'update', name: nameOf(id), value, span: spanWith(updateNode, value) };
  }
  const lossNode = first(children.lossStmt);
  if (lossNode !== undefined) {
    const id = first(lossNode.children.Id);
    const name = id === undefined ? {} : { name: nameOf(id) };
    const needs = { needs: 'a `loss` needs its value', example: 'loss = mse(pred, target)' };
    const value = statementValue(build, lossNode, needs);
    return { kind: 'loss', ...name, value, span: spanWith(lossNode, value) };
  }
  const metricNode = first(children.metricStmt);
  if (metricNode !== undefined) {
    const id = first(metricNode.children.Id);
    if (id === undefined) return undefined;
    const example = `metric ${id.image} = ...`;
    const value = statementValue(build, metricNode, {
      needs: 'a `metric` needs its value',
      example,
    });
    return { kind: 'metric', name: nameOf(id), value, span: spanWith(metricNode, value) };
  }
  const expectNode = first(children.expectStmt);
  if (expectNode !== undefined) {
    const at = after(first(expectNode.children.Expect), 0);
    const value = build.expression(first(expectNode.children.expression), at);
    return { kind: 'expect', value, span: spanWith(expectNode, value) };
  }
  const returnNode = first(children.returnStmt);
  if (returnNode === undefined) return undefined;
  const at = after(first(returnNode.children.Return), 0);
  const value = build.expression(first(returnNode.children.expression), at);
  return { kind: 'return', value, span: spanWith(returnNode, value) };
}

function letStmt(build: Build, node: LetStmtCstNode): Stmt | undefined {
  const bound = pattern(first(node.children.pattern));
  if (bound === undefined) return undefined;
  const text = words(build, bound.span);
  const type = ofType(build, first(node.children.ofType), text);
  const value = statementValue(build, node, {
    needs: 'a `let` needs its value',
    example: `let ${text} = ...`,
  });
  return {
    kind: 'let',
    pattern: bound,
    ...(type === undefined ? {} : { type }),
    value,
    span: spanWith(node, value),
  };
}

function inputStmt(build: Build, node: InputStmtCstNode): Stmt | undefined {
  const id = first(node.children.Id);
  if (id === undefined) return undefined;
  const name = nameOf(id);
  const type = ofType(build, first(node.children.ofType), id.image);
  const span = nodeSpan(node, name.span.end);
  if (first(node.children.ofType) === undefined && node.recoveredNode !== true) {
    const expected = `\`:\` and a type after \`${id.image}\``;
    const help = `write \`input ${id.image}: f32[batch, 784]\``;
    const found = build.found(name.span.end);
    complain(build, 'NN0101', { expected, found, help }, name.span);
  }
  const equals = first(node.children.Equals);
  if (equals !== undefined) {
    const help = 'an `input` comes from outside; a fixed value is a `let` or a `const`';
    const expected = 'the end of the `input`';
    complain(build, 'NN0101', { expected, found: '`=`', help }, spanOf(equals));
  }
  return type === undefined
    ? unknown(name, span)
    : { kind: 'input', name, type, ...docAbove(build, first(node.children.Input)), span };
}

function paramStmt(build: Build, node: ParamStmtCstNode): Stmt | undefined {
  const id = first(node.children.Id);
  if (id === undefined) return undefined;
  const param = first(node.children.Param);
  const kind = param === undefined ? 'state' : 'param';
  const doc = docAbove(build, param ?? first(node.children.State));
  const name = nameOf(id);
  const typeNode = first(node.children.ofType);
  const type = ofType(build, typeNode, id.image);
  const value = statementValue(build, node, {
    needs: `a \`${kind}\` needs its initial value`,
    example: `${kind} ${declared(name.text, type, build)} = 0`,
  });
  const span = spanWith(node, value);
  // Without its type even the shape of the parameter is open.
  if (typeNode !== undefined && type === undefined) return unknown(name, span);
  const typed = type === undefined ? {} : { type };
  return { kind, name, ...typed, value, ...doc, span };
}

function declared(name: string, type: TypeExpr | undefined, build: Build): string {
  return type === undefined ? name : `${name}: ${words(build, type.span)}`;
}

function outputStmt(build: Build, node: OutputStmtCstNode): Stmt | undefined {
  const names = all(node.children.Id).map(nameOf);
  const [name] = names;
  if (name === undefined) return undefined;
  const valueNode = first(node.children.value);
  const hasValue = first(valueNode?.children.Equals) ?? first(valueNode?.children.ChainStart);
  if (hasValue === undefined && node.recoveredNode !== true) {
    return { kind: 'output', names, span: nodeSpan(node, name.span.end) };
  }
  if (names.length > 1 && hasValue !== undefined) {
    const help = `one value has one name: \`output ${name.text} = ...\`; or \`output ${names.map((n) => n.text).join(', ')}\` alone`;
    const place = { expected: 'another output or the end of the line', found: '`=`', help };
    complain(build, 'NN0101', place, spanOf(hasValue));
  }
  const example = `output ${name.text} = ...`;
  const value = statementValue(build, node, { needs: 'an `output` needs its value', example });
  return { kind: 'output', names: [name], value, span: spanWith(node, value) };
}

interface WithValue extends CstNode {
  readonly children: { value?: ValueCstNode[] };
}

/** The value behind `=`; reports that it is not there, unless the statement broke off earlier. */
export function statementValue(
  build: Build,
  statementNode: WithValue,
  needs: { readonly needs: string; readonly example: string },
): Expr {
  const node = first(statementNode.children.value);
  const whole = nodeSpan(statementNode, 0);
  if (node === undefined) return missing(whole.end);
  const equals = first(node.children.Equals);
  const mark = first(node.children.ChainStart);
  const valueNode = first(node.children.expression);
  if (equals !== undefined) return build.expression(valueNode, after(equals, whole.end));
  if (mark !== undefined) {
    const value = build.expression(valueNode, mark.startOffset);
    const example = `${words(build, { start: whole.start, end: mark.startOffset })} = ${words(build, value.span)}`;
    const at = { start: mark.startOffset, end: mark.startOffset };
    const fix = { span: at, text: '= ' };
    complain(build, 'NN0102', { needs: '`=` is missing here', example }, value.span, { fix });
    return value;
  }
  if (node.recoveredNode !== true) complain(build, 'NN0102', needs, whole);
  return missing(whole.end);
}

function spanWith(node: CstNode, value: { readonly span: Span }): Span {
  return cover(nodeSpan(node, value.span.end), value.span);
}

/** Binds a name whose value and type are unknown, so that its uses are not reported. */
export function unknown(name: Name, span: Span): Stmt {
  const pattern: Pattern = { kind: 'name', name, span: name.span };
  return { kind: 'let', pattern, value: missing(span.end), span };
}
