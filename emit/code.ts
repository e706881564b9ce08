/** Pieces of TypeScript that stand for data: keys, texts, comments. Names come from models, and may hold anything. */

/** The key of an object or interface. */
export function key(name: string): string {
  // As a plain key, this one would set the object's prototype.
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

export function quoted(text: string): string {
  const body = JSON.stringify(text).slice(1, -1);
  return `'${body.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** On one line, and without what would end the comment. */
export const commented = (text: string): string =>
  text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('*/', '* /');

export const template = (text: string): string =>
  `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;

/** Each line so many steps further in. */
export const indented = (text: string, steps = 1): string =>
  text.replaceAll(/^(?=.)/gm, '  '.repeat(steps));

/** `{ a: 1, b: [2] }`, on one line. */
export function inline(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([name, one]) => `${key(name)}: ${inline(one)}`).join(', ')} }`;
}
