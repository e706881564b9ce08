/**
 * Graphs as text, one node a line, inputs first, results last:
 *
 *     %2: f32[batch, 10] = contract(%0, %1) {acc: "f32", labels: "mk,kn->mn"}  # models/mnist.nn:5 dense
 *     return loss=%2
 *
 * `parse-text.ts` reads it back. Numbers are counted anew, so equal graphs have equal text.
 */
import { dimText, isSymbolic, shapeText } from './dim.ts';
import type { Graph } from './graph.ts';
import type { Attr, Attrs, Node, Origin } from './node.ts';
import { reachable } from './walk.ts';

export interface NamedResult {
  readonly name: string;
  readonly node: Node;
}

/** With `origins`, each line ends with where the node comes from. */
export function printGraph(
  graph: Graph,
  results: readonly NamedResult[],
  { origins = true }: { readonly origins?: boolean } = {},
): string {
  const nodes = reachable(results.map((r) => r.node));
  const number = new Map(nodes.map((node, i) => [node, `%${i}`] as const));
  const lines = nodes.map((node) => {
    const { dtype, shape } = node.type;
    const inputs = node.inputs.map((x) => number.get(x)).join(', ');
    const call = `${node.op.name}(${inputs})${attrsText(node.attrs)}`;
    const from = origins ? originText(graph.originsOf(node)) : '';
    return `${number.get(node)}: ${dtype}${shapeText(shape)} = ${call}${from === '' ? '' : `  # ${from}`}`;
  });
  const ends = results.map((r) => `${nameText(r.name)}=${number.get(r.node)}`);
  return `${[...lines, `return ${ends.join(', ')}`].join('\n')}\n`;
}

const nameText = (name: string): string =>
  /^[A-Za-z_][\w.]*$/.test(name) ? name : JSON.stringify(name);

export function attrsText(attrs: Attrs): string {
  const names = Object.keys(attrs).sort();
  if (names.length === 0) return '';
  return ` {${names.map((n) => `${n}: ${attrText(attrs[n] ?? null)}`).join(', ')}}`;
}

function attrText(a: Attr): string {
  if (isSymbolic(a)) return dimText(a);
  if (isList(a)) return `[${a.map(attrText).join(', ')}]`;
  return typeof a === 'number' ? numberText(a) : JSON.stringify(a);
}
const isList = (a: Attr): a is readonly Attr[] => Array.isArray(a);

/** What is not finite is written as the quotient that gives it. */
function numberText(x: number): string {
  if (Number.isNaN(x)) return '0/0';
  if (!Number.isFinite(x)) return x > 0 ? '1/0' : '-1/0';
  return Object.is(x, -0) ? '-0' : String(x);
}

function originText(origins: readonly Origin[]): string {
  const [first] = origins;
  if (first === undefined) return '';
  const made = first.rule === undefined ? [] : [`(${first.rule})`];
  const role = first.role === 'forward' ? [] : [first.role];
  const more = origins.length > 1 ? [`and ${origins.length - 1} more`] : [];
  return [first.line ?? '', first.path, ...role, ...made, ...more]
    .filter((t) => t !== '')
    .join(' ');
}
