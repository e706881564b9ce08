/** Types and patterns: `f32[..., units]`, `((h, c), z)`; words that are no type are found here. */
import type { Axis, Pattern, Span, TypeExpr } from '../ast.ts';
import type {
  AxisCstNode,
  ListPatternCstNode,
  OfTypeCstNode,
  PatternCstNode,
  TuplePatternCstNode,
  TypeCstNode,
} from '../cst.ts';
import { isElementType, narrowerType, nearestType, typeElsewhere } from '../element-types.ts';
import { spanOf } from '../scan/token-stream.ts';
import { all, type Build, complain, first, nameOf, nodeSpan, words } from './build.ts';
import { sum } from './operators.ts';

/** Undefined where recovery left no type, or where its word means nothing. */
export function typeExpr(build: Build, node: TypeCstNode | undefined): TypeExpr | undefined {
  const token = first(node?.children.Id) ?? first(node?.children.Fn);
  const brackets = first(node?.children.axes);
  const opener = first(brackets?.children.LBracket);
  if (token === undefined && opener !== undefined) {
    const help = 'write the type of the elements too: `f32[batch, 784]`';
    complain(
      build,
      'NN0101',
      { expected: 'a type before `[`', found: '`[`', help },
      spanOf(opener),
    );
  }
  if (node === undefined || token === undefined) return undefined;
  const span = nodeSpan(node, token.startOffset);
  const text = typeName(build, token.image, spanOf(token));
  if (text === undefined) return undefined;
  const name = { text, span: spanOf(token) };
  if (brackets === undefined) return { name, span };
  const axes = all(brackets.children.axis).map((child) => axis(build, child));
  return { name, axes, span };
}

/** The type that a word means, after complaining if it is not spelt so. */
function typeName(build: Build, name: string, span: Span): string | undefined {
  if (isElementType(name)) return name;
  const instead = narrowerType(name);
  if (instead !== undefined) {
    complain(build, 'NN0105', { name, instead }, span, { fix: { span, text: instead } });
    return instead;
  }
  const same = typeElsewhere(name);
  const suggestion = same ?? nearestType(name);
  const fix = same === undefined ? undefined : { span, text: same };
  complain(build, 'NN0106', { name, suggestion }, span, { fix });
  return suggestion;
}

/** For sizes that other frameworks leave open. */
export const namedSize = 'a size that the data decide has a name: `f32[batch, 4]`';

function axis(build: Build, node: AxisCstNode): Axis {
  const rest = first(node.children.Ellipsis);
  const name = first(node.children.Id);
  const at = rest?.startOffset ?? node.location?.startOffset ?? 0;
  if (rest !== undefined) {
    const span = nodeSpan(node, at);
    return name === undefined ? { kind: 'rest', span } : { kind: 'rest', name: nameOf(name), span };
  }
  const whole = nodeSpan(node, at);
  if (words(build, whole) === 'None') {
    complain(build, 'NN0107', { found: 'None', instead: namedSize }, whole);
    return { kind: 'size', value: { kind: 'missing', span: whole }, span: whole };
  }
  const value = sum(build, first(node.children.sum), at);
  return { kind: 'size', value, span: value.span };
}

/** `: f32[n]`; reports a missing `:`. */
export function ofType(
  build: Build,
  node: OfTypeCstNode | undefined,
  name: string,
): TypeExpr | undefined {
  const type = typeExpr(build, first(node?.children.type));
  if (type !== undefined && first(node?.children.ChainStart) !== undefined) {
    const expected = `\`:\` after \`${name}\``;
    const fix = { span: { start: type.span.start, end: type.span.start }, text: ': ' };
    const found = `\`${type.name.text}\``;
    complain(build, 'NN0101', { expected, found }, type.name.span, { fix });
  }
  return type;
}

/** Undefined where recovery left no pattern. */
export function pattern(node: PatternCstNode | undefined): Pattern | undefined {
  const id = first(node?.children.Id);
  if (id !== undefined) return { kind: 'name', name: nameOf(id), span: spanOf(id) };
  const tuple = first(node?.children.tuplePattern);
  if (tuple !== undefined) return patterns('tuple', tuple);
  const list = first(node?.children.listPattern);
  return list === undefined ? undefined : patterns('list', list);
}

function patterns(kind: 'tuple' | 'list', node: TuplePatternCstNode | ListPatternCstNode): Pattern {
  const items = all(node.children.pattern)
    .map((child) => pattern(child))
    .filter((child) => child !== undefined);
  return { kind, items, span: nodeSpan(node, 0) };
}
