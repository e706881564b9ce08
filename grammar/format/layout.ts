/**
 * A document to text of a given width: one pass over a stack of what is still to print. A comment
 * ends its line, so no group is put on one line that could only break in front of the comment.
 */
import { type Choice, type Doc, isList, mustBreak } from './doc.ts';

const step = 2;

type Mode = 'flat' | 'broken';

interface Job {
  readonly doc: Doc;
  readonly mode: Mode;
  readonly indent: number;
}

/** Ends with a line end, unless there is nothing. */
export function layout(doc: Doc, width: number): string {
  const lines: string[] = [];
  const jobs: Job[] = [{ doc, mode: 'broken', indent: 0 }];
  let current = '';
  let comments: string[] = [];

  const endLine = (indent: number): void => {
    lines.push([current.trimEnd(), ...comments].filter((part) => part !== '').join('  '));
    current = ' '.repeat(indent);
    comments = [];
  };
  const fitsHere = (trial: Doc, rest: readonly Job[]): boolean =>
    fits(trial, width - current.length, rest, comments.length > 0);
  const choose = ({ options, otherwise }: Choice, indent: number): Job => {
    for (const { trial, below, chosen } of options) {
      if (chosen === undefined && mustBreak(trial)) continue;
      const rest = chosen === undefined ? jobs : [];
      const fit = below ? fits(trial, width - indent - step, rest, false) : fitsHere(trial, rest);
      if (!fit) continue;
      if (chosen !== undefined) return { doc: chosen, mode: 'broken', indent };
      if (!below) return { doc: trial, mode: 'flat', indent };
      endLine(indent + step);
      return { doc: trial, mode: 'flat', indent: indent + step };
    }
    return { doc: otherwise, mode: 'broken', indent };
  };

  for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
    const { doc: next, mode, indent } = job;
    if (typeof next === 'string') {
      current += next;
    } else if (isList(next)) {
      for (const part of next.toReversed()) jobs.push({ doc: part, mode, indent });
    } else {
      switch (next.kind) {
        case 'indent':
          jobs.push({ doc: next.doc, mode, indent: indent + step });
          break;
        case 'line':
          if (mode === 'flat' && !next.hard) {
            current += next.flat;
            break;
          }
          endLine(indent);
          if (next.blank) endLine(indent);
          break;
        case 'fresh':
          if (current.trim() !== '' || comments.length > 0) endLine(indent);
          else current = ' '.repeat(indent);
          break;
        case 'suffix':
          comments.push(next.text);
          break;
        case 'group': {
          const flat = mode === 'flat' || (!next.broken && fitsHere(next.doc, jobs));
          jobs.push({ doc: next.doc, mode: flat ? 'flat' : 'broken', indent });
          break;
        }
        case 'if-broken':
          jobs.push({ doc: mode === 'flat' ? next.flat : next.broken, mode, indent });
          break;
        case 'choice':
          jobs.push(mode === 'flat' ? { doc: flatten(next), mode, indent } : choose(next, indent));
          break;
        default:
          next satisfies never;
      }
    }
  }
  endLine(0);
  const text = lines.join('\n').trimEnd();
  return text === '' ? '' : `${text}\n`;
}

function flatten({ options, otherwise }: Choice): Doc {
  return options[0]?.trial ?? otherwise;
}

/**
 * Whether `trial` fits into `room` characters on one line, with what `rest` has up to its next break.
 * `afterComment`: the line has a comment already, so whatever can break has to.
 */
function fits(trial: Doc, room: number, rest: readonly Job[], afterComment: boolean): boolean {
  const stack: { readonly doc: Doc; readonly mode: Mode }[] = [{ doc: trial, mode: 'flat' }];
  let left = room;
  let commented = afterComment;
  let restIndex = rest.length;
  while (left >= 0) {
    const next = stack.pop() ?? rest[--restIndex];
    if (next === undefined) return true;
    const { doc, mode } = next;
    if (typeof doc === 'string') {
      left -= doc.length;
    } else if (isList(doc)) {
      for (const part of doc.toReversed()) stack.push({ doc: part, mode });
    } else {
      switch (doc.kind) {
        case 'indent':
          stack.push({ doc: doc.doc, mode });
          break;
        case 'line':
          if (mode === 'broken') return true;
          if (doc.hard || commented) return false;
          left -= doc.flat.length;
          break;
        case 'fresh':
          return mode === 'broken';
        case 'suffix':
          commented = true;
          break;
        case 'group':
          stack.push({ doc: doc.doc, mode: doc.broken ? 'broken' : mode });
          break;
        case 'if-broken':
          stack.push({ doc: mode === 'flat' ? doc.flat : doc.broken, mode });
          break;
        case 'choice':
          if (mode === 'broken') return true;
          stack.push({ doc: flatten(doc), mode });
          break;
        default:
          doc satisfies never;
      }
    }
  }
  return false;
}
