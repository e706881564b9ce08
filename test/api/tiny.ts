/** A small classifier and rows for it: what the API's tests train, evaluate and ask. */

import {
  type ModelOrigin,
  type ModelSession,
  type OpenOptions,
  openModel,
} from '../../api/session/index.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import type { Model } from '../../compiler/model.ts';
import { parse } from '../../grammar/parse.ts';

export const tinyText = `
input x: f32[batch, 5]
input label: u8[batch]
let logits = x |> dense(8) |> tanh |> dense(3)
output probs = softmax(logits)
output digit = argmax(logits, axis=-1)
output rows = sum(probs)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: adam(lr=0.02)  batch: 8  epochs: 2  seed: 3 }
`;

export interface TinyShape {
  readonly inputs: { readonly x: 'f32'; readonly label: 'u8' };
  readonly outputs: 'probs' | 'digit' | 'rows';
  readonly params: 'dense.W' | 'dense.b' | 'dense_1.W' | 'dense_1.b';
  readonly metrics: 'loss' | 'accuracy';
}

export function parts(text: string): { readonly model: Model; readonly origin: ModelOrigin } {
  const source = { name: 'tiny.nn', text };
  const make = (tunableRates: boolean): Model => {
    const { model, diagnostics } = elaborate(parse(source).file, { source, tunableRates });
    if (model === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
    return model;
  };
  return {
    model: make(false),
    origin: { tunable: () => make(true), file: source.name, sources: () => source },
  };
}

export function openTiny(
  options: OpenOptions = {},
  text = tinyText,
): Promise<ModelSession<TinyShape>> {
  const { model, origin } = parts(text);
  return openModel<TinyShape>(model, options, origin);
}

/** Three classes around three points; every value is exact in f32. */
export function tinyData(rows: number): { readonly x: Float32Array; readonly label: Uint8Array } {
  const x = Float32Array.from({ length: rows * 5 }, (_, i) => {
    const noise = (((i * 7919) % 64) - 32) / 64;
    return ((Math.floor(i / 5) % 3) - 1) * ((i % 5) - 2) + noise;
  });
  return { x, label: Uint8Array.from({ length: rows }, (_, row) => row % 3) };
}

/** The same as a list of rows. */
export function tinyRows(
  rows: number,
): readonly { readonly x: Float32Array; readonly label: number }[] {
  const { x, label } = tinyData(rows);
  return Array.from(label, (value, row) => ({ x: x.slice(row * 5, row * 5 + 5), label: value }));
}

/** Every parameter, to the last bit. */
export async function weightsOf(
  session: ModelSession<TinyShape>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const found: Record<string, readonly number[]> = {};
  for (const path of session.parameters.paths())
    found[path] = [...(await session.parameters.read(path)).data];
  return found;
}
