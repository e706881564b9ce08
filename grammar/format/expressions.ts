/** Expressions as documents. Every word comes from the cursor; the tree says only what they mean. */
import type { Arg, Expr, Index, ListItem } from '../ast.ts';
import { commaList, hanging } from './brackets.ts';
import { choice, type Doc, group, hardLine, indent, line } from './doc.ts';
import type { Printer } from './printer.ts';
import { params } from './signatures.ts';

/** What goes on behind the head of an expression that may take several lines. */
interface Parts {
  readonly head: Doc;
  readonly rest: readonly { readonly doc: Doc; readonly blank: boolean }[];
}

/** Its further lines are indented. */
export function expression(p: Printer, node: Expr): Doc {
  const parts = partsOf(p, node);
  if (parts.rest.length === 0) return parts.head;
  return group([parts.head, indent(continuation(parts))]);
}

/** Its further lines stand below the first, for where nothing stands before it. */
function aligned(p: Printer, node: Expr): Doc {
  const parts = partsOf(p, node);
  return group([parts.head, continuation(parts)]);
}

function continuation({ rest }: Parts): Doc {
  return rest.map(({ doc, blank }) => [line(blank), doc]);
}

/**
 * Behind the `=` of a statement or of a declaration: on its line, on a line of its own, or broken. The
 * body of a declaration begins on a line of its own sooner, as its head is long.
 */
export function assigned(
  p: Printer,
  node: Expr,
  to: 'statement' | 'declaration' = 'statement',
): Doc {
  if (p.at.isCommented()) return indent([hardLine(), aligned(p, node)]);
  if (hugsBrackets(node)) return [' ', expression(p, node)];
  const parts = partsOf(p, node);
  const flat = group([parts.head, continuation(parts)]);
  const whole = { trial: [' ', flat], below: false };
  const onNext = { trial: flat, below: true };
  const broken = [' ', group([parts.head, indent(continuation(parts))])];
  const lowered = indent([hardLine(), flat]);
  if (to === 'declaration') return choice([whole, onNext], lowered);
  switch (node.kind) {
    case 'pipe': {
      // A pipe in several lines has a stage on each.
      const head = { trial: [' ', parts.head], below: false, chosen: broken };
      return choice([whole, head], lowered);
    }
    case 'if':
      return choice([whole, onNext], lowered);
    default:
      return choice([whole, onNext], broken);
  }
}

/** These break inside, so that they may start on the line of what stands before them. */
function hugsBrackets(node: Expr): boolean {
  switch (node.kind) {
    case 'list':
    case 'tuple':
    case 'block':
    case 'lambda':
    case 'repeat':
    case 'trailing':
      return true;
    case 'call':
      return node.args.length === 1 && node.args[0] !== undefined && hugsAlone(node.args[0]);
    default:
      return false;
  }
}

function partsOf(p: Printer, node: Expr): Parts {
  switch (node.kind) {
    case 'pipe':
      return pipe(p, node);
    case 'binary':
      return node.op === '**' ? { head: single(p, node), rest: [] } : operators(p, node);
    case 'if':
      return choose(p, node);
    default:
      return { head: single(p, node), rest: [] };
  }
}

function pipe(p: Printer, node: Extract<Expr, { kind: 'pipe' }>): Parts {
  const stages: Extract<Expr, { kind: 'pipe' }>[] = [];
  let head: Expr = node;
  for (; head.kind === 'pipe'; head = head.head) stages.push(head);
  const first = expression(p, head);
  const rest = stages.toReversed().map(({ stage }) => {
    const blank = p.at.isSpaced();
    const sign = p.at.take();
    const value = expression(p, stage.value);
    const name = stage.as === undefined ? '' : [' ', p.at.take(), ' ', p.at.take()];
    return { doc: [sign, ' ', value, name], blank };
  });
  return { head: first, rest };
}

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];

/** Operators of one level, which nest to the left, are one row. */
function operators(p: Printer, node: Extract<Expr, { kind: 'binary' }>): Parts {
  const level = levels.find((ops) => ops.includes(node.op)) ?? [];
  const operands: Expr[] = [];
  let left: Expr = node;
  while (left.kind === 'binary' && level.includes(left.op)) {
    operands.push(left.right);
    left = left.left;
  }
  const head = expression(p, left);
  const rest = operands.toReversed().map((operand) => {
    const sign = p.at.take();
    return { doc: [sign, ' ', expression(p, operand)], blank: false };
  });
  return { head, rest };
}

/** `if … then …`, `else if … then …`, `else …`, each a line where they do not fit on one. */
function choose(p: Printer, node: Extract<Expr, { kind: 'if' }>): Parts {
  const branch = (one: Extract<Expr, { kind: 'if' }>): Doc => {
    const word = p.at.take();
    const condition = expression(p, one.condition);
    const then = [p.at.take(), ' ', expression(p, one.then)];
    return group([word, ' ', condition, indent([line(), then])]);
  };
  const head = branch(node);
  const rest: { doc: Doc; blank: boolean }[] = [];
  let last: Expr = node.else;
  let sign = p.at.take();
  for (; last.kind === 'if' && !p.at.isCommented(); last = last.else) {
    rest.push({ doc: [sign, ' ', branch(last)], blank: false });
    sign = p.at.take();
  }
  rest.push({ doc: [sign, ' ', expression(p, last)], blank: false });
  return { head, rest };
}

function single(p: Printer, node: Expr): Doc {
  const { at } = p;
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'bool':
    case 'name':
      return at.take();
    case 'paren':
    case 'tuple': {
      const items = node.kind === 'paren' ? [node.value] : node.items;
      const print = (item: Expr): Doc =>
        items.length === 1 ? aligned(p, item) : expression(p, item);
      return commaList(at, items, print, { trailing: node.kind === 'tuple' });
    }
    case 'list':
      return commaList(at, node.items, (item) => listItem(p, item), {
        hugs: (item) => item.kind === 'item' && opensBracket(item.value),
      });
    case 'unary': {
      const sign = at.take();
      return [sign, node.op === 'not' ? ' ' : '', expression(p, node.value)];
    }
    case 'binary': {
      const left = expression(p, node.left);
      const sign = at.take();
      return [left, ' ', sign, ' ', expression(p, node.right)];
    }
    case 'as': {
      const value = expression(p, node.value);
      return [value, ' ', at.take(), ' ', at.take()];
    }
    case 'lambda': {
      const head = [at.take(), params(p, node.params)];
      if (node.body.kind === 'block') return [head, ' ', p.statements(node.body)];
      const arrow = at.take();
      return [head, ' ', arrow, assigned(p, node.body.value)];
    }
    case 'call': {
      const callee = expression(p, node.callee);
      return [callee, commaList(at, node.args, (arg) => argument(p, arg), { hugs: hugsAlone })];
    }
    case 'index': {
      const value = expression(p, node.value);
      return [value, commaList(at, node.indices, (one) => index(p, one))];
    }
    case 'field': {
      const value = expression(p, node.value);
      return [value, at.take(), at.take()];
    }
    case 'trailing': {
      const callee = expression(p, node.callee);
      return [callee, ' ', block(p, node.block.value)];
    }
    case 'block':
      return block(p, node.value);
    case 'repeat':
      return repeat(p, node);
    case 'missing':
    case 'pipe':
    case 'if':
      // Files with missing parts are left alone; the others have parts of their own.
      return '';
    default:
      return node satisfies never;
  }
}

/** `{ chain }`. */
function block(p: Printer, value: Expr): Doc {
  const { at } = p;
  const open = at.take();
  const inside = aligned(p, value);
  const dangling = hanging(at.leading());
  return group([open, indent([line(), inside, dangling]), line(), at.take()]);
}

function repeat(p: Printer, node: Extract<Expr, { kind: 'repeat' }>): Doc {
  const { at } = p;
  const head: Doc[] = [at.take(), ' '];
  if (node.variable !== undefined) head.push(at.take(), ' ', at.take(), ' ');
  if (node.over.kind === 'range') {
    head.push(expression(p, node.over.from), at.take(), expression(p, node.over.to));
  } else {
    head.push(expression(p, node.over.value));
  }
  return [head, ' ', block(p, node.body.value)];
}

function opensBracket({ kind }: Expr): boolean {
  return kind === 'list' || kind === 'block' || kind === 'lambda' || kind === 'tuple';
}

function hugsAlone({ value }: Arg): boolean {
  return opensBracket(value);
}

function argument(p: Printer, { name, value }: Arg): Doc {
  const word = name === undefined ? '' : [p.at.take(), p.at.take()];
  return [word, expression(p, value)];
}

function listItem(p: Printer, item: ListItem): Doc {
  return item.kind === 'splat' ? [p.at.take(), p.at.take()] : expression(p, item.value);
}

function index(p: Printer, node: Index): Doc {
  const { at } = p;
  switch (node.kind) {
    case 'at':
      return expression(p, node.value);
    case 'ellipsis':
      return at.take();
    case 'slice': {
      const part = (value: Expr | undefined): Doc =>
        value === undefined ? '' : expression(p, value);
      const start = part(node.start);
      const colon = at.take();
      const stop = part(node.stop);
      // A second colon is kept even where no step follows it.
      const second = at.peek() === ':' ? at.take() : '';
      return [start, colon, stop, second, part(node.step)];
    }
    default:
      return node satisfies never;
  }
}
