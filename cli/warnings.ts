/** Warnings on the command line: in brief where a command goes on, and as errors where the user asks for it. */
import { type Diagnostic, positionIn, sortDiagnostics, visible } from '../grammar/index.ts';
import { DiagnosticsError } from './failure.ts';
import type { LoadedModel } from './load-model.ts';
import { counted } from './numbers.ts';
import { programFileOf } from './program-file.ts';
import type { Terminal } from './terminal.ts';

export interface WarningOptions {
  readonly denyWarnings?: boolean;
}

/** Beyond these there is something to check first. */
const mostShown = 5;

/** A line for each warning of a model that is about to run. Throws DiagnosticsError where warnings are denied. */
export function showWarnings(
  { warnings, given, sources }: LoadedModel,
  { denyWarnings }: WarningOptions,
  { errors }: Terminal,
): void {
  if (warnings.length === 0) return;
  if (denyWarnings === true) throw new DiagnosticsError(warnings, sources);
  for (const one of sortDiagnostics(warnings).slice(0, mostShown)) {
    const text = sources(one.file)?.text ?? '';
    errors.line(`${errors.paint(`warning[${one.code}]`, 'warning')}: ${placeText(one, text)}`);
  }
  const more = warnings.length - mostShown;
  const rest = more > 0 ? `${counted(more, 'more warning')}; ` : '';
  const command = programFileOf(given) === undefined ? `nnc check ${given}` : '--deny-warnings';
  errors.line(errors.paint(`${rest}\`${command}\` says more`, 'faint'));
}

/** A warning about something outside of the model's text. */
export interface Warning {
  /** `NN0510`. */
  readonly code: string;
  /** The first line says what and where, the others why. */
  readonly message: string;
  readonly help: string;
}

export function showWarning({ code, message, help }: Warning, { errors }: Terminal): void {
  errors.line(`${errors.paint(`warning[${code}]`, 'warning')}: ${visible(message)}`);
  errors.line(`${errors.paint('help', 'help')}: ${visible(help)}`);
}

function placeText({ file, span, message }: Diagnostic, text: string): string {
  const { line, column } = positionIn(text, span.start);
  return `${file}:${line}:${column}: ${message}`;
}
