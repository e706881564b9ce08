/** The options of `m.train(...)` as the entries of a `train` section. */

import type { InheritedKey, SectionKey } from '../compiler/elaborate/train-section.ts';
import type { Place } from '../compiler/elaborate/value.ts';
import type { TrainDefaults } from '../compiler/model.ts';
import type { Entry, Expr, Section, Span } from '../grammar/index.ts';
import type { Building } from './building.ts';
import type { CallSite, OptionPlaces } from './call-site.ts';
import { isOptions, toValue } from './convert.ts';
import type { Layer } from './layer.ts';
import { snakeCase } from './spelling.ts';
import { Tensor } from './tensor.ts';

/** What trains a model unless `fit` is told otherwise; the keys of a file's `train` section. */
export interface TrainOptions extends TrainDefaults, Pick<SectionOptions, InheritedKey> {}

/** One of several sections, each of which trains a part of the model. */
export type SectionOptions = Pick<SectionEntries, SectionKey>;

interface SectionEntries {
  readonly optimizer?: Layer;
  /** A limit of the norm of all gradients, or a clipper such as `nn.byValue(0.5)`. */
  readonly clip?: number | Layer;
  /** Layers, parameters or paths that are not trained. */
  readonly freeze?: Trained;
  /** Losses, by name or as `m.loss` gave them; all of them unless told. */
  readonly minimize?: string | Tensor | readonly (string | Tensor)[];
  /** What it trains: layers, parameters or paths. */
  readonly params?: Trained;
  /** It runs in steps 0, every, 2 · every, …. */
  readonly every?: number;
}
type Trained = Layer | Tensor | string | readonly (Layer | Tensor | string)[];

export function trainSection(
  b: Building,
  site: CallSite,
  name: string | undefined,
  options: TrainOptions | SectionOptions,
): Section {
  const given = name === undefined ? 0 : 1;
  return {
    kind: 'train',
    ...(name === undefined ? {} : { name: { text: name, span: site.arg(0).span } }),
    entries: Object.entries(options).flatMap(([key, value]: [string, unknown]) =>
      value === undefined ? [] : [entryOf(b, key, value, site.option(given, key))],
    ),
    span: site.whole.span,
  };
}

function entryOf(b: Building, key: string, value: unknown, places: OptionPlaces): Entry {
  const { span } = places.value;
  const name = { text: snakeCase(key), span: places.name.span };
  if (!isOptions(value)) return { key: name, value: exprOf(b, value, key, span), span };
  // The keys of `columns` are names of inputs, which stay as they are.
  const entries = Object.entries(value).map(
    ([input, column]): Entry => ({
      key: { text: input, span },
      value: exprOf(b, column, key, span),
      span,
    }),
  );
  return { key: name, value: { kind: 'missing', span }, entries, span };
}

function exprOf(b: Building, x: unknown, key: string, span: Span): Expr {
  if (typeof x === 'number')
    return { kind: 'number', value: x, integer: Number.isInteger(x), text: String(x), span };
  if (typeof x === 'boolean') return { kind: 'bool', value: x, span };
  if (typeof x === 'string') return { kind: 'string', value: x, span };
  if (Array.isArray(x))
    return {
      kind: 'list',
      items: x.map((item) => ({ kind: 'item', value: exprOf(b, item, key, span), span })),
      span,
    };
  const loss =
    key === 'minimize' && x instanceof Tensor
      ? lossOf(b, x, { source: b.scope.source, span })
      : undefined;
  if (loss !== undefined) return { kind: 'string', value: loss, span };
  const name = `%train${b.late.size}`;
  b.late.set(name, x);
  return { kind: 'name', name, span };
}

function lossOf(b: Building, x: Tensor, at: Place): string | undefined {
  const value = toValue(b, x, at);
  return b.run.results.losses.find((one) => value.kind === 'tensor' && one.node === value.node)
    ?.name;
}
