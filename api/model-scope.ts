/** The body of a model: what a file declares at its top. */
import { declare } from '../compiler/elaborate/declarations-of-file.ts';
import { lineAt, parse } from '../grammar/index.ts';

import { callSite } from './call-site.ts';
import { fromValue, toValue } from './convert.ts';
import { ModelError } from './model-error.ts';
import type { AnySize } from './size.ts';
import { bound, building, executed, type LayerScope, layerScope, nameAt } from './statements.ts';
import type { Tensor, TensorLike } from './tensor.ts';
import { type SectionOptions, type TrainOptions, trainSection } from './train-entries.ts';
import { type TensorType, typeExpr } from './types.ts';

/** What is known of a size that data decide. */
export interface DimFacts {
  readonly max?: number;
  readonly multipleOf?: number;
}

export interface ModelScope extends LayerScope {
  /** What data are fed as: `m.input('image', 'u8[batch, 784]')`; names in the type are sizes that data decide. */
  input(name: string, type: TensorType): Tensor;
  /** A named result. */
  output(name: string, value: TensorLike): Tensor;
  /** A scalar to minimise; several are summed. */
  loss(value: TensorLike): Tensor;
  /** A scalar to minimise, by a name of its own. */
  loss(name: string, value: TensorLike): Tensor;
  /** A scalar to report. */
  metric(name: string, value: TensorLike): Tensor;
  /** Must hold, in every element: checked by the model's `test()`. */
  expect(condition: TensorLike): void;
  /** A size that data decide, with what is known about it. */
  dim(name: string, facts?: DimFacts): AnySize;
  /** How the model is trained unless a session is told otherwise; with a name one of several sections. */
  train(options: TrainOptions): void;
  /** How the model is trained: one of several sections, by its name. */
  train(name: string, options: SectionOptions): void;
}

function input(name: string, type: TensorType): Tensor {
  const site = callSite();
  const b = building('input');
  executed(b, site, (phrase) => ({
    kind: 'input',
    name: nameAt(name, site.arg(0)),
    type: typeExpr(b, phrase, type, site.arg(1)),
    span: site.whole.span,
  }));
  return bound(b, b.scope, name);
}

function output(name: string, value: TensorLike): Tensor {
  const site = callSite();
  const b = building('output');
  executed(b, site, (phrase) => ({
    kind: 'output',
    names: [nameAt(name, site.arg(0))],
    value: phrase.value(toValue(b, value, site.arg(1)), site.arg(1)),
    span: site.whole.span,
  }));
  return bound(b, b.scope, name);
}

function loss(first: string | TensorLike, second?: TensorLike): Tensor {
  const site = callSite();
  const b = building('loss');
  const named = typeof first === 'string' ? first : undefined;
  const value = named === undefined ? (first as TensorLike) : second;
  const at = site.arg(named === undefined ? 0 : 1);
  executed(b, site, (phrase) => ({
    kind: 'loss',
    ...(named === undefined ? {} : { name: nameAt(named, site.arg(0)) }),
    value: phrase.value(toValue(b, value, at), at),
    span: site.whole.span,
  }));
  return bound(b, b.scope, named ?? 'loss');
}

function metric(name: string, value: TensorLike): Tensor {
  const site = callSite();
  const b = building('metric');
  executed(b, site, (phrase) => ({
    kind: 'metric',
    name: nameAt(name, site.arg(0)),
    value: phrase.value(toValue(b, value, site.arg(1)), site.arg(1)),
    span: site.whole.span,
  }));
  return bound(b, b.scope, name);
}

function expect(condition: TensorLike): void {
  const site = callSite();
  const b = building('expect');
  executed(b, site, (phrase) => ({
    kind: 'expect',
    value: phrase.value(toValue(b, condition, site.arg(0)), site.arg(0)),
    span: site.arg(0).span,
  }));
}

function dim(name: string, { max, multipleOf }: DimFacts = {}): AnySize {
  const site = callSite();
  const b = building('dim');
  const facts = [
    ...(max === undefined ? [] : [`${name} <= ${max}`]),
    ...(multipleOf === undefined ? [] : [`${name} % ${multipleOf}`]),
  ];
  // As a line of a file, since messages about sizes quote it.
  const line = lineAt(site.source.text, site.whole.span.start);
  const text = `${'\n'.repeat(line - 1)}dim ${facts.length === 0 ? name : facts.join(', ')}`;
  const source = { name: site.source.name, text };
  const { file, diagnostics } = parse(source);
  if (diagnostics.length > 0) throw new ModelError(diagnostics, [source]);
  b.dims.push({ file, source });
  b.attempt(site, () => {
    const scope = b.scopeAt(site);
    declare(b.run, file, scope, scope);
  });
  const value = b.scope.names.get(name)?.value;
  return (value && fromValue(b, value)) as AnySize;
}

function train(first: string | TrainOptions, second?: SectionOptions): void {
  const site = callSite();
  const b = building('train');
  const name = typeof first === 'string' ? first : undefined;
  const options = typeof first === 'string' ? (second ?? {}) : first;
  b.trainedAt ??= site;
  b.sections.push(trainSection(b, site, name, options));
}

export const modelScope: ModelScope = Object.defineProperties(
  { input, output, loss, metric, expect, dim, train },
  Object.getOwnPropertyDescriptors(layerScope),
) as unknown as ModelScope;
