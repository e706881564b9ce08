/** What a module says of itself at its beginning. */

import { commented } from './code.ts';
import type { DeviceNeeds } from './device-needs.ts';
import type { ModulePlan } from './module-plan.ts';
import { typeText } from './runtime/arrays.ts';

export interface HeaderFacts extends DeviceNeeds {
  readonly model: { readonly name: string };
  readonly plan: ModulePlan;
  readonly train: boolean;
  readonly file: string;
  readonly output: string;
  readonly version: string;
  readonly embedded?: Uint8Array | undefined;
  readonly subgroupSize: number | undefined;
}

export function moduleHeader(facts: HeaderFacts): string {
  const { model, plan, file, version, embedded, train } = facts;
  const kinds = (kind: string) => plan.programs.find((one) => one.kind === kind)?.plan;
  const [predict, step] = [kinds('predict'), kinds('train')];
  const hasWeights = Object.keys(plan.weights).length > 0;
  const stem = facts.output.replace(/\.\w+$/, '');
  const source = file.replace(/^.*[/\\]/, '');
  const names = (tensors: object): string => Object.keys(tensors).join(', ');
  const braces = (tensors: object): string =>
    names(tensors) === '' ? '' : `{ ${names(tensors)} }`;
  return [
    `${commented(model.name)}: a neural network for WebGPU in one file, for pages and for Node. It imports nothing.`,
    `Written by nnc ${version} from ${commented(source)}: change that, and compile it again.`,
    '',
    '    const adapter = await navigator.gpu.requestAdapter();',
    '    const device = await adapter.requestDevice(deviceDescriptor);',
    `    const net = await open(device${hasWeights && embedded === undefined ? ', weights' : ''});${hasWeights && embedded === undefined ? ` // the bytes of ${stem}.safetensors` : ''}`,
    ...(step === undefined || !train
      ? []
      : [`    await net.step(${braces(step.inputs)}); // and so on`]),
    ...(predict === undefined
      ? []
      : [`    const ${braces(predict.outputs)} = await net.predict(${braces(predict.inputs)});`]),
    '',
    ...(predict === undefined
      ? []
      : [
          ...Object.entries(predict.inputs).map(([name, one]) => `input ${name}: ${typeText(one)}`),
          ...Object.entries(predict.outputs).map(
            ([name, one]) => `output ${name}: ${typeText(one)}`,
          ),
        ].map(commented)),
    `Runs ${needsText(facts)}.`,
  ].join('\n');
}

function needsText({ requiredFeatures, requiredLimits, subgroupSize }: HeaderFacts): string {
  const needs = [
    ...requiredFeatures,
    ...Object.entries(requiredLimits).map(([limit, least]) => `${limit} = ${least}`),
    ...(subgroupSize === undefined ? [] : [`subgroups of ${subgroupSize} lanes`]),
  ];
  return needs.length === 0
    ? 'on every WebGPU device: it needs no more than the default limits'
    : `on devices with ${needs.join(', ')}`;
}
