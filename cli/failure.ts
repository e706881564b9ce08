/** What ends a command early: the user's mistakes as messages, and the one place that turns any error into text and an exit code. */
import { CommanderError } from 'commander';
import { InternalError } from '../compiler/internal-error.ts';
import { CapacityError } from '../compiler/plan/capacity-error.ts';
import { ScheduleError } from '../compiler/schedule/schedule-error.ts';
import { DataError } from '../data/index.ts';
import { type Diagnostic, renderFirst, type SourceLookup, visible } from '../grammar/index.ts';
import { AdapterNotFoundError } from '../host/node.ts';
import {
  DeviceFailure,
  DeviceLimitError,
  DeviceLostError,
  KernelError,
  PlanError,
} from '../runtime/index.ts';
import { TrainingError } from '../train/index.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes: 0 success, 1 the model, data or device is at fault, 2 the command line is, 130 interrupted. */
export const EXIT = { ok: 0, error: 1, usage: 2, interrupted: 130 } as const;

/** A mistake that no library part speaks of, as a message and what helps. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly help: string | undefined;
  readonly exitCode: number;

  constructor(message: string, help?: string, exitCode: number = EXIT.error) {
    super(message);
    this.help = help;
    this.exitCode = exitCode;
  }
}

/** Diagnostics that are errors; `sources` finds the texts they point into. */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: SourceLookup;

  constructor(diagnostics: readonly Diagnostic[], sources: SourceLookup) {
    super(diagnostics.map((one) => one.message).join('\n'));
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

/** The command has said all there is to say, and ends with this exit code. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Prints the error for a person and returns the exit code. With `debug`, the stack and its causes follow. */
export function reportFailure(error: unknown, terminal: Terminal, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Ended) return error.exitCode;
  const { paint } = terminal.errors;
  if (error instanceof DiagnosticsError) {
    terminal.errors.line(renderFirst(error.diagnostics, error.sources, paint));
  } else {
    const { message, help, code } = describe(error);
    const head = code === undefined ? 'error' : `error[${code}]`;
    const [first = '', ...rest] = visible(message).split('\n');
    terminal.errors.line(
      [`${paint(head, 'error')}${paint(`: ${first}`, 'strong')}`, ...rest].join('\n'),
    );
    if (help !== undefined) terminal.errors.line(`${paint('help', 'help')}: ${visible(help)}`);
  }
  if (debug) console.error(error);
  return error instanceof UserError ? error.exitCode : EXIT.error;
}

interface Description {
  readonly message: string;
  readonly help?: string | undefined;
  readonly code?: string | undefined;
}

const BUG =
  'this is a bug in nnc: please report it with the model file and this message; NNC_DEBUG=1 shows where it happened';

function describe(error: unknown): Description {
  if (error instanceof UserError || error instanceof DataError) return error;
  if (error instanceof TrainingError || error instanceof CapacityError) return error;
  if (error instanceof ScheduleError || error instanceof AdapterNotFoundError) return error;
  if (error instanceof DeviceLimitError) {
    const noHalf = error.problems.some((problem) => problem.includes('shader-f16'));
    return {
      message: error.message,
      help: noHalf
        ? 'f16 is not there on every device: declare the tensors `f32`, or store them in `bf16`'
        : 'a smaller batch (`--batch`) or a smaller layer may fit',
    };
  }
  if (error instanceof DeviceLostError) {
    return {
      message: error.message,
      help: 'with `--checkpoint`, a run goes on from its last checkpoint: give the same command with --resume',
    };
  }
  if (error instanceof DeviceFailure) return { message: error.message, help: BUG };
  if (
    error instanceof KernelError ||
    error instanceof InternalError ||
    error instanceof PlanError
  ) {
    return { message: error.message, help: BUG };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { message: `unexpected ${message}`, help: BUG };
}
