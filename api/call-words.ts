/** What a call says, for messages about a program whose text cannot be read: in a page, or in a bundle. */

/** A function of this API that is called. */
export interface Call {
  /** As programs write it: `nn.dense`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** `nn.dense(4, { bias: false })`; `…` for what has no short words. */
export const wordsOf = ({ name, args }: Call): string =>
  `${name}(${args.map((x) => argument(x)).join(', ')})`;

const MANY = 4;

const DEEP = 2;

function argument(x: unknown, depth = 0): string {
  if (typeof x === 'number' || typeof x === 'boolean' || x === null) return String(x);
  if (typeof x === 'string') return `'${x}'`;
  const inner = (y: unknown): string => argument(y, depth + 1);
  if (depth > DEEP) return '…';
  if (Array.isArray(x)) return x.length > MANY ? '[…]' : `[${x.map(inner).join(', ')}]`;
  if (typeof x !== 'object' || Object.getPrototypeOf(x) !== Object.prototype) return '…';
  const entries = Object.entries(x);
  if (entries.length > MANY) return '{ … }';
  return `{ ${entries.map(([key, value]) => `${key}: ${inner(value)}`).join(', ')} }`;
}
