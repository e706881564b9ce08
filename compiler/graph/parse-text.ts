/** Reads a printed graph back (`print.ts`), so that any dump can become a test. */
import { equalShapes, shapeText } from './dim.ts';
import { Graph } from './graph.ts';
import type { Attr, Node, Op } from './node.ts';
import { parseDim } from './parse-dim.ts';
import type { NamedResult } from './print.ts';
import { atEnd, type Cursor, cursor, expectWord, fail, take, takeWord } from './text-cursor.ts';

export interface ParsedGraph {
  readonly graph: Graph;
  readonly results: readonly NamedResult[];
}

/**
 * Ops are found by name among `ops`. Comments are skipped, so origins are not read back. Throws
 * GraphTextError where the text is not a graph, an op is not known, or a type is not what the op's
 * shape rule says.
 */
export function parseGraph(
  text: string,
  ops: readonly Op[],
  graph: Graph = new Graph(),
): ParsedGraph {
  const byName = new Map(ops.map((op) => [op.name, op]));
  const nodes = new Map<string, Node>();
  const results: NamedResult[] = [];
  text.split('\n').forEach((line, i) => {
    const c = cursor(line, i + 1);
    if (endOfLine(c)) return;
    if (takeWord(c, 'return')) results.push(...parseResults(c, nodes));
    else parseNode(c, graph, byName, nodes);
    if (!endOfLine(c)) fail(c, 'the end of the line');
  });
  return { graph, results };
}

const endOfLine = (c: Cursor): boolean => atEnd(c) || c.text[c.at] === '#';

function parseNode(
  c: Cursor,
  graph: Graph,
  ops: ReadonlyMap<string, Op>,
  nodes: Map<string, Node>,
): void {
  const name = take(c, /%\d+/) ?? fail(c, 'a node such as %3');
  expectWord(c, ':');
  const dtype = take(c, /[a-z]+\d*/) ?? fail(c, 'a dtype');
  expectWord(c, '[');
  const shape = list(c, ']', () => parseDim(c));
  expectWord(c, '=');
  const opPlace = { ...c };
  const op = ops.get(take(c, /\w+/) ?? '') ?? fail(opPlace, 'the name of an op');
  expectWord(c, '(');
  const inputs = list(c, ')', () => reference(c, nodes));
  const attrs = takeWord(c, '{') ? Object.fromEntries(list(c, '}', () => entry(c))) : {};
  const node = graph.make(op, inputs, attrs);
  if (node.type.dtype !== dtype || !equalShapes(node.type.shape, shape))
    fail(
      opPlace,
      `${dtype}${shapeText(shape)}, not ${node.type.dtype}${shapeText(node.type.shape)}`,
    );
  nodes.set(name, node);
}

function parseResults(c: Cursor, nodes: ReadonlyMap<string, Node>): NamedResult[] {
  const results: NamedResult[] = [];
  while (!endOfLine(c)) {
    if (results.length > 0) expectWord(c, ',');
    const name = takeString(c) ?? take(c, /[A-Za-z_][\w.]*/) ?? fail(c, 'the name of a result');
    expectWord(c, '=');
    results.push({ name, node: reference(c, nodes) });
  }
  return results;
}

function reference(c: Cursor, nodes: ReadonlyMap<string, Node>): Node {
  const place = { ...c };
  return nodes.get(take(c, /%\d+/) ?? '') ?? fail(place, 'a node that stands above');
}

function list<T>(c: Cursor, end: string, item: () => T): T[] {
  const items: T[] = [];
  while (!takeWord(c, end)) {
    if (items.length > 0) expectWord(c, ',');
    items.push(item());
  }
  return items;
}

function entry(c: Cursor): [string, Attr] {
  const name = take(c, /\w+/) ?? fail(c, 'the name of an attribute');
  expectWord(c, ':');
  return [name, value(c)];
}

function takeString(c: Cursor): string | undefined {
  const text = take(c, /"(?:[^"\\]|\\.)*"/);
  return text === undefined ? undefined : (JSON.parse(text) as string);
}

function value(c: Cursor): Attr {
  if (takeWord(c, '[')) return list(c, ']', () => value(c));
  const text = takeString(c) ?? quotient(c);
  if (text !== undefined) return text;
  const word = take(c, /(?:true|false|null)\b/);
  if (word !== undefined) return word === 'null' ? null : word === 'true';
  // A plain number; a size may begin with one too (`2*n`, `4 - n`).
  const number = take(c, /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=\s*[,\]}])/);
  return number === undefined ? parseDim(c) : Number(number);
}

function quotient(c: Cursor): number | undefined {
  const text = take(c, /0\/0|-?1\/0/);
  if (text === undefined) return undefined;
  return text === '0/0' ? Number.NaN : text === '1/0' ? Infinity : -Infinity;
}
