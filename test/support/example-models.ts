/** The models of `models/`, elaborated, with a size for every symbol and the programs that each of them has. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ProgramChoice, withSections } from '../../compiler/compile.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { isSymbolic } from '../../compiler/graph/dim.ts';
import type { Model } from '../../compiler/model.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import { type File, parse, renderAll } from '../../grammar/index.ts';

export interface ExampleModel {
  /** `mnist` of `models/mnist.nn`. */
  readonly name: string;
  readonly file: File;
  readonly model: Model;
  readonly programs: readonly ProgramChoice[];
}

const folder = new URL('../../models/', import.meta.url);
/** For sizes that a model leaves open. */
const SIZE = 8;

export const exampleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.nn'))
  .map((file) => file.replace(/\.nn$/, ''))
  .sort();

export function exampleModel(name: string): ExampleModel {
  const text = readFileSync(new URL(`${name}.nn`, folder), 'utf8');
  const source = { name: `models/${name}.nn`, text };
  const { file, diagnostics } = parse(source);
  const { model, diagnostics: more } = elaborate(file, { source });
  if (model === undefined) throw new Error(renderAll([...diagnostics, ...more], () => source));
  const dims = Object.fromEntries(symbolsOf(model).map((symbol) => [symbol, batchOf(model)]));
  const programs = kindsOf(model).flatMap((kind) => withSections(model, { kind, dims }));
  return { name, file, model, programs };
}

function symbolsOf({ inputs }: Model): string[] {
  const dims = inputs.flatMap((input) => input.shape);
  return [...new Set(dims.flatMap((dim) => (isSymbolic(dim) ? [dim.key] : [])))];
}

const batchOf = ({ train }: Model): number =>
  typeof train.batch === 'number' ? train.batch : SIZE;

function kindsOf({ training, evaluation, optimization }: Model): ProgramKind[] {
  const kinds: ProgramKind[] = [];
  if (optimization !== undefined || training.updates.length > 0) kinds.push('train');
  if (evaluation.losses.length + evaluation.metrics.length > 0) kinds.push('eval');
  if (evaluation.outputs.length > 0) kinds.push('predict');
  return kinds;
}
