/** The small classifier in a session of the API. */

import {
  type ModelOrigin,
  type ModelSession,
  type OpenOptions,
  openModel,
} from '../../api/session/index.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import type { Model } from '../../compiler/model.ts';
import { parse } from '../../grammar/parse.ts';
import { tinyText } from '../support/tiny.ts';

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

/** Every parameter, to the last bit. */
export async function weightsOf(
  session: ModelSession<TinyShape>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const found: Record<string, readonly number[]> = {};
  for (const path of session.parameters.paths())
    found[path] = [...(await session.parameters.read(path)).data];
  return found;
}
