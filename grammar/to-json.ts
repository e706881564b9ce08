/**
 * Diagnostics as JSON, for editors and scripts (`--json`), in the form of the Language Server Protocol:
 * `publishDiagnostics` of each file, with what that has no field for under `data`.
 */
import type { Span } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type SourceLookup, sortDiagnostics } from './render.ts';
import { lineStarts, positionAt } from './source.ts';

/** Lines and characters count from 0, characters in UTF-16 units; the end is exclusive. */
export interface JsonRange {
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}
interface JsonPosition {
  readonly line: number;
  readonly character: number;
}

export interface JsonFile {
  readonly uri: string;
  /** The name of the file as it was given. */
  readonly file: string;
  readonly diagnostics: readonly JsonDiagnostic[];
}

export interface JsonDiagnostic {
  readonly range: JsonRange;
  /** 1 for errors, 2 for warnings. */
  readonly severity: 1 | 2;
  readonly code: string;
  readonly source: 'nnc';
  readonly message: string;
  readonly relatedInformation: readonly {
    readonly location: { readonly uri: string; readonly range: JsonRange };
    readonly message: string;
  }[];
  readonly data: {
    /** What stands under the caret. */
    readonly label?: string;
    readonly facts: readonly string[];
    readonly help?: string;
    /** Code actions that are safe to apply. */
    readonly fixes: readonly JsonFix[];
  };
}

export interface JsonFix {
  readonly title: string;
  /** A `WorkspaceEdit`. */
  readonly edit: {
    readonly changes: Readonly<
      Record<string, readonly { readonly range: JsonRange; readonly newText: string }[]>
    >;
  };
}

/**
 * One entry for each of `files`, also where nothing is wrong with it, and one for every other file that
 * a diagnostic stands in; diagnostics sorted as `renderAll` sorts.
 */
export function toJson(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
  uriOf: (file: string) => string,
): readonly JsonFile[] {
  const range = rangesIn(lookup);
  const sorted = sortDiagnostics(diagnostics);
  const all = [...new Set([...files, ...sorted.map((one) => one.file)])];
  return all.map((file) => ({
    uri: uriOf(file),
    file,
    diagnostics: sorted
      .filter((one) => one.file === file)
      .map((one) => jsonDiagnostic(one, range, uriOf)),
  }));
}

type RangeOf = (file: string, span: Span) => JsonRange;

/** Places in a text that is not at hand are its beginning. */
function rangesIn(lookup: SourceLookup): RangeOf {
  const starts = new Map<string, readonly number[]>();
  return (file, { start, end }) => {
    const lines = starts.get(file) ?? lineStarts(lookup(file)?.text ?? '');
    starts.set(file, lines);
    const at = (offset: number): JsonPosition => {
      const { line, column } = positionAt(lines, lookup(file) === undefined ? 0 : offset);
      return { line: line - 1, character: column - 1 };
    };
    return { start: at(start), end: at(end) };
  };
}

function jsonDiagnostic(
  one: Diagnostic,
  range: RangeOf,
  uriOf: (file: string) => string,
): JsonDiagnostic {
  const { file, span, severity, code, message, notes, label, facts, help, fix } = one;
  return {
    range: range(file, span),
    severity: severity === 'error' ? 1 : 2,
    code,
    source: 'nnc',
    message,
    relatedInformation: notes.map((note) => ({
      location: { uri: uriOf(note.file), range: range(note.file, note.span) },
      message: note.message,
    })),
    data: {
      ...(label === undefined ? {} : { label }),
      facts: facts ?? [],
      ...(help === undefined ? {} : { help }),
      fixes:
        fix === undefined
          ? []
          : [
              {
                title: help ?? `replace by \`${fix.text}\``,
                edit: {
                  changes: { [uriOf(file)]: [{ range: range(file, fix.span), newText: fix.text }] },
                },
              },
            ],
    },
  };
}
