/** A layer of the library tried on a sample input: which tensors it and the layers inside it own. Pure. */
import { elaborate } from '../compiler/elaborate/elaborate.ts';
import { shapeText } from '../compiler/graph/dim.ts';
import type { Model, ModelTensor } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import { parse } from '../grammar/index.ts';
import type { Declared } from './declarations.ts';
import { exampleOf } from './layer-example.ts';

/** `x: f32[n, 16, 64]`, and what the layer owns then; undefined where it takes other things than one tensor. */
export interface Sample {
  readonly input: string;
  readonly owned: readonly string[];
}

export function sampleOf(one: Declared): Sample | undefined {
  const model = sampleModel(one);
  const [input] = model?.inputs ?? [];
  if (model === undefined || input === undefined) return undefined;
  return {
    input: `${input.name}: ${input.storage}${shapeText(input.shape)}`,
    owned: [
      ...model.params.map((param) => `param ${tensorText(param, one.name)}`),
      ...model.states.map((state) => `state ${tensorText(state, one.name)}`),
    ],
  };
}

/** The example of a layer as a file of its own; undefined where that is no file. */
export function sampleModel(one: Declared): Model | undefined {
  const example = exampleOf(one);
  const [tensor] = one.tensors;
  if (one.kind !== 'layer' || tensor === undefined || !example?.includes('|>')) return undefined;
  const text = `input ${tensor.name}: ${inputType(tensor.type)}\noutput y = ${example}\n`;
  const source = { name: 'sample.nn', text };
  return elaborate(parse(source).file, { source }).model;
}

/** Named axes become sizes, the first one rows; `...` is one axis. */
function inputType(type: string): string {
  const [, dtype = '', axes = '...'] = /^(\w*)(?:\[(.*)\])?$/.exec(type) ?? [];
  const names = axes.split(',').filter((axis) => axis.trim() !== '');
  const sizes = names.map((axis, i) => {
    if (i === 0) return 'n';
    return i === names.length - 1 ? '64' : axis.trim().startsWith('...') ? '4' : '16';
  });
  return `${dtype === 'int' ? 'i32' : 'f32'}[${(names.length === 1 && dtype !== 'int' ? ['n', '64'] : sizes).join(', ')}]`;
}

/** `qkv.W: f32[64, 192]`: the path without the layer's own name. */
const tensorText = ({ path, node }: ModelTensor, layer: string): string =>
  `${path.startsWith(`${layer}.`) ? path.slice(layer.length + 1) : path}: ${storageOf(node)}${shapeText(node.type.shape)}`;
