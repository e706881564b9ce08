/**
 * The reader of plans: unknown JSON in, a `Plan` out in which every number is sane and every
 * reference leads somewhere. Runs before anything is created, so that a broken or hostile file
 * cannot reach the device. First the fields (here), then what they refer to (`check-plan.ts`).
 */
import { checkPlan } from './check-plan.ts';
import { PlanError } from './errors.ts';
import { integer, list, name, object, oneOf, record, show, text } from './json-check.ts';
import {
  PLAN_VERSION,
  type Plan,
  type PlanBuffer,
  type PlanDispatch,
  type PlanKernel,
  type PlanProgram,
  type PlanTensor,
} from './plan.ts';
import { storageTypes, WORD } from './storage.ts';

const MAX_U32 = 0xffff_ffff;
/** WebGPU's default limit, which no adapter exceeds in practice. */
const MAX_GRID = 65_535;
/** WebGPU's default limit for one bind group. */
const MAX_BINDINGS = 1000;
/** WebGPU's default for both kinds of buffer bindings: a plan runs wherever it is read. */
const BIND_ALIGNMENT = 256;

/** Checks a plan read from JSON; unknown fields are left out. Throws `PlanError`. */
export function readPlan(json: unknown): Plan {
  const root = object(json, '');
  const version = root['version'];
  if (version !== PLAN_VERSION) {
    const found = show(version);
    const message = `this plan has version ${found}; this runtime reads ${PLAN_VERSION}`;
    throw new PlanError('version', String(PLAN_VERSION), found, message);
  }
  const requires = object(root['requires'], 'requires');
  const plan: Plan = {
    version: PLAN_VERSION,
    name: name(root['name'], 'name'),
    requires: {
      features: list(requires['features'], 'requires.features', name),
      limits: record(requires['limits'], 'requires.limits', (value, path) => integer(value, path)),
      ...(requires['subgroupSize'] === undefined
        ? {}
        : { subgroupSize: integer(requires['subgroupSize'], 'requires.subgroupSize') }),
    },
    buffers: list(root['buffers'], 'buffers', readBuffer),
    tensors: list(root['tensors'], 'tensors', readTensor),
    kernels: list(root['kernels'], 'kernels', readKernel),
    programs: list(root['programs'], 'programs', readProgram),
  };
  checkPlan(plan);
  return plan;
}

function readBuffer(value: unknown, path: string): PlanBuffer {
  const from = object(value, path);
  const buffer: PlanBuffer = {
    id: integer(from['id'], `${path}.id`),
    bytes: integer(from['bytes'], `${path}.bytes`, { min: 16, multipleOf: 16 }),
    class: oneOf(from['class'], `${path}.class`, [
      'state',
      'input',
      'output',
      'scratch',
      'uniform',
    ]),
    label: text(from['label'], `${path}.label`),
  };
  if (from['data'] === undefined) return buffer;
  const readWord = (word: unknown, at: string) => integer(word, at, { max: MAX_U32 });
  return { ...buffer, data: list(from['data'], `${path}.data`, readWord) };
}

function readTensor(value: unknown, path: string): PlanTensor {
  const from = object(value, path);
  const roles = ['param', 'state', 'counter', 'metric', 'input', 'output'] as const;
  const tensor: PlanTensor = {
    name: name(from['name'], `${path}.name`),
    role: oneOf(from['role'], `${path}.role`, roles),
    dtype: oneOf(from['dtype'], `${path}.dtype`, storageTypes),
    shape: list(from['shape'], `${path}.shape`, (size, at) => integer(size, at)),
    buffer: integer(from['buffer'], `${path}.buffer`),
    offset: integer(from['offset'], `${path}.offset`, { multipleOf: WORD }),
  };
  if (from['program'] === undefined) return tensor;
  return { ...tensor, program: name(from['program'], `${path}.program`) };
}

function readKernel(value: unknown, path: string): PlanKernel {
  const from = object(value, path);
  const bindings = list(from['bindings'], `${path}.bindings`, (element, at) => {
    const binding = object(element, at);
    return {
      access: oneOf(binding['access'], `${at}.access`, ['read', 'read_write', 'uniform']),
      minBytes: integer(binding['minBytes'], `${at}.minBytes`, { multipleOf: WORD }),
    };
  });
  if (bindings.length > MAX_BINDINGS) {
    throw new PlanError(`${path}.bindings`, `at most ${MAX_BINDINGS}`, String(bindings.length));
  }
  return {
    id: integer(from['id'], `${path}.id`),
    name: name(from['name'], `${path}.name`),
    wgsl: name(from['wgsl'], `${path}.wgsl`),
    entry: name(from['entry'], `${path}.entry`),
    bindings,
    origin: list(from['origin'], `${path}.origin`, text),
  };
}

function readProgram(value: unknown, path: string): PlanProgram {
  const from = object(value, path);
  return {
    name: name(from['name'], `${path}.name`),
    kind: oneOf(from['kind'], `${path}.kind`, ['train', 'eval', 'predict']),
    dims: record(from['dims'], `${path}.dims`, (size, at) => integer(size, at)),
    dispatches: list(from['dispatches'], `${path}.dispatches`, readDispatch),
    copies: list(from['copies'], `${path}.copies`, (element, at) => {
      const copy = object(element, at);
      return {
        from: integer(copy['from'], `${at}.from`),
        fromOffset: integer(copy['fromOffset'], `${at}.fromOffset`, { multipleOf: WORD }),
        to: integer(copy['to'], `${at}.to`),
        toOffset: integer(copy['toOffset'], `${at}.toOffset`, { multipleOf: WORD }),
        bytes: integer(copy['bytes'], `${at}.bytes`, { min: WORD, multipleOf: WORD }),
      };
    }),
    swaps: list(from['swaps'], `${path}.swaps`, readSwap),
  };
}

function readSwap(value: unknown, path: string): readonly [number, number] {
  const pair = list(value, path, (id, at) => integer(id, at));
  const [one, other] = pair;
  if (one === undefined || other === undefined || pair.length !== 2) {
    throw new PlanError(path, 'two buffers', show(pair));
  }
  return [one, other];
}

function readDispatch(value: unknown, path: string): PlanDispatch {
  const from = object(value, path);
  const grid = list(from['grid'], `${path}.grid`, (size, at) =>
    integer(size, at, { max: MAX_GRID }),
  );
  const [x, y, z] = grid;
  if (x === undefined || y === undefined || z === undefined || grid.length !== 3) {
    throw new PlanError(`${path}.grid`, 'three numbers', show(grid));
  }
  return {
    kernel: integer(from['kernel'], `${path}.kernel`),
    binds: list(from['binds'], `${path}.binds`, (element, at) => {
      const bind = object(element, at);
      return {
        buffer: integer(bind['buffer'], `${at}.buffer`),
        offset: integer(bind['offset'], `${at}.offset`, { multipleOf: BIND_ALIGNMENT }),
        bytes: integer(bind['bytes'], `${at}.bytes`, { min: WORD, multipleOf: WORD }),
      };
    }),
    grid: [x, y, z],
  };
}
