/** A line at the bottom of the terminal that is redrawn in place; other lines go above it. Where nobody looks, it is printed now and then. */
import {
  doneShare,
  type Progress,
  paceText,
  percentText,
  placeText,
  progressLine,
  valuesText,
} from './progress-line.ts';
import { clipped } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface LiveLine {
  show(progress: Progress): void;
  /** A few words in its place, such as `kernels 7/17`, for who looks. */
  note(text: string): void;
  /** Takes the line away, so that something else can be printed. */
  clear(): void;
}

/** Redrawing more often only flickers. */
const REDRAW_MS = 100;
/** Between lines of a log. */
const LOG_MS = 10_000;

export function createLiveLine(terminal: Terminal, now: () => number): LiveLine {
  return terminal.errors.interactive ? drawn(terminal, now) : logged(terminal, now);
}

function drawn({ errors, unicode }: Terminal, now: () => number): LiveLine {
  const glyphs = unicode ? { done: '━', open: '─' } : { done: '#', open: '-' };
  let last = Number.NEGATIVE_INFINITY;
  let visible = false;
  return {
    show(progress) {
      if (now() - last < REDRAW_MS) return;
      last = now();
      const columns = errors.columns - 1;
      const { before, done, open, after } = progressLine(progress, columns, glyphs);
      const rest = clipped(after, columns - before.length - done.length - open.length);
      errors.write(
        `\r${before}${errors.paint(done, 'bar')}${errors.paint(open, 'faint')}${rest}\x1b[K`,
      );
      visible = true;
    },
    note(text) {
      errors.write(`\r${errors.paint(clipped(text, errors.columns - 1), 'faint')}\x1b[K`);
      visible = true;
    },
    clear() {
      if (visible) errors.write('\r\x1b[K');
      visible = false;
    },
  };
}

function logged({ results }: Terminal, now: () => number): LiveLine {
  let last = now();
  return {
    show(progress) {
      if (now() - last < LOG_MS) return;
      last = now();
      const share = percentText(doneShare(progress.place));
      results.line(
        `${placeText(progress.place)} ${share}   ${valuesText(progress.values)}   ${paceText(progress)}`,
      );
    },
    note() {
      // Not worth a line of its own.
    },
    clear() {
      // What was printed stays; an epoch's own line starts the wait anew.
      last = now();
    },
  };
}
