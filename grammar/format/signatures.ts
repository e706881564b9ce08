/** Parameter lists, patterns and types as documents. */
import type { Axis, Param, Pattern, TypeExpr } from '../ast.ts';
import { commaList } from './brackets.ts';
import type { Doc } from './doc.ts';
import type { Printer } from './printer.ts';

export function params(p: Printer, list: readonly Param[]): Doc {
  return commaList(p.at, list, (one) => param(p, one));
}

function param(p: Printer, node: Param): Doc {
  const name = pattern(p, node.pattern);
  const optional = node.optional ? p.at.take() : '';
  const type = typed(p, node.type);
  if (node.default === undefined) return [name, optional, type];
  const sign = p.at.take();
  return [name, optional, type, ' ', sign, ' ', p.expression(node.default)];
}

export function pattern(p: Printer, node: Pattern): Doc {
  if (node.kind === 'name') return p.at.take();
  const trailing = node.items.length > 1;
  return commaList(p.at, node.items, (one) => pattern(p, one), { trailing });
}

/** `: f32[n]`, or nothing. */
export function typed(p: Printer, node: TypeExpr | undefined): Doc {
  if (node === undefined) return '';
  const colon = p.at.take();
  return [colon, ' ', type(p, node)];
}

export function type(p: Printer, node: TypeExpr): Doc {
  const name = p.at.take();
  return node.axes === undefined ? name : [name, commaList(p.at, node.axes, (one) => axis(p, one))];
}

function axis(p: Printer, node: Axis): Doc {
  if (node.kind === 'size') return p.expression(node.value);
  const dots = p.at.take();
  return node.name === undefined ? dots : [dots, p.at.take()];
}
