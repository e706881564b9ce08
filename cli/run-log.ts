/**
 * `--log FILE`: a run as JSON, an object a line (docs/training.md has the schema). A line is in the file when
 * `write` returns. A resumed run first takes away what the killed one wrote after its checkpoint.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import type { Averages, FitEvent } from '../train/index.ts';
import { Ended, UserError } from './failure.ts';
import { codeOf, messageOf } from './source-file.ts';
import { writeWhole } from './whole-file.ts';

export interface RunLog {
  write(event: string, facts: Readonly<Record<string, unknown>>): void;
  on(event: FitEvent): void;
  /** The run ends by this. */
  failed(error: unknown): void;
}

/** `resumedAt`: the steps that the checkpoint has made; undefined for a run from its beginning. */
export function createRunLog(
  file: string,
  resumedAt: number | undefined,
  time: () => string,
): RunLog {
  const before = readLog(file);
  const kept = resumedAt === undefined ? wholeLines(before) : linesUpTo(before, resumedAt);
  const text = kept.map((line) => `${line}\n`).join('');
  if (text !== before) writeWhole(file, text, 'the log');
  const write: RunLog['write'] = (event, facts) => {
    try {
      appendFileSync(file, `${JSON.stringify({ event, time: time(), ...facts })}\n`);
    } catch (error) {
      throw new UserError(`the log ${file} cannot be written: ${messageOf(error)}`);
    }
  };
  return {
    write,
    failed(error) {
      // An interrupted run has had its end already.
      if (!(error instanceof Ended)) write('error', { message: messageOf(error) });
    },
    on(event) {
      const { step, epoch } = event.place;
      switch (event.kind) {
        case 'step':
          return write('step', { step, epoch, values: numbers(event.values) });
        case 'round': {
          const { train, validation, seconds, rowsPerSecond } = event.report;
          return write('epoch', {
            step,
            epoch,
            train: numbers(train),
            ...(validation === undefined ? {} : { validation: numbers(validation) }),
            seconds: Number(seconds.toFixed(3)),
            samplesPerSecond: Math.round(rowsPerSecond),
          });
        }
        case 'best':
          return write('best', { step, epoch });
        case 'progress':
        case 'checkpoint':
          return undefined;
        default:
          return event satisfies never;
      }
    },
  };
}

/** JSON turns what is not finite into null. */
export const numbers = (values: Averages): Readonly<Record<string, number>> =>
  Object.fromEntries(values);

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw new UserError(`the log ${file} cannot be read: ${messageOf(error)}`);
  }
}

/** A kill may have left half a line at the end. */
const wholeLines = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/** Of the last run in the file, what had happened when its checkpoint was written; earlier runs stay. */
function linesUpTo(text: string, step: number): readonly string[] {
  const lines = wholeLines(text);
  const events = lines.map(eventOf);
  const start = events.findLastIndex(
    (one) => one?.event === 'start' && one.resumedAt === undefined,
  );
  return lines.filter((_, index) => {
    const event = events[index];
    if (index < start || event === undefined) return true;
    return event.step === undefined || event.step <= step;
  });
}

interface LoggedEvent {
  readonly event?: unknown;
  readonly step?: number;
  readonly resumedAt?: number;
}

/** Undefined for a line that is none of ours. */
function eventOf(line: string): LoggedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
