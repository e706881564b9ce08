/**
 * One elaboration under way: the state that every part of the elaborator shares, and the two entry
 * points (`evaluate`, `apply`) that its files call each other through.
 */
import type { Expr, LayerDecl, Stmt } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { lineStarts, positionAt, type Source } from '../../grammar/source.ts';
import type { Dim } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node, Origin as NodeOrigin } from '../graph/node.ts';
import type { NamedNode } from '../model.ts';
import type { Library } from './imports.ts';
import type { ParsedSource } from './prelude.ts';
import type { Registry } from './registry.ts';
import type { Trace } from './trace.ts';
import type { Argument, Callable, FnLike, NamedBody, Place, Scope, Value } from './value.ts';

export interface Run {
  readonly graph: Graph;
  readonly registry: Registry;
  /** The file that is elaborated; others are imported by it or the prelude's. */
  readonly main: Source;
  readonly library: Library;
  /** Declarations of the imported files, by the file's name. */
  readonly namespaces: Map<string, Scope>;
  /** The files whose declarations are being taken, from the main one on, and where they are imported. */
  readonly importing: { readonly name: string; readonly place: Place }[];
  readonly training: boolean;
  readonly seed: number;
  readonly diagnostics: Diagnostic[];
  /** What was reported at a place, `file:offset`: codes and severities. */
  readonly reported: Map<string, ReadonlySet<string>>;
  /** Calls being elaborated, outermost first. */
  readonly frames: Frame[];
  /** Declarations whose bodies have been elaborated. */
  readonly elaborated: Set<LayerDecl | FnLike>;
  /** Values of states (and params updated by hand) as the next application reads them. */
  readonly current: Map<string, Node>;
  /** How many random calls, variables, … there were under a path. */
  readonly counters: Map<string, number>;
  readonly results: {
    readonly outputs: NamedNode[];
    readonly losses: NamedNode[];
    readonly metrics: NamedNode[];
    readonly expects: {
      readonly node: Node;
      readonly text: string;
      readonly span: Place['span'];
    }[];
  };
  /** Whether no input or variable is below a node, as far as somebody asked. */
  readonly constants: Map<Node, boolean>;
  /** Calls written out so far. */
  calls: number;
  /** Sizes of the bare chain's input, known from an earlier attempt. */
  readonly solved: ReadonlyMap<string, Dim>;
  /** What the file's own expressions became, for the lints. */
  readonly trace: Trace;
  /** Line starts of the sources met so far. */
  readonly lines: Map<Source, readonly number[]>;
  /** Set while an initialiser is evaluated. */
  initialiser?: Initialiser | undefined;
  /** Path of the instance being applied, `encoder.3.dense`. */
  path: string;
  role: NodeOrigin['role'];

  /** A new scope with what a file declares. */
  declare(file: ParsedSource, parent: Scope | undefined, body: NamedBody): Scope;
  /** `name`: what a layer constructed by this very expression is called. */
  evaluate(expr: Expr, scope: Scope, name?: string): Value;
  /** The value of a layer or function at these arguments; `scope` is where the call stands. */
  apply(callee: Callable, args: readonly Argument[], place: Place, scope: Scope): Value;
  /** Runs the statements of a body; the value is that of its `return`. */
  execute(stmts: readonly Stmt[], scope: Scope): Value | undefined;
}

export interface Frame {
  readonly place: Place;
  readonly callee: string;
}

/** Random calls in an initialiser take the declared shape, and draw from the parameter's own key. */
export interface Initialiser {
  readonly path: string;
  readonly shape?: readonly Dim[];
}

/** Thrown when the size of the bare chain's input is found: elaboration starts again with it. */
export class SizeSolved extends Error {
  readonly size: string;
  readonly value: Dim;
  constructor(size: string, value: Dim) {
    super(`${size} is solved`);
    this.name = 'SizeSolved';
    this.size = size;
    this.value = value;
  }
}

export const isStd = (source: Source): boolean => source.name.startsWith('std/');

export const lineOf = (place: Place): number =>
  positionAt(lineStarts(place.source.text), place.span.start).line;

/** The innermost place in the user's own file: where the calls into the prelude started. */
export function userPlace(run: Run, place: Place): Place {
  if (!isStd(place.source)) return place;
  const frame = run.frames.findLast((f) => !isStd(f.place.source));
  return frame?.place ?? place;
}

/** Counts up under a key: 0, 1, 2, …. */
export function countUp(run: Run, key: string): number {
  const n = run.counters.get(key) ?? 0;
  run.counters.set(key, n + 1);
  return n;
}

/** Nodes made by `body` say that they come from this place. */
export function from<T>(run: Run, place: Place, body: () => T): T {
  const at = userPlace(run, place);
  let starts = run.lines.get(at.source);
  if (starts === undefined) {
    starts = lineStarts(at.source.text);
    run.lines.set(at.source, starts);
  }
  const line = `${at.source.name}:${positionAt(starts, at.span.start).line}`;
  return run.graph.from({ line, path: run.path, role: run.role }, body);
}
