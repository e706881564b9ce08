/** `nnc layers NAME` as text: all that a declaration says of itself, part by part. Pure. */
import type { Declared, DeclaredParam } from './declarations.ts';
import { exampleOf } from './layer-example.ts';
import { wrapped } from './paragraph.ts';
import { sampleOf } from './sample-layer.ts';
import { tableLines } from './table.ts';
import type { Output } from './terminal.ts';

type Look = Pick<Output, 'columns' | 'paint'>;

/** Lines of text longer than this are hard to read, however wide the terminal is. */
const WIDEST_TEXT = 100;

export function layerLines(one: Declared, { columns, paint }: Look): readonly string[] {
  const { signature, doc, kind, file, line, params, tensors, owned, text } = one;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', paint(title, 'strong'), ...lines.map((l) => `  ${l}`)];
  const example = exampleOf(one);
  const sample = sampleOf(one);
  const place =
    kind === 'built in'
      ? file.replace('built in', 'built into the compiler')
      : `${file}, line ${line}`;
  return [
    paint(signature, 'strong'),
    paint(place, 'faint'),
    ...(doc === '' ? [] : ['', ...wrapped(doc, Math.min(columns, WIDEST_TEXT))]),
    ...section('example', example === undefined ? [] : [example]),
    ...section(kind === 'layer' ? 'options' : 'arguments', paramLines(params, kind)),
    ...section('takes', paramLines(tensors, kind)),
    ...section('owns', owned),
    ...(owned.length === 0 && sample !== undefined
      ? section(`owns, with ${sample.input}`, sample.owned)
      : []),
    ...section('source', text === '' ? [] : text.split('\n')),
  ];
}

function paramLines(params: readonly DeclaredParam[], kind: Declared['kind']): readonly string[] {
  const rows = params.map((param) => [param.name, param.type, whetherGiven(param, kind)]);
  // Without types there is no column for them.
  const typed = rows.some(([, type]) => type !== '');
  return tableLines(typed ? rows : rows.map(([name = '', , given = '']) => [name, given]));
}

function whetherGiven(
  { default: value, optional, type }: DeclaredParam,
  kind: Declared['kind'],
): string {
  if (value !== undefined) return value === '[]' ? 'may be left out' : `${value} unless given`;
  if (!optional) return '';
  return kind === 'built in'
    ? 'may be left out'
    : type === 'dim'
      ? 'found from the input'
      : 'may be left out';
}
