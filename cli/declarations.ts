/** What a file declares for others to use, with the `##` comments above: the material of `nnc doc`. Pure. */
import { type File, type Item, lineAt, type Source, type Span } from '../grammar/index.ts';

export interface Declared {
  readonly kind: 'layer' | 'fn' | 'const' | 'input' | 'param' | 'state' | 'built in';
  readonly name: string;
  /** As the file has it, in one line: `fn relu(x)`. */
  readonly signature: string;
  /** The names only: `relu(x)`, with `=` behind what is optional. */
  readonly short: string;
  /** Without its `##`; empty where there is none. */
  readonly doc: string;
  /** The whole declaration; empty for what is built in. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export function declarationsIn(file: File, source: Source): readonly Declared[] {
  return file.items.flatMap((item) => declared(item, source) ?? []);
}

function declared(item: Item, source: Source): Declared | undefined {
  const made = (signature: Span, short: string): Declared | undefined => {
    if (!('name' in item) || item.name === undefined || !isListed(item)) return undefined;
    return {
      kind: item.kind,
      name: item.name.text,
      signature: inOneLine(textOf(source, signature)),
      short,
      doc: item.doc ?? '',
      text: textOf(source, item.span),
      file: source.name,
      line: lineAt(source.text, item.span.start),
    };
  };
  switch (item.kind) {
    case 'layer': {
      const config = shortParams(item.config);
      const tensors = item.tensors === undefined ? '' : shortParams(item.tensors);
      return made(head(item), `${item.name.text}${config}${tensors}`);
    }
    case 'fn':
      return made(head(item), `${item.name.text}${shortParams(item.params)}`);
    case 'const':
    case 'input':
    case 'param':
    case 'state':
      return made(item.span, item.name.text);
    default:
      return undefined;
  }
}

type Listed = Extract<Item, { readonly kind: Exclude<Declared['kind'], 'built in'> }>;
const isListed = (item: Item): item is Listed =>
  ['layer', 'fn', 'const', 'input', 'param', 'state'].includes(item.kind);

/** What stands before the body. */
const head = ({ span, body }: Extract<Item, { readonly kind: 'layer' | 'fn' }>): Span => ({
  start: span.start,
  end: body.span.start,
});

const textOf = ({ text }: Source, { start, end }: Span): string =>
  text
    .slice(start, end)
    .replace(/\s*=?\s*$/, '')
    .trimEnd();

const inOneLine = (text: string): string =>
  text
    .replace(/#.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
    .trim();

function shortParams(params: Extract<Item, { readonly kind: 'fn' }>['params']): string {
  const names = params.map(({ pattern, optional, default: value }) => {
    const name = pattern.kind === 'name' ? pattern.name.text : '…';
    return `${name}${optional ? '?' : ''}${value === undefined ? '' : '='}`;
  });
  return `(${names.join(', ')})`;
}

/** `max(x, 0), with derivative 0 at 0.` of a longer text. */
export function firstSentence(doc: string): string {
  const text = doc.replace(/\s+/g, ' ').trim();
  const end = /\.(?= [A-Z`]|$)/.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}
