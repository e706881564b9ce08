/** The table of `nnc summary`: where the parameters are, what goes in and what comes out. */
import { type Dim, dimText, isSymbolic, productOf, shapeText } from '../graph/dim.ts';
import { storageBits } from '../graph/dtype.ts';
import type { Model, ModelTensor } from '../model.ts';
import { storageOf } from '../ops/leaf.ts';

/** Widths of the columns as in the reference; longer entries push them out. */
const columns = { path: 16, operation: 21, output: 15, parameters: 10 } as const;

/** `width`: characters of a line, which what goes in and out does not exceed where it can be on several. */
export function printSummary(model: Model, width: number = Number.POSITIVE_INFINITY): string {
  const rows = model.sites.map((s) => ({ ...s, count: thousands(s.parameters + s.states) }));
  const column = (key: 'path' | 'operation' | 'output'): number =>
    Math.max(columns[key], ...rows.map((r) => r[key].length + 2));
  const [path, operation, output] = [column('path'), column('operation'), column('output')];
  const line = (a: string, b: string, c: string, d: string): string =>
    a.padEnd(path) + b.padEnd(operation) + c.padEnd(output) + d.padStart(columns.parameters);
  return [
    line('site', 'operation', 'output', 'parameters'),
    ...rows.map((r) => line(r.path, r.operation, r.output, r.count)),
    total(model, path + operation + output + columns.parameters),
    ...sections(model),
    ...footer(model, width),
    '',
  ].join('\n');
}

function total(model: Model, width: number): string {
  const [trainable, state] = [elements(model.params), elements(model.states)];
  const sum = `total ${thousands(trainable + state).padStart(8)}`;
  return `${sum.padStart(width)}   (trainable ${thousands(trainable)}, state ${thousands(state)}, ${size(bytes(model))})`;
}

/** What each of several `train` sections minimises and trains. */
function sections({ optimization, params }: Model): readonly string[] {
  const all = optimization?.sections ?? [];
  if (all.length < 2) return [];
  return all.map(({ name, losses, updates, every }) => {
    const trained = params.filter(({ path }) => updates.some((update) => update.path === path));
    const when = every === 1 ? '' : `, every ${every} steps`;
    const minimised = losses.join(' + ');
    return `train ${name ?? ''} minimises ${minimised}, ${thousands(elements(trained))} parameters${when}`;
  });
}

function footer(model: Model, width: number): readonly string[] {
  const type = (dtype: string, shape: Parameters<typeof shapeText>[0]): string =>
    shape.length === 0 ? dtype : dtype + shapeText(shape);
  const parts: readonly [string, readonly string[]][] = [
    ['inputs', model.inputs.map((i) => `${i.name} ${type(i.storage, i.shape)}`)],
    [
      'outputs',
      model.evaluation.outputs.map(
        (o) => `${o.name} ${type(o.node.type.dtype, o.node.type.shape)}`,
      ),
    ],
    ['guards', model.guards.map((g) => g.text)],
  ];
  const listed = ([, items]: (typeof parts)[number]): string =>
    items.length === 0 ? 'none' : items.join('  ');
  const line = parts.map((part) => `${part[0]}  ${listed(part)}`).join('     ');
  if (line.length <= width) return [line];
  return parts.flatMap((part) => {
    const [title, items] = part;
    const alone = `${title.padEnd(9)}${listed(part)}`;
    if (alone.length <= width) return [alone];
    return items.map((item, at) => `${(at === 0 ? title : '').padEnd(9)}${item}`);
  });
}

/** The same for programs, with every tensor by its path. */
export function summaryData(model: Model): unknown {
  const tensor = ({ path, node }: ModelTensor): unknown => ({
    path,
    dtype: storageOf(node),
    shape: sizes(node.type.shape),
  });
  return {
    name: model.name,
    sites: model.sites,
    parameters: model.params.map(tensor),
    states: model.states.map(tensor),
    trainable: elements(model.params),
    state: elements(model.states),
    bytes: bytes(model),
    inputs: model.inputs.map((i) => ({ name: i.name, dtype: i.storage, shape: sizes(i.shape) })),
    outputs: model.evaluation.outputs.map(({ name, node }) => ({
      name,
      dtype: node.type.dtype,
      shape: sizes(node.type.shape),
    })),
    losses: model.evaluation.losses.map((loss) => loss.name),
    metrics: model.evaluation.metrics.map((metric) => metric.name),
    guards: model.guards.map((guard) => guard.text),
    sections: (model.optimization?.sections ?? []).map(({ name, every, losses, updates }) => ({
      ...(name === undefined ? {} : { name }),
      minimises: losses,
      trains: updates.map((update) => update.path),
      every,
    })),
  };
}

/** Numbers, and the text of what is symbolic. */
const sizes = (shape: readonly Dim[]): readonly (number | string)[] =>
  shape.map((dim) => (isSymbolic(dim) ? dimText(dim) : dim));

const elements = (tensors: readonly ModelTensor[]): number =>
  tensors.reduce((n, t) => n + countOf(t), 0);
function countOf(t: ModelTensor): number {
  const count = productOf(t.node.type.shape);
  return isSymbolic(count) ? 0 : count;
}
const bytesOf = (t: ModelTensor): number => (countOf(t) * storageBits(storageOf(t.node))) / 8;

const bytes = ({ params, states }: Model): number =>
  [...params, ...states].reduce((n, t) => n + bytesOf(t), 0);

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
