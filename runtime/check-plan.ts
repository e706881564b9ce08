/**
 * The second half of reading a plan: every id leads somewhere, every range lies in its buffer,
 * bindings agree with their kernels, and no dispatch breaks WebGPU's rules about sharing buffers.
 */
import { fail } from './json-check.ts';
import type {
  Plan,
  PlanBuffer,
  PlanDispatch,
  PlanKernel,
  PlanProgram,
  PlanTensor,
} from './plan.ts';
import { bytesOf, elementsOf, roundUp, WORD } from './storage.ts';
import { createSwaps } from './swaps.ts';

type Buffers = ReadonlyMap<number, PlanBuffer>;

/** Throws `PlanError` at the first reference that leads nowhere or out of bounds. */
export function checkPlan(plan: Plan): void {
  const buffers = byId(plan.buffers, 'buffers');
  const kernels = byId(plan.kernels, 'kernels');
  for (const [index, buffer] of plan.buffers.entries()) checkData(buffer, `buffers[${index}].data`);
  const programs = new Set<string>();
  for (const [index, program] of plan.programs.entries()) {
    unique(programs, program.name, `programs[${index}].name`);
    checkProgram(program, `programs[${index}]`, buffers, kernels);
  }
  checkSwaps(plan, buffers);
  const names = new Set<string>();
  for (const [index, tensor] of plan.tensors.entries()) {
    const path = `tensors[${index}]`;
    unique(names, JSON.stringify([tensor.role, tensor.program, tensor.name]), `${path}.name`);
    checkTensor(tensor, path, buffers, programs);
  }
}

function byId<T extends { readonly id: number }>(
  entries: readonly T[],
  path: string,
): ReadonlyMap<number, T> {
  const map = new Map<number, T>();
  for (const [index, entry] of entries.entries()) {
    if (map.has(entry.id)) fail(`${path}[${index}].id`, 'an id of its own', `${entry.id} again`);
    map.set(entry.id, entry);
  }
  return map;
}

function unique(seen: Set<string>, key: string, path: string): void {
  if (seen.has(key)) fail(path, 'a name of its own', `${key} again`);
  seen.add(key);
}

function find<T>(entries: ReadonlyMap<number, T>, id: number, path: string, what: string): T {
  return entries.get(id) ?? fail(path, `the id of a ${what}`, String(id));
}

/** A range of a buffer; `bytes` is rounded up to whole words, as everything on the GPU is. */
function checkRange(buffer: PlanBuffer, offset: number, bytes: number, path: string): void {
  const end = offset + roundUp(bytes, WORD);
  if (end > buffer.bytes) {
    const label = `buffer ${buffer.id} (${buffer.label})`;
    fail(path, `a range within the ${buffer.bytes} bytes of ${label}`, `one that ends at ${end}`);
  }
}

function checkData(buffer: PlanBuffer, path: string): void {
  const { data } = buffer;
  if (data === undefined) return;
  if (buffer.class !== 'uniform') fail(path, 'data in class `uniform` only', buffer.class);
  if (data.length * WORD > buffer.bytes) {
    fail(path, `at most ${buffer.bytes / WORD} words`, String(data.length));
  }
}

function checkTensor(
  tensor: PlanTensor,
  path: string,
  buffers: Buffers,
  programs: ReadonlySet<string>,
): void {
  const { role, program } = tensor;
  const buffer = find(buffers, tensor.buffer, `${path}.buffer`, 'buffer');
  if (!Number.isSafeInteger(elementsOf(tensor.shape))) {
    fail(`${path}.shape`, 'fewer than 2^53 elements', tensor.shape.join(' · '));
  }
  checkRange(buffer, tensor.offset, bytesOf(tensor), `${path}.offset`);
  const place = `\`${tensor.name}\` in class \`${buffer.class}\``;
  if (role === 'input' && buffer.class !== 'input') {
    fail(`${path}.buffer`, 'an input in a buffer of class `input`', place);
  }
  if (role === 'output' && buffer.class !== 'output' && buffer.class !== 'state') {
    fail(`${path}.buffer`, 'an output in a buffer of class `output` or `state`', place);
  }
  if (role !== 'input' && role !== 'output' && buffer.class !== 'state') {
    fail(`${path}.buffer`, `a ${role} in a buffer of class \`state\``, place);
  }
  if (program !== undefined && !programs.has(program)) {
    fail(`${path}.program`, 'the name of a program', program);
  }
  if ((role === 'input' || role === 'output') && program === undefined) {
    fail(`${path}.program`, `the program of the ${role} \`${tensor.name}\``, 'nothing');
  }
  const scalar = elementsOf(tensor.shape) === 1 && tensor.dtype === 'f32';
  if ((role === 'metric' || role === 'counter') && !scalar) {
    const type = `${tensor.dtype}[${tensor.shape.join(', ')}]`;
    fail(path, `an f32 scalar for the ${role} \`${tensor.name}\``, type);
  }
}

/** Groups of buffers that one dispatch may find in either order: it takes a bind group for every combination. */
const MAX_SWAP_GROUPS = 4;

/** A buffer changes places with one other of its size, both of class `state`, in all programs; no copy moves either. */
function checkSwaps(plan: Plan, buffers: Buffers): void {
  const partners = new Map<number, number>();
  for (const [index, { swaps, copies }] of plan.programs.entries()) {
    const path = `programs[${index}]`;
    const own = new Set<number>();
    for (const [nth, pair] of swaps.entries()) {
      const at = `${path}.swaps[${nth}]`;
      const [one, other] = pair.map((id, end) => find(buffers, id, `${at}[${end}]`, 'buffer'));
      if (one === undefined || other === undefined) continue;
      if (one === other) fail(`${at}[1]`, 'another buffer than the first', String(other.id));
      for (const [end, buffer] of [one, other].entries()) {
        const place = `${at}[${end}]`;
        if (buffer.class !== 'state') fail(place, 'a buffer of class `state`', buffer.class);
        if (own.has(buffer.id)) fail(place, 'a buffer in one pair', `${buffer.id} again`);
        own.add(buffer.id);
        const partner = end === 0 ? other.id : one.id;
        const before = partners.get(buffer.id) ?? partner;
        if (before !== partner)
          fail(place, `a buffer with one partner, ${before}`, String(partner));
        partners.set(buffer.id, partner);
      }
      if (one.bytes !== other.bytes) {
        fail(`${at}[1]`, `a buffer of ${one.bytes} bytes, as the first`, String(other.bytes));
      }
    }
    for (const [nth, { from, to }] of copies.entries())
      for (const [end, id] of [['from', from] as const, ['to', to] as const])
        if (plan.programs.some((one) => one.swaps.some((pair) => pair.includes(id))))
          fail(
            `${path}.copies[${nth}].${end}`,
            'a buffer that changes places with none',
            String(id),
          );
  }
  const swaps = createSwaps(plan);
  for (const [index, { dispatches }] of plan.programs.entries())
    for (const [nth, { binds }] of dispatches.entries()) {
      const groups = swaps.groupsOf(binds.map((bind) => bind.buffer)).length;
      if (groups > MAX_SWAP_GROUPS) {
        const at = `programs[${index}].dispatches[${nth}].binds`;
        fail(at, `buffers of at most ${MAX_SWAP_GROUPS} groups that change places`, String(groups));
      }
    }
}

function checkProgram(
  program: PlanProgram,
  path: string,
  buffers: Buffers,
  kernels: ReadonlyMap<number, PlanKernel>,
): void {
  for (const [index, dispatch] of program.dispatches.entries()) {
    const at = `${path}.dispatches[${index}]`;
    const kernel = find(kernels, dispatch.kernel, `${at}.kernel`, 'kernel');
    checkBinds(dispatch, kernel, at, buffers);
    checkSharing(dispatch, kernel, at);
  }
  for (const [index, copy] of program.copies.entries()) {
    const at = `${path}.copies[${index}]`;
    const from = find(buffers, copy.from, `${at}.from`, 'buffer');
    const to = find(buffers, copy.to, `${at}.to`, 'buffer');
    checkRange(from, copy.fromOffset, copy.bytes, `${at}.fromOffset`);
    checkRange(to, copy.toOffset, copy.bytes, `${at}.toOffset`);
    if (from === to) fail(`${at}.to`, 'another buffer than `from`', String(copy.to));
    for (const [end, buffer] of [['from', from] as const, ['to', to] as const]) {
      if (buffer.class === 'input' || buffer.class === 'uniform') {
        fail(`${at}.${end}`, 'a buffer that kernels write', `class \`${buffer.class}\``);
      }
    }
  }
}

function checkBinds(
  dispatch: PlanDispatch,
  kernel: PlanKernel,
  path: string,
  buffers: Buffers,
): void {
  const { binds } = dispatch;
  if (binds.length !== kernel.bindings.length) {
    const expected = `the ${kernel.bindings.length} bindings of ${kernel.name}`;
    fail(`${path}.binds`, expected, String(binds.length));
  }
  for (const [index, bind] of binds.entries()) {
    const at = `${path}.binds[${index}]`;
    const buffer = find(buffers, bind.buffer, `${at}.buffer`, 'buffer');
    checkRange(buffer, bind.offset, bind.bytes, `${at}.bytes`);
    const binding = kernel.bindings[index];
    if (binding === undefined) continue;
    if (bind.bytes < binding.minBytes) {
      fail(`${at}.bytes`, `at least the ${binding.minBytes} of ${kernel.name}`, String(bind.bytes));
    }
    const constant = buffer.class === 'input' || buffer.class === 'uniform';
    if (binding.access === 'read_write' && constant) {
      fail(`${at}.buffer`, `a buffer that ${kernel.name} may write`, `class \`${buffer.class}\``);
    }
  }
}

/** WebGPU tracks usage by whole buffers within a dispatch: written ones may not also be read, nor overlap. */
function checkSharing(dispatch: PlanDispatch, kernel: PlanKernel, path: string): void {
  for (const [index, bind] of dispatch.binds.entries()) {
    if (kernel.bindings[index]?.access !== 'read_write') continue;
    for (const [other, second] of dispatch.binds.entries()) {
      if (other === index || second.buffer !== bind.buffer) continue;
      const place = `binding ${other} of ${kernel.name} on the same buffer ${bind.buffer}`;
      if (kernel.bindings[other]?.access !== 'read_write') {
        fail(
          `${path}.binds[${index}]`,
          'a written buffer that is not also bound for reading',
          place,
        );
      }
      if (bind.offset < second.offset + second.bytes && second.offset < bind.offset + bind.bytes) {
        fail(`${path}.binds[${index}]`, 'written ranges that do not overlap', place);
      }
    }
  }
}
