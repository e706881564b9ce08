/** `nnc compile --target`: what is written, and the options that only a module has. */
import { type Command, Option } from 'commander';
import { type DeviceProfile, portable } from '../compiler/schedule/device.ts';
import { EXIT, UserError } from './failure.ts';

export const outputTargets = ['wgsl', 'module', 'dot', 'mermaid'] as const;
export type OutputTarget = (typeof outputTargets)[number];

export interface ModuleOptions {
  readonly target?: OutputTarget;
  readonly train?: boolean;
  readonly js?: boolean;
  readonly weights?: string;
  readonly embedWeights?: boolean;
}

/**
 * What modules are compiled for unless told otherwise: default limits and no feature, so that they run on every device, with
 * the schedules of a GPU, which most of the devices have that a module is shipped to.
 */
export const shipped: DeviceProfile = { ...portable, class: 'gpu' };

export const withModule = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--target <kind>',
        'write a folder of WGSL (as without it), a module of TypeScript that needs nothing else, or the graph as DOT or Mermaid',
      ).choices(outputTargets),
    )
    .option('--js', 'a module: as .js with a .d.ts')
    .option('--train', 'a module: with step, loss and save; a graph: the step of training')
    .option('--weights <file>', 'a module: trained weights, written beside it')
    .option('--embed-weights', 'a module: with its weights in it, up to 1 MiB');

const moduleFlags = {
  js: '--js',
  train: '--train',
  weights: '--weights',
  embedWeights: '--embed-weights',
} as const;

const otherFlags = {
  emit: '--emit',
  bisectPasses: '--bisect-passes',
  memory: '--memory',
  budget: '--budget',
} as const;

/** Throws for options of one target that are given with another. */
export function checkTarget(
  options: ModuleOptions & { readonly [Key in keyof typeof otherFlags]?: unknown },
): void {
  const { target } = options;
  const drawn = target === 'dot' || target === 'mermaid';
  const module = (Object.keys(moduleFlags) as (keyof typeof moduleFlags)[]).find(
    (key) => options[key] !== undefined && !(drawn && key === 'train'),
  );
  if (target !== 'module' && module !== undefined)
    throw new UserError(
      `${moduleFlags[module]} is for --target module`,
      `nnc compile FILE --target module ${moduleFlags[module]} -o net.ts`,
      EXIT.usage,
    );
  if (target === undefined || target === 'wgsl') return;
  const other = (Object.keys(otherFlags) as (keyof typeof otherFlags)[]).find(
    (key) => options[key] !== undefined,
  );
  if (other !== undefined)
    throw new UserError(
      `${otherFlags[other]} does not go with --target ${target}`,
      `run nnc compile once with each`,
      EXIT.usage,
    );
}
