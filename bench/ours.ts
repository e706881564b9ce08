/** The compiler's side: a model's text to a plan, and the plan on the device. */
import { readFileSync } from 'node:fs';
import { type Compiled, compile } from '../compiler/compile.ts';
import { elaborate } from '../compiler/elaborate/elaborate.ts';
import type { ProgramKind } from '../compiler/programs.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import { parse, renderAll } from '../grammar/index.ts';
import type { OpenedDevice } from '../host/node.ts';
import {
  type Batch,
  type Counts,
  openSession,
  type Plan,
  type PlanTensor,
  type Session,
} from '../runtime/index.ts';
import type { Contestant } from './contestant.ts';
import { BATCH, type Problem } from './problem.ts';

/** As many as the hand-written contestant puts into one submit. */
const SLOTS = 16;

export const modelText = (file: string): string =>
  readFileSync(new URL(file, import.meta.url), 'utf8');

/** Text to plan, with nothing kept from an earlier call. */
export function compileText(
  name: string,
  text: string,
  kind: ProgramKind,
  device: DeviceProfile,
): Compiled {
  const source = { name, text };
  const parsed = parse(source);
  const { model, diagnostics } = elaborate(parsed.file, { source });
  if (model === undefined)
    throw new Error(renderAll([...parsed.diagnostics, ...diagnostics], () => source));
  return compile(model, { device, programs: [{ kind, dims: { batch: BATCH } }] });
}

/** `upload`: every step gets its batch anew, as in training; else it stays where the first step found it. */
export async function ours(
  opened: OpenedDevice,
  { plan, kernels }: Compiled,
  data: Problem,
  { upload = false }: { readonly upload?: boolean } = {},
): Promise<Contestant> {
  const { device, host } = opened;
  const { now } = host;
  const started = now();
  const [program] = plan.programs;
  if (program === undefined) throw new Error('the plan has no program');
  const session = await openSession(plan, { device, host, slots: SLOTS });
  writeParameters(session, data);
  const batch = batchOf(plan, program.name, data);
  const runner = session.runner(program.name);
  const run = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= SLOTS)
      await runner.run(Array<Batch>(Math.min(left, SLOTS)).fill(upload ? batch : null));
  };
  const read = async (): Promise<ArrayLike<number>> => {
    if (program.kind !== 'train') return (await session.read(['scores'])).get('scores') ?? [];
    const sum = (await session.metrics.read()).get('loss') ?? Number.NaN;
    session.metrics.reset();
    return [sum / BATCH];
  };
  await runner.run([batch]);
  const first = await read();
  const firstMs = now() - started;

  let alone: Session | undefined;
  return {
    run,
    read,
    first,
    firstMs,
    kernels: program.dispatches.map(({ kernel }) => {
      const found = kernels.find((k) => k.id === kernel);
      return {
        name: found?.name ?? '',
        note: found === undefined ? '' : printSchedule(found.schedule),
      };
    }),
    async runOnly(kernel, count) {
      alone ??= await openSession(dispatchByDispatch(plan), { device, host, slots: SLOTS });
      const one = alone.runner(alone.plan.programs[kernel]?.name ?? '');
      const rest = Array<Batch>(Math.min(count, SLOTS) - 1).fill(null);
      await one.run([batch, ...rest]);
      await alone.settle();
    },
    bytes: bytesOf(session.counts()),
    close() {
      session.close();
      alone?.close();
    },
  };
}

function writeParameters(session: Session, data: Problem): void {
  const values = Object.values(data.parameters) as readonly Float32Array[];
  const params = session.plan.tensors.filter((t) => t.role === 'param');
  // Both sides are in the order of the layers, weight before bias; a mismatch is refused by its size.
  for (const [i, { name }] of params.entries()) session.write(name, values[i] ?? []);
}

function batchOf(plan: Plan, program: string, data: Problem): NonNullable<Batch> {
  const values = (tensor: PlanTensor): ArrayBufferView => {
    if (tensor.name === 'label') return data.labels;
    return tensor.dtype === 'u8' ? data.byteImages : data.images;
  };
  const inputs = plan.tensors.filter((t) => t.role === 'input' && t.program === program);
  return Object.fromEntries(inputs.map((t) => [t.name, values(t)]));
}

/** The same buffers and kernels, with a program for each dispatch. */
function dispatchByDispatch(plan: Plan): Plan {
  const [whole] = plan.programs;
  if (whole === undefined) return plan;
  const programs = whole.dispatches.map((dispatch, i) => ({
    ...whole,
    name: `${whole.name} ${i}`,
    dispatches: [dispatch],
  }));
  const tensors = plan.tensors.flatMap((t) =>
    t.role === 'input' ? programs.map(({ name }) => ({ ...t, program: name })) : [t],
  );
  return { ...plan, programs, tensors };
}

function bytesOf({ bytes }: Counts): Contestant['bytes'] {
  const { input, ...working } = bytes;
  return { working: Object.values(working).reduce((a, b) => a + b, 0), input };
}
