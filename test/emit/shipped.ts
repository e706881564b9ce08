/** A model as a module, and the session that has the same plan, for tests that compare the two. */
import { stripTypeScriptTypes } from 'node:module';
import { loadFile } from '../../cli/load-model.ts';
import { shipped } from '../../cli/module-options.ts';
import { prepareModule } from '../../cli/module-target.ts';
import { moduleWeights } from '../../cli/module-weights.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { type ModuleSource, writeModule } from '../../emit/module.ts';
import { parse } from '../../grammar/index.ts';

export interface Shipped {
  readonly module: ModuleSource;
  /** Initial values, as a safetensors file; empty where the network has none. */
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly text: string;
}

export interface ShipOptions {
  readonly train?: boolean;
  readonly rows?: readonly number[];
  readonly device?: DeviceProfile;
  readonly size?: Readonly<Record<string, number>>;
  readonly set?: Readonly<Record<string, number>>;
  readonly embedWeights?: boolean;
}

/** `model`: the name of one in models/, or the text of one. */
export async function ship(model: string, options: ShipOptions = {}): Promise<Shipped> {
  const { rows = [4], device = shipped, set, ...others } = options;
  const loaded = /^\w+$/.test(model)
    ? loadFile(`models/${model}.nn`, set === undefined ? {} : { set })
    : fromText(model);
  const { module } = prepareModule(loaded, others, rows, { device });
  const initial = moduleWeights(module.model, { train: true, weights: undefined });
  return {
    module,
    weights: initial ?? new Uint8Array(0),
    text: await writeModule(module),
  };
}

function fromText(text: string) {
  const source = { name: 'model.nn', text };
  const { file } = parse(source);
  const { model, diagnostics } = elaborate(file, { source });
  if (model === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { model, source };
}

type Arrays = Readonly<Record<string, ArrayBufferView & ArrayLike<number>>>;

/** A network as a caller without types sees it. */
export interface Network {
  predict(inputs?: Arrays): Promise<Readonly<Record<string, ArrayBufferView & ArrayLike<number>>>>;
  step(batch?: Arrays): Promise<void>;
  loss(): Promise<number>;
  metrics(): Promise<Readonly<Record<string, number>>>;
  save(): Promise<Uint8Array<ArrayBuffer>>;
  read(name: string): Promise<ArrayBufferView & ArrayLike<number>>;
  close(): void;
}

export interface LoadedModule {
  readonly deviceDescriptor: GPUDeviceDescriptor;
  open(device: GPUDevice, weights?: unknown): Promise<Network>;
}

/** Only its types are taken away, as Node does when it runs TypeScript. */
export const loadModule = (text: string): Promise<LoadedModule> =>
  loadScript(stripTypeScriptTypes(text));

/** By Node itself: what vitest imports it transforms. */
export async function loadScript(script: string): Promise<LoadedModule> {
  const url = `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`;
  return (await import(/* @vite-ignore */ url)) as LoadedModule;
}
