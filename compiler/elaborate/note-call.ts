/** Which calls of the library the graph remembers, for drawings: those from tensors and static values to a tensor. */
import { dimText } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { isStd, type Run } from './run.ts';
import { isPrivate } from './scope.ts';
import type { Argument, Callable, Value } from './value.ts';

export function noteCall(
  run: Run,
  callee: Callable,
  args: readonly Argument[],
  result: Value,
): void {
  const ofLibrary =
    callee.kind === 'builtin' || (callee.kind === 'fn' && isStd(callee.scope.source));
  if (!ofLibrary || isPrivate(callee.name) || result.kind !== 'tensor') return;
  const given = args.map(({ name, value }) => ({
    name,
    tensors: tensorsOf(value),
    text: textOf(value),
  }));
  // A function among the arguments may bring tensors that nobody gave.
  if (given.some(({ tensors, text }) => tensors.length === 0 && text === undefined)) return;
  const options = given.flatMap(({ name, tensors, text }) => {
    if (tensors.length > 0 || text === undefined) return [];
    return [name === undefined ? text : `${name}=${text}`];
  });
  const tensors = given.flatMap((one) => one.tensors);
  if (tensors.includes(result.node)) return;
  run.graph.noteCall(result.node, { name: callee.name, path: run.path, tensors, options });
}

const tensorsOf = (value: Value): readonly Node[] =>
  value.kind === 'tensor'
    ? [value.node]
    : value.kind === 'list' || value.kind === 'tuple'
      ? value.items.flatMap(tensorsOf)
      : [];

/** A static value as the language writes it. */
function textOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'number':
    case 'bool':
      return String(value.value);
    case 'size':
      return dimText(value.dim);
    case 'string':
      return `"${value.value}"`;
    case 'dtype':
      return value.name;
    case 'list':
    case 'tuple': {
      const items = value.items.map(textOf);
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
    }
    default:
      return undefined;
  }
}
