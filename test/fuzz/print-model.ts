/** A graph as a file of the language, where the language can say all of it: how the fuzzer shows what it found. */
import type { Attr, Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { shapeOf } from './maker.ts';
import type { FuzzCase } from './random-graph.ts';

/** Undefined where an op has no spelling (a shift, a pad between elements). */
export function printModel(c: FuzzCase): string | undefined {
  const names = new Map<Node, string>();
  const lines: string[] = [];
  const owned = new Set(c.replaces.values());
  for (const node of reachable([...c.results, ...owned], (n) => constantOf(n) !== undefined)) {
    if (node.op.name === 'input') {
      const name = String(node.attrs['name']);
      const type = `${String(node.attrs['storage'])}${shapeText(node)}`;
      lines.push(
        node.attrs['kind'] === 'data'
          ? `input ${name}: ${type}`
          : `${type.startsWith('f') ? 'param' : 'state'} ${name}: ${type} = 0`,
      );
      names.set(node, name);
      continue;
    }
    const text = expression(
      node,
      node.inputs.map((x) => names.get(x) ?? '?'),
    );
    if (text === undefined) return undefined;
    if (/^\w+$/.test(text)) names.set(node, text);
    else {
      names.set(node, `v${names.size}`);
      lines.push(`let v${names.size - 1} = ${text}`);
    }
  }
  c.results.forEach((node, i) => {
    const target = c.replaces.get(i);
    const value = names.get(node);
    lines.push(
      target === undefined ? `output r${i} = ${value}` : `update ${names.get(target)} = ${value}`,
    );
  });
  return `${lines.join('\n')}\n`;
}

const list = (numbers: readonly (number | string)[]): string => `[${numbers.join(', ')}]`;
const shapeText = (n: Node): string => (shapeOf(n).length === 0 ? '' : list(shapeOf(n)));
const numbersAt = (n: Node, name: string): number[] => {
  const a: Attr = n.attrs[name] ?? [];
  return Array.isArray(a) ? a.map(Number) : [];
};

const infix: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  rem: '%',
  floordiv: '//',
  pow: '**',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  eq: '==',
  ne: '!=',
  xor: '!=',
  and: 'and',
  or: 'or',
};
/** Maps that are called by their own names. */
const called = new Set([
  'abs',
  'sign',
  'floor',
  'ceil',
  'trunc',
  'round',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log1p',
  'sqrt',
  'rsqrt',
  'sin',
  'cos',
  'asin',
  'acos',
  'atan',
  'atan2',
  'tanh',
  'erf',
  'sigmoid',
  'softplus',
  'maximum',
  'minimum',
  'orthonormal',
]);

function expression(node: Node, inputs: readonly string[]): string | undefined {
  const { op, attrs, type } = node;
  const [x = '', y = ''] = inputs;
  const constant = constantOf(node);
  if (constant !== undefined) return literalText(constant, node);
  const symbol = infix[op.name];
  if (symbol !== undefined) return `${x} ${symbol} ${y}`;
  if (called.has(op.name)) return `${op.name}(${inputs.join(', ')})`;
  const of = node.inputs[0];
  const inner = of === undefined ? [] : shapeOf(of);
  switch (op.name) {
    case 'iota':
      return `iota(${Number(attrs['n'])})`;
    case 'neg':
      return `-${x}`;
    case 'not':
      return `not ${x}`;
    case 'div':
      return type.dtype === 'f32' ? `${x} / ${y}` : undefined;
    case 'select':
      return `where(${inputs.join(', ')})`;
    case 'cast':
      return `cast(${x}, ${type.dtype})`;
    case 'copy':
    case 'variable':
    case 'custom_vjp':
    case 'rule_argument':
      return x;
    case 'stop_gradient':
      return `stop_gradient(${x})`;
    case 'reshape':
      return `reshape(${x}, ${list(shapeOf(node))})`;
    case 'expand':
      return `broadcast_to(${x}, ${list(shapeOf(node))})`;
    case 'permute':
      return `transpose(${x}, ${list(numbersAt(node, 'perm'))})`;
    case 'slice':
      return inner.length === 0 ? x : `${x}${sliceText(node, inner)}`;
    case 'pad':
      return padText(node, x);
    case 'concat':
      return `concat(${list(inputs)}, axis=${Number(attrs['axis'])})`;
    case 'sum':
    case 'prod':
    case 'max':
    case 'min':
    case 'argmax':
    case 'argmin': {
      const logical =
        type.dtype === 'bool' ? { max: 'any', min: 'all' }[op.name as 'max'] : op.name;
      return `${logical}(${x}, axis=${list(numbersAt(node, 'axes'))})`;
    }
    case 'cumsum':
    case 'cumprod':
    case 'cummax': {
      const exclusive = op.name === 'cummax' ? '' : `, exclusive=${String(attrs['exclusive'])}`;
      return `${op.name}(${x}, axis=${Number(attrs['axis'])}, reverse=${String(attrs['reverse'])}${exclusive})`;
    }
    case 'contract':
      return `einsum("${String(attrs['labels'])
        .replace(/(?=[a-z])/gi, ' ')
        .replace('->', ' ->')
        .trim()}", ${x}, ${y})`;
    case 'gather':
      return gatherText(node, inner, x, y);
    case 'scatter_add':
      return attrs['batch'] === 0 ? `scatter_add(${x}, ${y}, ${Number(attrs['n'])})` : undefined;
    case 'argsort': {
      const sorted = `argsort(${x}, descending=${String(attrs['descending'])})`;
      return `${sorted}[..., :${Number(attrs['count'])}]`;
    }
    default:
      return undefined;
  }
}

/** The literal that fills the node. */
function constantOf(node: Node): Node | undefined {
  if (node.op.name === 'literal') return node;
  const [x] = node.inputs;
  return x !== undefined && (node.op.name === 'reshape' || node.op.name === 'expand')
    ? constantOf(x)
    : undefined;
}

function literalText(constant: Node, node: Node): string | undefined {
  const { value } = constant.attrs;
  const { dtype } = node.type;
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const text = dtype === 'bool' ? String(value !== 0) : String(value);
  return `full(${list(shapeOf(node))}, ${text}, dtype=${dtype})`;
}

/** Counted from 0; a walk backwards that ends at 0 leaves its end out. */
function sliceText(node: Node, inner: readonly number[]): string {
  const [start, step, size] = [
    numbersAt(node, 'start'),
    numbersAt(node, 'step'),
    numbersAt(node, 'size'),
  ];
  const parts = inner.map((_, i) => {
    const [first, by, n] = [start[i] ?? 0, step[i] ?? 1, size[i] ?? 1];
    const stop = by > 0 ? first + (n - 1) * by + 1 : first + n * by;
    return `${first}:${stop < 0 ? '' : stop}:${by}`;
  });
  return list(parts);
}

function padText(node: Node, x: string): string | undefined {
  if (numbersAt(node, 'interior').some((n) => n > 0) || node.type.dtype === 'bool')
    return undefined;
  const [lo, hi] = [numbersAt(node, 'lo'), numbersAt(node, 'hi')];
  if (lo.length === 0) return x;
  const pairs = lo.map((n, i) => list([n, hi[i] ?? 0]));
  return `pad(${x}, ${list(pairs)}, value=${Number(node.attrs['value'])})`;
}

function gatherText(
  node: Node,
  inner: readonly number[],
  x: string,
  ids: string,
): string | undefined {
  const batch = Number(node.attrs['batch']);
  const rank = node.inputs[1] === undefined ? 0 : shapeOf(node.inputs[1]).length;
  if (batch === 0) return `take(${x}, ${ids}, axis=0)`;
  return batch === inner.length - 1 && rank === inner.length
    ? `take_along(${x}, ${ids})`
    : undefined;
}
