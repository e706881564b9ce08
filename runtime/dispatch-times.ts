/**
 * What each dispatch of a program takes when it runs alone: for reports, never while training. Every dispatch becomes a
 * program of its own over the buffers of the plan, and a session runs these in order, one submit each.
 */
import type { RuntimeHost } from './device-guard.ts';
import { SessionError } from './errors.ts';
import type { Plan, PlanProgram } from './plan.ts';
import type { Batch } from './ring.ts';
import type { Runner } from './runner.ts';
import { openSession, type Session } from './session.ts';
import { createTimestamps, type Timestamps } from './timestamps.ts';

export interface DispatchTimesOptions {
  readonly device: GPUDevice;
  readonly host: RuntimeHost;
  /** How often the whole program runs and is timed, after once untimed. */
  readonly repeat: number;
  /** Data for every input of the program; it may be left out where there are none. */
  readonly inputs?: NonNullable<Batch>;
  /** Sets parameters and states before the first step; they are 0 otherwise. */
  initial?(session: Session): void;
  /** Is given the session after the last step, before it is closed. */
  after?(session: Session): Promise<void>;
  /** Is told after each run of the program, the untimed one included. */
  onRun?(done: number, all: number): void;
}

export interface DispatchTimes {
  /** By the device's own clock, or from submit to end by the host's, less what an empty submit takes. */
  readonly clock: 'timestamps' | 'wall';
  /** Microseconds of each dispatch of the program, in order: the median of all runs. */
  readonly microseconds: readonly number[];
}

const MICROSECONDS_OF_A_MS = 1000;

/**
 * Times each dispatch of the program of this name. Between dispatches the device comes to rest, so that their sum is more
 * than a step takes. States move on as in training: `repeat + 1` steps. Throws SessionError for a program that
 * the plan does not have or inputs that do not fit, and what `openSession` throws.
 */
export async function measureDispatches(
  plan: Plan,
  program: string,
  options: DispatchTimesOptions,
): Promise<DispatchTimes> {
  const { device, host, repeat, inputs = {} } = options;
  const whole = plan.programs.find((one) => one.name === program);
  if (whole === undefined) throw new SessionError(`no program \`${program}\` in ${plan.name}`);
  const parts = apart(whole);
  const submits = watchedSubmits();
  const session = await openSession(planOf(plan, parts), {
    device,
    host,
    slots: 1,
    timestamps: submits.watch,
  });
  try {
    options.initial?.(session);
    const begin = session.runner(parts.begin.name);
    const dispatches = parts.dispatches.map((part) => session.runner(part.name));
    const end = session.runner(parts.end.name);
    const timed = async (runner: Runner): Promise<Time> => {
      const from = host.now();
      await runner.run([null]);
      await session.settle();
      const wall = host.now() - from;
      return { wall, device: await submits.last() };
    };
    const empty: Time[] = [];
    const times = dispatches.map((): Time[] => []);
    for (let done = 0; done <= repeat; done += 1) {
      await begin.run([inputs]);
      await session.settle();
      const nothing = await timed(begin);
      if (done > 0) empty.push(nothing);
      for (const [i, dispatch] of dispatches.entries()) {
        const time = await timed(dispatch);
        if (done > 0) times[i]?.push(time);
      }
      await end.run([null]);
      await session.settle();
      options.onRun?.(done + 1, repeat + 1);
    }
    await options.after?.(session);
    return summary(times, empty);
  } finally {
    // What went wrong is on its way to the caller.
    await session.settle().catch(() => undefined);
    session.close();
  }
}

/** Milliseconds. */
interface Time {
  readonly wall: number;
  /** Undefined where the device has no clock, or does not tell. */
  readonly device: number | undefined;
}

/** By one clock for all, since an empty submit costs the wall's something. */
function summary(times: readonly (readonly Time[])[], empty: readonly Time[]): DispatchTimes {
  const told = times.every((all) => all.every(({ device }) => device !== undefined));
  const clock = told && times.length > 0 ? 'timestamps' : 'wall';
  const medianOf = (all: readonly Time[]): number =>
    median(all.map((one) => (clock === 'wall' ? one.wall : (one.device ?? 0))));
  const less = clock === 'wall' ? medianOf(empty) : 0;
  const microseconds = times.map((all) => MICROSECONDS_OF_A_MS * Math.max(0, medianOf(all) - less));
  return { clock, microseconds };
}

interface Parts {
  /** Takes the inputs and computes nothing; the plan's inputs belong to it, by name. */
  readonly begin: PlanProgram;
  readonly dispatches: readonly PlanProgram[];
  /** Copies, and buffers that change places. */
  readonly end: PlanProgram;
}

function apart(program: PlanProgram): Parts {
  const { name } = program;
  const nothing = { ...program, dispatches: [], copies: [], swaps: [] };
  return {
    begin: nothing,
    dispatches: program.dispatches.map((dispatch, i) => ({
      ...nothing,
      name: `${name} dispatch ${i}`,
      dispatches: [dispatch],
    })),
    end: { ...program, name: `${name} end`, dispatches: [] },
  };
}

/** Without the kernels that only other programs have, which need not be compiled. */
function planOf(plan: Plan, { begin, dispatches, end }: Parts): Plan {
  const used = new Set(dispatches.flatMap((part) => part.dispatches.map(({ kernel }) => kernel)));
  return {
    ...plan,
    kernels: plan.kernels.filter(({ id }) => used.has(id)),
    programs: [begin, ...dispatches, end],
  };
}

/** Timestamps of a session of which somebody else learns, too, what the last submit took. */
function watchedSubmits() {
  let last: Promise<number | undefined> = Promise.resolve(undefined);
  const watch: typeof createTimestamps = (device, guard) => {
    const inner = createTimestamps(device, guard);
    if (inner === undefined) return undefined;
    const timer: Timestamps['timer'] = () => {
      const one = inner.timer();
      if (one === undefined) return undefined;
      return {
        ...one,
        read() {
          last = one.read();
          return last;
        },
      };
    };
    return { ...inner, timer };
  };
  return { watch, last: (): Promise<number | undefined> => last };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}
