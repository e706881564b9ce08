/** The table of `nnc summary`: where the parameters are, what goes in and what comes out. */
import { isSymbolic, productOf, shapeText } from '../graph/dim.ts';
import { storageBits } from '../graph/dtype.ts';
import type { Model, ModelTensor } from '../model.ts';
import { storageOf } from '../ops/leaf.ts';

/** Widths of the columns as in the reference; longer entries push them out. */
const columns = { path: 16, operation: 21, output: 15, parameters: 10 } as const;

export function printSummary(model: Model): string {
  const rows = model.sites.map((s) => ({ ...s, count: thousands(s.parameters) }));
  const width = (key: 'path' | 'operation' | 'output'): number =>
    Math.max(columns[key], ...rows.map((r) => r[key].length + 2));
  const [path, operation, output] = [width('path'), width('operation'), width('output')];
  const line = (a: string, b: string, c: string, d: string): string =>
    a.padEnd(path) + b.padEnd(operation) + c.padEnd(output) + d.padStart(columns.parameters);
  return [
    line('site', 'operation', 'output', 'parameters'),
    ...rows.map((r) => line(r.path, r.operation, r.output, r.count)),
    total(model, path + operation + output + columns.parameters),
    footer(model),
    '',
  ].join('\n');
}

function total(model: Model, width: number): string {
  const [trainable, state] = [elements(model.params), elements(model.states)];
  const bytes = [...model.params, ...model.states].reduce((n, t) => n + bytesOf(t), 0);
  const sum = `total ${thousands(trainable + state).padStart(8)}`;
  return `${sum.padStart(width)}   (trainable ${thousands(trainable)}, state ${thousands(state)}, ${size(bytes)})`;
}

function footer(model: Model): string {
  const list = (items: readonly string[]): string =>
    items.length === 0 ? 'none' : items.join('  ');
  const type = (dtype: string, shape: Parameters<typeof shapeText>[0]): string =>
    shape.length === 0 ? dtype : dtype + shapeText(shape);
  const inputs = model.inputs.map((i) => `${i.name} ${type(i.storage, i.shape)}`);
  const outputs = model.evaluation.outputs.map(
    (o) => `${o.name} ${type(o.node.type.dtype, o.node.type.shape)}`,
  );
  const guards = model.guards.map((g) => g.text);
  return `inputs  ${list(inputs)}     outputs  ${list(outputs)}     guards  ${list(guards)}`;
}

const elements = (tensors: readonly ModelTensor[]): number =>
  tensors.reduce((n, t) => n + countOf(t), 0);
function countOf(t: ModelTensor): number {
  const count = productOf(t.node.type.shape);
  return isSymbolic(count) ? 0 : count;
}
const bytesOf = (t: ModelTensor): number => (countOf(t) * storageBits(storageOf(t.node))) / 8;

const thousands = (n: number): string => n.toLocaleString('en-US');

/** Powers of 1000, one digit after the point: 333.6 kB. */
function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(1)} ${units[unit]}`;
}
