/** The two output streams of a command, and whether they are a terminal: colours, width and live lines depend on it. */
import { styleText } from 'node:util';
import type { Paint, Style } from '../grammar/index.ts';

/** `faint` for what is read last, `good` for success. */
export type CliStyle = Style | 'faint' | 'good' | 'bar';

export interface Output {
  /** Writes text and a line end. */
  line(text?: string): void;
  /** Writes text, or the bytes of a file, as they are. */
  write(text: string | Uint8Array): void;
  readonly paint: (text: string, style: CliStyle) => string;
  /** Somebody looks at it: it may be redrawn. */
  readonly interactive: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

export interface Terminal {
  /** Standard output: results. */
  readonly results: Output;
  /** Standard error: mistakes and the live progress line. */
  readonly errors: Output;
  /** Whether characters outside ASCII can be shown. */
  readonly unicode: boolean;
}

type Stream = NodeJS.WriteStream | (NodeJS.WritableStream & { isTTY?: boolean; columns?: number });

const styles: Readonly<Record<CliStyle, Parameters<typeof styleText>[0]>> = {
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  note: ['blue'],
  help: ['bold', 'cyan'],
  gutter: ['blue'],
  strong: ['bold'],
  faint: ['dim'],
  good: ['green'],
  bar: ['cyan'],
};

export function createTerminal(
  env: NodeJS.ProcessEnv,
  stdout: Stream = process.stdout,
  stderr: Stream = process.stderr,
): Terminal {
  return {
    results: createOutput(stdout, env),
    errors: createOutput(stderr, env),
    unicode: showsUnicode(env),
  };
}

function createOutput(stream: Stream, env: NodeJS.ProcessEnv): Output {
  const interactive = stream.isTTY === true && env['TERM'] !== 'dumb';
  const coloured = wantsColours(interactive, env);
  return {
    line: (text = '') => void stream.write(`${text}\n`),
    write: (text) => void stream.write(text),
    paint: coloured
      ? (text, style) => styleText(styles[style], text, { validateStream: false })
      : (text) => text,
    interactive,
    get columns() {
      // Some pseudo-terminals are 0 wide.
      return stream.columns || 100;
    },
  };
}

/** no-color.org: any value but the empty one switches colours off. */
function wantsColours(interactive: boolean, env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return interactive;
}

function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== 'linux') return true;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale);
}

/** The part of a paint that the code frames of `grammar/` ask for. */
export const framePaint = (output: Output): Paint => output.paint;
