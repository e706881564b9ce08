/** Expressions that move elements: indices, slices with steps, transposes, joins, pads, rows by number. */
import {
  asAtom,
  atom,
  axisText,
  chance,
  isNumber,
  list,
  type Maker,
  numberedAxis,
  of,
  pick,
  resized,
  type Scope,
  type Size,
  type Type,
} from './made.ts';

/** `[:, part]` for the axis. */
function indexed(s: Scope, text: string, axis: number, rank: number, part: string): string {
  const before = chance(s, 3) ? (axis === 0 ? [] : ['...']) : Array<string>(axis).fill(':');
  const isLast = before[0] === '...';
  const after = isLast ? Array<string>(rank - axis - 1).fill(':') : [];
  return `${text}${list([...before, part, ...after])}`;
}

const slice: Maker = (s, type, make) => {
  const axis = numberedAxis(s, type.shape);
  if (axis === undefined) return undefined;
  const m = Number(type.shape[axis]);
  const [inner, part] = pick<readonly [number, string]>(s, [
    [m + 1, chance(s, 2) ? '1:' : `:${m}`],
    [m + 2, '1:-1'],
    [2 * m, '::2'],
    [2 * m, '::-2'],
    [m, '::-1'],
    [m + 1, `${m}:0:-1`],
  ]);
  const x = make({ ...type, shape: resized(type.shape, axis, inner) });
  return atom(indexed(s, asAtom(x), axis, type.shape.length, part));
};

const at: Maker = (s, type, make) => {
  const axis = s.random(type.shape.length + 1);
  const x = make({ ...type, shape: type.shape.toSpliced(axis, 0, pick(s, [2, 3])) });
  return atom(indexed(s, asAtom(x), axis, type.shape.length + 1, pick(s, ['0', '1', '-1', '-2'])));
};

/** The first axis of size 1 is a new one. */
const newAxis: Maker = (_, type, make) => {
  const axis = type.shape.indexOf(1);
  // A number that is known while compiling has no axes.
  if (axis < 0 || type.shape.length === 1) return undefined;
  const inner = { ...type, shape: type.shape.toSpliced(axis, 1) };
  return atom(`${asAtom(make(inner))}${list([...Array<string>(axis).fill(':'), 'None'])}`);
};

const squeeze: Maker = (s, type, make) => {
  const axis = s.random(type.shape.length + 1);
  const x = make({ ...type, shape: type.shape.toSpliced(axis, 0, 1) });
  return atom(`squeeze(${x.text}, ${axisText(s, axis, type.shape.length + 1)})`);
};

const transpose: Maker = (s, type, make) => {
  const { shape } = type;
  if (shape.length < 2) return undefined;
  const swapped = [...shape.slice(0, -2), shape.at(-1) ?? 1, shape.at(-2) ?? 1];
  if (chance(s, 2)) return atom(`${asAtom(make({ ...type, shape: swapped }))}.T`);
  const inner = make({ ...type, shape: [...shape].reverse() });
  return atom(`transpose(${inner.text}, ${list([...shape.keys()].reverse())})`);
};

const reshape: Maker = (s, type, make) => {
  const { shape } = type;
  const sizes = shape.filter(isNumber);
  const symbols = shape.filter((size) => !isNumber(size));
  const product = sizes.reduce((p, n) => p * n, 1);
  if (sizes.length === 0 || symbols.length > 1 || (symbols[0] ?? shape[0]) !== shape[0])
    return undefined;
  const x = make({ ...type, shape: [...symbols, product] });
  const open = shape.findLastIndex(isNumber);
  return atom(`reshape(${x.text}, ${list(chance(s, 2) ? shape : resized(shape, open, -1))})`);
};

const concat: Maker = (s, type, make) => {
  const axis = numberedAxis(s, type.shape, 2);
  if (axis === undefined) return undefined;
  const m = Number(type.shape[axis]);
  const first = 1 + s.random(m - 1);
  const parts = [first, m - first].map(
    (size) => make({ ...type, shape: resized(type.shape, axis, size) }).text,
  );
  return atom(`concat(${list(parts)}, axis=${axisText(s, axis, type.shape.length)})`);
};

const stack: Maker = (s, type, make) => {
  const axis = type.shape.indexOf(2);
  if (axis < 0) return undefined;
  const part = { ...type, shape: type.shape.toSpliced(axis, 1) };
  return atom(
    `stack([${make(part).text}, ${make(part).text}], axis=${axisText(s, axis, type.shape.length)})`,
  );
};

const pad: Maker = (s, type, make) => {
  const axis = numberedAxis(s, type.shape, 3);
  if (axis === undefined || type.element === 'bool') return undefined;
  const m = Number(type.shape[axis]);
  const pairs = type.shape.map((_, i) => (i === axis ? '[1, 0]' : '[0, 0]'));
  const x = make({ ...type, shape: resized(type.shape, axis, m - 1) });
  const more = pick(s, ['', ', value=2', ', mode="edge"', ', mode="reflect"', ', mode="wrap"']);
  return atom(`pad(${x.text}, ${list(pairs)}${more})`);
};

const wholeAxis: Maker = (s, type, make) => {
  const axis = numberedAxis(s, type.shape);
  if (axis === undefined) return undefined;
  const m = Number(type.shape[axis]);
  const where = `axis=${axisText(s, axis, type.shape.length)}`;
  if (m % 2 === 0 && chance(s, 2)) {
    const half = make({ ...type, shape: resized(type.shape, axis, m / 2) }).text;
    const counts = list(type.shape.map((_, i) => (i === axis ? 2 : 1)));
    return atom(
      chance(s, 2) ? `tile(${half}, ${counts})` : `repeat_interleave(${half}, 2, ${where})`,
    );
  }
  return atom(
    chance(s, 2) ? `flip(${make(type).text}, ${where})` : `roll(${make(type).text}, 1, ${where})`,
  );
};

const broadcast: Maker = (s, type, make) => {
  const { shape } = type;
  const inner = shape.slice(s.random(shape.length + 1)).map((n) => (chance(s, 3) ? 1 : n));
  return shape.length === 0
    ? undefined
    : atom(`broadcast_to(${make({ ...type, shape: inner }).text}, ${list(shape)})`);
};

/** Along an axis, in order. */
const ordered: Maker = (s, type, make) => {
  const { element, shape } = type;
  const axis = numberedAxis(s, shape);
  if (axis === undefined || element === 'bool') return undefined;
  const where = `axis=${axisText(s, axis, shape.length)}`;
  const down = pick(s, ['', ', descending=true']);
  if (element === 'i32' && chance(s, 2))
    return atom(`argsort(${make(of('f32', shape)).text}, ${where}${down})`);
  const x = make(type).text;
  return atom(
    pick(s, [
      `sort(${x}, ${where}${down})`,
      `cumsum(${x}, ${where})`,
      `cumsum(${x}, ${where}, reverse=true, exclusive=true)`,
      `cumprod(${x}, ${where})`,
      `cummax(${x}, ${where}, reverse=true)`,
    ]),
  );
};

/** Rows by number; a number out of range reads zeros. */
const rows: Maker = (s, type, make) => {
  const [first, ...rest] = type.shape;
  if (first === undefined) return undefined;
  const table = make({ ...type, shape: [pick(s, [2, 3, 5]), ...rest] });
  const ids = make(of('i32', [first])).text;
  return atom(pick(s, [`${asAtom(table)}[${ids}]`, `take(${table.text}, ${ids}, axis=0)`]));
};

const along: Maker = (s, type, make) => {
  const axis = numberedAxis(s, type.shape);
  if (axis === undefined) return undefined;
  const x = make({ ...type, shape: resized(type.shape, axis, 3) }).text;
  const ids = make(of('i32', type.shape)).text;
  return atom(`take_along(${x}, ${ids}, axis=${axisText(s, axis, type.shape.length)})`);
};

const scatter: Maker = (s, type, make) => {
  const [first, ...rest] = type.shape;
  if (!isNumber(first) || type.element === 'bool') return undefined;
  const count: Size = pick(s, [2, 4]);
  const updates = make({ ...type, shape: [count, ...rest] }).text;
  return atom(`scatter_add(${make(of('i32', [count])).text}, ${updates}, ${first})`);
};

const triangle: Maker = (s, type, make) => {
  const { element, shape } = type;
  if (shape.length < 2 || element === 'bool') return undefined;
  return atom(`${pick(s, ['tril', 'triu'])}(${make(type).text}, k=${pick(s, [-1, 0, 1])})`);
};

const diagonal: Maker = (s, type, make) => {
  const [a, b, ...more] = type.shape;
  const square: Type = { ...type, shape: [4, 4] };
  if (isNumber(a) && b === a && more.length === 0 && type.element !== 'bool')
    return atom(`diag(${make({ ...type, shape: [a] }).text})`);
  if (a === 4 && b === undefined) return atom(`diagonal(${make(square).text})`);
  return a === undefined && type.element === 'f32' && chance(s, 2)
    ? atom(`trace(${make(square).text})`)
    : undefined;
};

/** Of a matrix with at least as many rows as columns, or with fewer. */
const basis: Maker = (_, type, make) => {
  const { element, shape } = type;
  return element === 'f32' && shape.length === 2 && shape.every(isNumber)
    ? atom(`orthonormal(${make(type).text})`)
    : undefined;
};

/** All axes behind the first become one. */
const flat: Maker = (_, type, make) => {
  const [first, size, ...more] = type.shape;
  if (first === undefined || !isNumber(size) || size % 2 !== 0 || more.length > 0) return undefined;
  return atom(`flatten(${make({ ...type, shape: [first, 2, size / 2] }).text})`);
};

const rearranged: Maker = (s, type, make) => {
  const [a, b, ...more] = type.shape;
  if (a === undefined || b === undefined || more.length > 0) return undefined;
  if (isNumber(a) && chance(s, 2)) {
    const x = make({ ...type, shape: [isNumber(b) ? a * b : b, ...(isNumber(b) ? [] : [a])] });
    return isNumber(b)
      ? atom(`rearrange(${x.text}, "(a b) -> a b", a=${a})`)
      : atom(`rearrange(${x.text}, "b a -> a b")`);
  }
  return atom(`rearrange(${make({ ...type, shape: [b, a] }).text}, "i j -> j i")`);
};

export const views: readonly Maker[] = [
  slice,
  slice,
  at,
  newAxis,
  squeeze,
  transpose,
  reshape,
  concat,
  stack,
  pad,
  wholeAxis,
  broadcast,
  ordered,
  rows,
  along,
  scatter,
  triangle,
  diagonal,
  basis,
  flat,
  rearranged,
];
