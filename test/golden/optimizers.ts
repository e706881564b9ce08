/** The golden optimizer settings, each as a layer of the prelude. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NdArray } from '../../compiler/graph/nd-array.ts';
import { goldenFolder, readTensors } from './load.ts';

export interface OptimizerCase {
  readonly id: string;
  readonly optimizer: string;
  readonly hyper: Readonly<Record<string, number | boolean | readonly number[]>>;
  readonly losses: readonly number[];
  readonly rtol: number;
  readonly atol: number;
}
interface ScheduleCase {
  readonly id: string;
  readonly hyper: Readonly<Record<string, number | readonly number[]>>;
  readonly lr: readonly number[];
}

const index = JSON.parse(readFileSync(join(goldenFolder, 'optim.json'), 'utf8')) as {
  optim: { snapshots: number[]; cases: OptimizerCase[] };
  schedules: { cases: ScheduleCase[] };
};
export const { cases: optimizerCases, snapshots } = index.optim;
export const scheduleCases: readonly ScheduleCase[] = index.schedules.cases;

export const tensorIn = (tensors: ReadonlyMap<string, NdArray>, name: string): NdArray => {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`no golden tensor ${name}`);
  return found;
};
const stored = readTensors(join(goldenFolder, 'optim.safetensors'));
export const optimizerTensor = (name: string): NdArray => tensorIn(stored, name);

/** Names of PyTorch's settings, by those of the prelude's. */
const options: Readonly<Record<string, string>> = {
  lr: 'lr',
  momentum: 'mu',
  dampening: 'dampening',
  weight_decay: 'decay',
  eps: 'eps',
  alpha: 'rho',
  rho: 'rho',
  lr_decay: 'lr_decay',
  initial_accumulator_value: 'initial',
  centered: 'centered',
  amsgrad: 'amsgrad',
};

function layerOf({ optimizer, hyper }: OptimizerCase): string {
  if (optimizer !== 'SGD') return optimizer.toLowerCase();
  if (hyper['nesterov'] === true) return 'nesterov';
  return hyper['momentum'] === undefined ? 'sgd' : 'heavy_ball';
}

/** `adam(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8)`. */
export function optimizerText(c: OptimizerCase): string {
  const settings = Object.entries(c.hyper).flatMap(([key, value]) => {
    if (key === 'nesterov') return [];
    if (key === 'betas' && Array.isArray(value)) return [`beta1=${value[0]}`, `beta2=${value[1]}`];
    if (key === 'momentum' && c.optimizer === 'RMSprop') return [`momentum=${value}`];
    const name = options[key];
    if (name === undefined) throw new Error(`${c.id} has the unknown setting ${key}`);
    return [`${name}=${value}`];
  });
  return `${layerOf(c)}(${settings.join(', ')})`;
}

/** PyTorch's schedules, as calls of the prelude's. */
export function scheduleText({ id, hyper: h }: ScheduleCase): string {
  switch (id) {
    case 'schedule.constant':
      return `${h['lr']}`;
    case 'schedule.step':
      return `step_decay(${h['lr']}, ${h['gamma']}, ${h['step_size']})`;
    case 'schedule.multistep':
      return `multistep(${h['lr']}, ${h['gamma']}, ${JSON.stringify(h['milestones'])})`;
    case 'schedule.exponential':
      return `exponential_decay(${h['lr']}, ${h['gamma']}, 1)`;
    case 'schedule.cosine':
      return `cosine_cycle(${h['lr']}, ${h['T_max']}, final=${h['eta_min']})`;
    case 'schedule.linear_warmup':
      return `linear_warmup(${h['lr']}, ${h['total_iters']}, start=${h['start_factor']})`;
    case 'schedule.polynomial':
      return `polynomial_decay(${h['lr']}, ${h['total_iters']}, ${h['power']})`;
    case 'schedule.inverse_sqrt_warmup':
      return `inverse_sqrt(${h['lr']}, ${h['warmup']})`;
    case 'schedule.warmup_cosine':
      return `warmup_cosine(${h['lr']}, ${h['warmup']}, ${h['total']}, final_ratio=${h['min_ratio']})`;
    case 'schedule.one_minus_t_cyclic_triangular':
      return `triangular(${h['lr']}, ${h['period']})`;
    default:
      throw new Error(`nothing is written for ${id}`);
  }
}
