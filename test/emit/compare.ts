/** A network of a module and a session with the same plan, side by side: what they compute must have the same bits. In Node and in a page. */
import type { Model } from '../../compiler/model.ts';
import { sectionsAt } from '../../compiler/train-step.ts';
import type { SizedChoice } from '../../emit/module-plan.ts';
import type { Plan, PlanTensor, RuntimeHost, Session } from '../../runtime/index.ts';
import { openSession } from '../../runtime/index.ts';
import type { LoadedModule, Network } from './shipped.ts';

type Arrays = Readonly<Record<string, ArrayBufferView & ArrayLike<number>>>;

/** The bytes of a safetensors file's tensors by name, read in the plainest way. */
export function tensorsIn(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  delete header.__metadata__;
  return new Map(
    Object.entries<{ data_offsets: [number, number] }>(header).map(([name, { data_offsets }]) => [
      name,
      file.subarray(8 + length + data_offsets[0], 8 + length + data_offsets[1]),
    ]),
  );
}

export interface Compared {
  readonly plan: Plan;
  readonly choices: readonly Pick<SizedChoice, 'kind' | 'rows' | 'sections'>[];
  /** What initial tensors a session is given, by role and name. */
  readonly weights: Uint8Array;
  /** Whether means are over rows; over steps otherwise. */
  readonly counted: boolean;
  /** By input: values are below these. */
  readonly below: Readonly<Record<string, number>>;
}

/** Which program of a training step; from the model where there is one. */
export type SectionsAt = (step: number) => readonly string[] | undefined;
export const sectionsOf =
  (model: Model): SectionsAt =>
  (step) =>
    sectionsAt(model, step);

export async function withBoth(
  loaded: LoadedModule,
  compared: Compared,
  { device, host }: { readonly device: GPUDevice; readonly host: RuntimeHost },
  use: (network: Network, session: Session) => Promise<void>,
): Promise<void> {
  const { plan, weights } = compared;
  const network = patient(
    await host.wait(loaded.open(device, weights.length === 0 ? undefined : weights)),
    host,
  );
  const session = await openSession(plan, { device, host });
  for (const [name, bytes] of weights.length === 0 ? [] : tensorsIn(weights)) {
    const path = name.replace(/^train\/slot\//, '');
    const tensor = plan.tensors.find(
      (one) => one.name === path && (one.role === 'param' || one.role === 'state'),
    );
    if (tensor !== undefined) session.write(path, arrayOf(tensor, bytes), { role: tensor.role });
  }
  try {
    await use(network, session);
  } finally {
    network.close();
    await session.settle();
    session.close();
  }
}

/** The network, waited for as the session is: a module alone leaves it to Dawn, which asks the device without a pause. */
const patient = (network: Network, { wait }: RuntimeHost): Network => ({
  predict: (inputs) => wait(network.predict(inputs)),
  step: (batch) => wait(network.step(batch)),
  loss: () => wait(network.loss()),
  metrics: () => wait(network.metrics()),
  save: () => wait(network.save()),
  read: (name) => wait(network.read(name)),
  close: () => network.close(),
});

function arrayOf({ dtype }: PlanTensor, bytes: Uint8Array): ArrayBufferView {
  const { buffer } = bytes.slice();
  // The upper half of an f32.
  if (dtype === 'bf16') return Uint16Array.from(new Uint32Array(buffer), (bits) => bits >>> 16);
  if (dtype === 'f32') return new Float32Array(buffer);
  return dtype === 'i32' ? new Int32Array(buffer) : new Uint32Array(buffer);
}

/** Numbers that look like data, another set for each `seed`. */
export function inputsFor({ plan, below }: Compared, program: string, seed: number): Arrays {
  const inputs = plan.tensors.filter((one) => one.role === 'input' && one.program === program);
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }) => {
      const count = shape.reduce((product, size) => product * size, 1);
      const most = below[name] ?? (dtype === 'u8' ? 256 : 9);
      const whole = Array.from(
        { length: count },
        (_, i) => (i * 37 + seed * 101 + ((i * i) % 7)) % most,
      );
      if (dtype === 'f32') return [name, Float32Array.from(whole, (value) => value / 5 - 0.7)];
      if (dtype === 'u8') return [name, Uint8Array.from(whole)];
      if (dtype === 'i32') return [name, Int32Array.from(whole)];
      throw new Error(`no test data of ${dtype}`);
    }),
  );
}

export const bitsOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Names of outputs that differ in a bit. */
export async function differingOutputs(
  network: Network,
  session: Session,
  program: string,
  inputs: Arrays,
): Promise<readonly string[]> {
  await session.runner(program).run([inputs]);
  const names = session.plan.tensors
    .filter((one) => one.role === 'output' && one.program === program)
    .map(({ name }) => name);
  const expected = await session.read(names, { role: 'output', program });
  const found = await network.predict(inputs);
  if (names.length === 0) throw new Error('there are no outputs to compare');
  return names.filter((name) => {
    const [one, other] = [expected.get(name), found[name]];
    return one === undefined || other === undefined || !sameBits(one, other);
  });
}

export const sameBits = (one: ArrayBufferView, other: ArrayBufferView): boolean => {
  const [a, b] = [bitsOf(one), bitsOf(other)];
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
};

/** Some steps with both; then what of means and saved tensors differs. */
export async function differingTraining(
  network: Network,
  session: Session,
  compared: Compared,
  at: SectionsAt,
  steps: number,
): Promise<readonly string[]> {
  const { plan, choices } = compared;
  const training = choices.filter(({ kind }) => kind === 'train');
  let rows = 0;
  for (let step = 0; step < steps; step += 1) {
    const wanted = at(step)?.join();
    const index = choices.findIndex(
      (one) => one.kind === 'train' && one.sections?.join() === wanted,
    );
    const program = plan.programs[index]?.name ?? '';
    const batch = inputsFor(compared, program, step);
    await session.runner(program).run([batch]);
    await network.step(batch);
    rows += compared.counted ? (training[0]?.rows ?? 0) : 1;
  }
  const wrong: string[] = [];
  const sums = await session.metrics.read();
  const means = await network.metrics();
  for (const [name, sum] of sums) if (!Object.is(means[name], sum / rows)) wrong.push(name);
  if (sums.size === 0 || [...sums.values()].some((sum) => Number.isNaN(sum)))
    wrong.push('no means to compare');
  const saved = tensorsIn(await network.save());
  for (const tensor of plan.tensors) {
    if (tensor.role !== 'param' && tensor.role !== 'state' && tensor.role !== 'counter') continue;
    const { name, role } = tensor;
    const value = (await session.read([name], { role })).get(name);
    const bytes = saved.get(name) ?? saved.get(`train/slot/${name}`) ?? saved.get(`train/${name}`);
    const wide =
      value?.BYTES_PER_ELEMENT === 2 ? Uint32Array.from(value, (bits) => bits << 16) : value;
    if (wide === undefined || bytes === undefined || !sameBits(wide, bytes)) wrong.push(name);
  }
  return wrong;
}
