/** The kinds of nodes that a tree can have, so that random programs can be asked for all of them. */
import type { Axis, Expr, File, Index, Item, ListItem, Pattern } from '../../../grammar/ast.ts';

type Repeat = Extract<Expr, { readonly kind: 'repeat' }>;

/** Where a text could not be parsed; no program from the grammar has it. */
type Broken = 'missing';

type Kind =
  | Exclude<Expr['kind'], Broken>
  | (Item | Pattern | Axis | ListItem | Index | Repeat['over'])['kind'];

/** A kind that is left out here does not compile. */
const all: Readonly<Record<Kind, true>> = {
  import: true,
  layer: true,
  fn: true,
  const: true,
  dim: true,
  train: true,
  policy: true,
  chain: true,
  let: true,
  input: true,
  param: true,
  state: true,
  update: true,
  output: true,
  loss: true,
  metric: true,
  expect: true,
  return: true,
  number: true,
  string: true,
  bool: true,
  name: true,
  tuple: true,
  paren: true,
  list: true,
  unary: true,
  binary: true,
  pipe: true,
  as: true,
  if: true,
  lambda: true,
  call: true,
  index: true,
  field: true,
  trailing: true,
  block: true,
  repeat: true,
  count: true,
  range: true,
  items: true,
  item: true,
  splat: true,
  at: true,
  slice: true,
  ellipsis: true,
  rest: true,
  size: true,
};

export const kindsOfTree: readonly string[] = Object.keys(all);

export function kindsIn(file: File): ReadonlySet<string> {
  const kinds = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node) kinds.add(String(node.kind));
    Object.values(node).forEach(visit);
  };
  visit(file);
  return kinds;
}
