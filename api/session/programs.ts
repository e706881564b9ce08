/**
 * The programs of a session. None is compiled before it is needed; what is asked for joins those that are there, over the
 * same parameters, in a larger plan with which the session goes on. A few of each kind are kept, those used last.
 */
import { type Model, persistentTensors } from '../../compiler/model.ts';
import { type ProgramChoice, programName } from '../../compiler/program-choice.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import type { ChosenSchedules } from '../../compiler/schedule/choose-schedule.ts';
import { type DeviceProfile, deviceProfile } from '../../compiler/schedule/device.ts';
import { deviceTraits, openSession, type Plan, type Session } from '../../runtime/index.ts';
import {
  checkedPrograms,
  initialise,
  initialiseTensors,
  type Workload,
} from '../../train/index.ts';
import type { SessionDevice } from '../devices.ts';

/** Of evaluations and predictions each, beside those that are wanted now. */
const MOST_KEPT = 8;

export interface Programs {
  /** The model that programs are made of. */
  readonly model: Model;
  readonly plan: Plan;
  /** The session as it is now; it goes on in the place of this one when programs join. */
  readonly session: Session;
  /** Compiles what is missing for these. Throws TrainingError, CapacityError and what the device throws. */
  ensure(workloads: readonly Workload[]): Promise<void>;
  /** Goes on with another form of the model, which has tensors that this one does not: they begin as it says. */
  exchange(model: Model): Promise<void>;
  /** While these are on, no program is given up. */
  hold(): () => void;
}

/** Opens a session that has the model's tensors, as they begin, and no programs. */
export async function createPrograms(first: Model, on: SessionDevice): Promise<Programs> {
  const { device, runtime: host } = on;
  const profile: DeviceProfile = deviceProfile({ ...deviceTraits(device), limits: device.limits });
  // Only here, so that what makes plans is not loaded with the API's types.
  const { compile } = await import('../../compiler/compile.ts');
  let model = first;
  let choices = new Map<string, ProgramChoice>();
  let holds = 0;
  // Choosing them is most of compiling: kernels that were there before keep theirs.
  const chosen: ChosenSchedules = new Map();
  const planFor = (of: Model, wanted: ReadonlyMap<string, ProgramChoice>): Plan =>
    compile(of, { device: profile, programs: [...wanted.values()], chosen }).plan;
  let current = await openSession(planFor(model, choices), { device, host });
  const reads = new Set<Promise<unknown>>();
  initialise(current, model);

  const session: Session = {
    get plan() {
      return current.plan;
    },
    get slots() {
      return current.slots;
    },
    get metrics() {
      return current.metrics;
    },
    runner: (name) => current.runner(name),
    write: (name, data, choice) => current.write(name, data, choice),
    async read(names, choice) {
      const read = current.read(names, choice);
      reads.add(read);
      return await read.finally(() => reads.delete(read));
    },
    settle: () => current.settle(),
    counts: () => current.counts(),
    grow: (plan) => current.grow(plan),
    close: () => current.close(),
  };

  return {
    get model() {
      return model;
    },
    get plan() {
      return current.plan;
    },
    session,
    async ensure(workloads) {
      const wanted = checkedPrograms(model, workloads).map(
        (choice) => [nameOf(choice), choice] as const,
      );
      const missing = wanted.some(([name]) => !choices.has(name));
      // What was used last is last.
      const rest = [...choices].filter(([name]) => !wanted.some(([one]) => one === name));
      const kept = missing && holds === 0 ? latest(rest) : rest;
      const next = new Map([...kept, ...wanted]);
      if (missing) await grow(planFor(model, next));
      choices = next;
    },
    async exchange(other) {
      const known = new Set(persistentTensors(model).map((tensor) => tensor.path));
      await grow(planFor(other, choices));
      model = other;
      const added = persistentTensors(other).filter((tensor) => !known.has(tensor.path));
      initialiseTensors(current, other, added);
    },
    hold() {
      holds += 1;
      return () => {
        holds -= 1;
      };
    },
  };

  async function grow(plan: Plan): Promise<void> {
    // They would end with the buffers that they read.
    await Promise.allSettled(reads);
    current = await current.grow(plan);
  }
}

const nameOf = ({ kind, dims, sections }: ProgramChoice): string =>
  programName(kind, dims, sections);

/** The last few of evaluations and predictions, and all of training. */
function latest(
  choices: readonly (readonly [string, ProgramChoice])[],
): readonly (readonly [string, ProgramChoice])[] {
  const counts: Record<ProgramKind, number> = {
    train: Number.NEGATIVE_INFINITY,
    eval: 0,
    predict: 0,
  };
  return choices
    .toReversed()
    .filter(([, { kind }]) => ++counts[kind] <= MOST_KEPT)
    .toReversed();
}
