/** Declarations, sections and statements as documents. */
import type { Body, DimDecl, Entry, Import, Item, Name, OutputStmt, Param } from '../ast.ts';
import { hanging, lines } from './brackets.ts';
import { broken, choice, type Doc, group, hardLine, ifBroken, indent, line } from './doc.ts';
import { assigned } from './expressions.ts';
import type { Printer, StatementBody } from './printer.ts';
import { params, pattern, type, typed } from './signatures.ts';

export function item(p: Printer, node: Item): Doc {
  const { at } = p;
  switch (node.kind) {
    case 'chain':
      return p.expression(node.value);
    case 'import':
      return importItem(p, node);
    case 'layer': {
      const name = [at.take(), ' ', at.take()];
      const config = params(p, node.config);
      const rest = [tensors(p, node.tensors), result(p, node.result)];
      return [signature(name, config, rest), body(p, node.body)];
    }
    case 'fn': {
      const name = [at.take(), ' ', at.take()];
      const list = params(p, node.params);
      const head = signature(name, list, result(p, node.result));
      const value = body(p, node.body);
      if (node.vjp === undefined) return [head, value];
      const rule = [at.take(), ' ', params(p, node.vjp.params), ' ', at.take()];
      return group([head, value, indent([line(), rule, assigned(p, node.vjp.value)])]);
    }
    case 'dim':
      return [at.take(), ' ', separated(p, node.facts, (fact) => sizeFact(p, fact))];
    case 'train':
    case 'policy': {
      const head = [at.take(), optional(p, node.name), ' '];
      return [head, record(p, node.entries)];
    }
    case 'let': {
      const head = [at.take(), ' ', pattern(p, node.pattern), typed(p, node.type)];
      return [head, ' ', at.take(), assigned(p, node.value)];
    }
    case 'input':
      return [at.take(), ' ', at.take(), typed(p, node.type)];
    case 'param':
    case 'state': {
      const head = [at.take(), ' ', at.take(), typed(p, node.type)];
      return [head, ' ', at.take(), assigned(p, node.value)];
    }
    case 'output':
      return output(p, node);
    case 'const':
    case 'update':
    case 'metric':
      return [at.take(), ' ', at.take(), ' ', at.take(), assigned(p, node.value)];
    case 'loss':
      return [at.take(), optional(p, node.name), ' ', at.take(), assigned(p, node.value)];
    case 'expect':
    case 'return':
      return [at.take(), ' ', p.expression(node.value)];
    default:
      return node satisfies never;
  }
}

function importItem(p: Printer, node: Import): Doc {
  const { at } = p;
  const word = at.take();
  if (node.as !== undefined) return [word, ' ', at.take(), ' ', at.take(), ' ', at.take()];
  const names = separated(p, node.names, () => at.take());
  return [word, ' ', names, ' ', at.take(), ' ', at.take()];
}

function output(p: Printer, node: OutputStmt): Doc {
  const { at } = p;
  const head = [at.take(), ' ', separated(p, node.names, () => at.take())];
  return node.value === undefined ? head : [head, ' ', at.take(), assigned(p, node.value)];
}

/** Where it does not fit on its line the first list breaks, whatever follows. */
function signature(name: Doc, list: Doc, rest: Doc): Doc {
  return choice([{ trial: [name, list, rest], below: false }], [name, broken(list), rest]);
}

/** Parts with commas between them and no brackets around. */
function separated<T>({ at }: Printer, parts: readonly T[], print: (part: T) => Doc): Doc {
  const [first, ...rest] = parts;
  if (first === undefined) return '';
  return group([print(first), indent(rest.map((part) => [at.take(), line(), print(part)]))]);
}

function sizeFact(p: Printer, { bound }: DimDecl['facts'][number]): Doc {
  const name = p.at.take();
  return bound === undefined ? name : [name, ' ', p.at.take(), ' ', p.expression(bound)];
}

function optional({ at }: Printer, name: Name | undefined): Doc {
  return name === undefined ? '' : [' ', at.take()];
}

function tensors(p: Printer, list: readonly Param[] | undefined): Doc {
  return list === undefined ? '' : params(p, list);
}

function result(p: Printer, node: Extract<Item, { kind: 'layer' }>['result']): Doc {
  return node === undefined ? '' : [' ', p.at.take(), ' ', type(p, node)];
}

function body(p: Printer, node: Body): Doc {
  if (node.kind === 'block') return [' ', p.statements(node)];
  return [' ', p.at.take(), assigned(p, node.value, 'declaration')];
}

/** One statement stays on the line of its braces if it stands there and fits; more never do. */
export function statements(p: Printer, { stmts }: StatementBody): Doc {
  const { at } = p;
  const mayStay = stmts.length === 1 && !at.breaksBehind();
  const open = at.take();
  const inside = lines(at, stmts, (stmt) => item(p, stmt));
  if (inside.length === 0) return [open, at.take()];
  const edge = mayStay ? line() : hardLine();
  return group([open, indent([edge, inside]), edge, at.take()]);
}

/** The entries of a section: on one line if they stand so and fit, with commas between. */
function record(p: Printer, entries: readonly Entry[]): Doc {
  const { at } = p;
  const edge = at.breaksBehind() ? hardLine() : line();
  const open = at.take();
  const parts = entries.map((one, i) => {
    const blank = i > 0 && at.isSpaced();
    const doc = entry(p, one);
    const comma = at.peek() === ',' ? at.skip() : '';
    const isLast = i === entries.length - 1;
    return [i === 0 ? edge : line(blank), doc, isLast ? '' : ifBroken('', ','), comma];
  });
  const dangling = hanging(at.leading());
  if (parts.length === 0 && dangling.length === 0) return [open, at.take()];
  return group([open, indent([parts, dangling]), edge, at.take()]);
}

function entry(p: Printer, { value, entries }: Entry): Doc {
  const head = [p.at.take(), p.at.take()];
  if (entries !== undefined) return [head, ' ', record(p, entries)];
  return [head, ' ', p.expression(value)];
}
