/**
 * A compilation and a step as events of Chrome's trace format, which Perfetto and chrome://tracing show: a track of the
 * compiler's stages as they happened, and one of the device's kernels, one after another as each was measured alone. Pure.
 */
import type { ProgramProfile } from './profile-program.ts';
import { sourcesText } from './profile-text.ts';

export interface StageTime {
  /** `elaborate`, `train@128 simplify`. */
  readonly name: string;
  /** Milliseconds of one clock. */
  readonly from: number;
  readonly to: number;
}

export interface TraceEvent {
  readonly name: string;
  /** `X`: an event with a beginning and a duration, in microseconds; `M`: a name of a track. */
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, string | number>>;
}

export interface Trace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

const PROCESS = 1;
const COMPILER = 1;
const DEVICE = 2;

export function traceOf(
  model: string,
  stages: readonly StageTime[],
  profiles: readonly ProgramProfile[],
): Trace {
  const origin = Math.min(...stages.map((stage) => stage.from));
  const compiled = stages.map(({ name, from, to }) =>
    event(COMPILER, 'compile', name, 1000 * (from - origin), 1000 * (to - from), {}),
  );
  let at = Math.max(0, ...compiled.map(({ ts = 0, dur = 0 }) => ts + dur));
  const ran = profiles.flatMap((profile) => {
    const { program, dispatches, clock } = profile;
    const kernelAt = new Map(
      profile.kernels.flatMap((row) => row.dispatches.map((number) => [number, row] as const)),
    );
    return dispatches.flatMap((microseconds, number): TraceEvent[] => {
      const row = kernelAt.get(number);
      if (row === undefined) return [];
      const { kernel, bytes, flops, limit, origin: lines } = row;
      const source = sourcesText(lines);
      const args = { program, source, bytes, flops, limit, clock };
      const one = event(DEVICE, 'kernel', kernel, at, microseconds, args);
      at += microseconds;
      return [one];
    });
  });
  return {
    displayTimeUnit: 'ms',
    traceEvents: [
      named('process_name', 0, `nnc ${model}`),
      named('thread_name', COMPILER, 'compiler'),
      named('thread_name', DEVICE, 'device: each kernel alone'),
      ...compiled,
      ...ran,
    ],
  };
}

/**
 * Of whole nanoseconds, and one shorter where it is longer than that: sums of fractions would let an event end after the
 * next has begun, which viewers take for one inside the other.
 */
function event(
  tid: number,
  cat: string,
  name: string,
  from: number,
  microseconds: number,
  args: TraceEvent['args'],
): TraceEvent {
  const start = Math.round(1000 * from);
  const nanoseconds = Math.round(1000 * (from + microseconds)) - start;
  const [ts, dur] = [start / 1000, Math.max(0, nanoseconds - 1) / 1000];
  return { name, cat, ph: 'X', ts, dur, pid: PROCESS, tid, args };
}

const named = (name: string, tid: number, label: string): TraceEvent => ({
  name,
  ph: 'M',
  pid: PROCESS,
  tid,
  args: { name: label },
});
