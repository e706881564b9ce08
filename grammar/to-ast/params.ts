/** Parameter lists of layers, functions, lambdas and `vjp` rules. */
import type { Param } from '../ast.ts';
import type { ParamCstNode, ParamsCstNode } from '../cst.ts';
import { all, type Build, first, nodeSpan } from './build.ts';
import { pattern, typeExpr } from './types.ts';

export function params(build: Build, node: ParamsCstNode | undefined): readonly Param[] {
  return all(node?.children.param)
    .map((child) => param(build, child))
    .filter((child) => child !== undefined);
}

/** Undefined where recovery left no name. */
function param(build: Build, node: ParamCstNode): Param | undefined {
  const name = pattern(first(node.children.pattern));
  if (name === undefined) return undefined;
  const span = nodeSpan(node, name.span.start);
  const type = typeExpr(build, first(node.children.type));
  const value = first(node.children.expression);
  return {
    pattern: name,
    optional: first(node.children.Question) !== undefined,
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { default: build.expression(value, span.end) }),
    span,
  };
}
