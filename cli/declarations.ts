/** What a file declares for others to use, with the `##` comments above: the material of `nnc doc`. Pure. */
import {
  type File,
  type Item,
  lineAt,
  type Source,
  type Span,
  type Stmt,
} from '../grammar/index.ts';

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
  /** Of a layer what stands in its first brackets, of a fn and of what is built in all. */
  readonly params: readonly DeclaredParam[];
  /** Of a layer: the tensors that it takes. */
  readonly tensors: readonly DeclaredParam[];
  /** Of a layer: its `param`s and `state`s, each as its statement. */
  readonly owned: readonly string[];
}

export interface DeclaredParam {
  readonly name: string;
  /** `int[...]`; empty where any value will do. */
  readonly type: string;
  /** Absent where the argument must be given. */
  readonly default?: string;
  /** It may be left out, and follows from something else then. */
  readonly optional: boolean;
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
      params: paramsOf(item, source),
      tensors: item.kind === 'layer' ? (item.tensors ?? []).map((p) => paramOf(p, source)) : [],
      owned: item.kind === 'layer' ? ownedBy(item.body, source) : [],
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

const paramsOf = (item: Listed, source: Source): readonly DeclaredParam[] =>
  (item.kind === 'layer' ? item.config : item.kind === 'fn' ? item.params : []).map((param) =>
    paramOf(param, source),
  );

function paramOf({ pattern, optional, type, default: value }: Param, source: Source) {
  return {
    name: inOneLine(textOf(source, pattern.span)),
    type: type === undefined ? '' : inOneLine(textOf(source, type.span)),
    ...(value === undefined ? {} : { default: inOneLine(textOf(source, value.span)) }),
    optional,
  };
}

const ownedBy = (body: Body, source: Source): readonly string[] =>
  body.kind === 'expression'
    ? []
    : body.stmts.flatMap((stmt: Stmt) =>
        stmt.kind === 'param' || stmt.kind === 'state' ? inOneLine(textOf(source, stmt.span)) : [],
      );

type Fn = Extract<Item, { readonly kind: 'fn' }>;
type Param = Fn['params'][number];
type Body = Fn['body'];
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

function shortParams(params: readonly Param[]): string {
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
