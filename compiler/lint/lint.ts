/** What a lint is: a question to a program without errors, answered by warnings. One file a lint. */
import type { Expr, File, Span } from '../../grammar/ast.ts';
import { type Code, type Params, type Place, report } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { excerpt, lineAt, type Source } from '../../grammar/source.ts';
import type { Elaborated } from '../elaborate/elaborate.ts';
import { type TracedCall, tensorsAt } from '../elaborate/trace.ts';
import type { Node } from '../graph/node.ts';
import type { Model } from '../model.ts';
import { within } from './walk.ts';

/** A file, and what elaboration made of it. */
export interface Program {
  readonly file: File;
  readonly source: Source;
  readonly model: Model;
  readonly traces: Elaborated['traces'];
  readonly declared: Elaborated['declared'];
}

export interface Lint {
  readonly code: Code;
  /** In any order; one place may come twice. */
  find(program: Program): readonly Diagnostic[];
}

/** A warning at a place of the file. */
export const warn = <C extends Code>(
  { source }: Program,
  code: C,
  params: Params<C>,
  place: Omit<Place, 'file'>,
): Diagnostic => report(code, params, { ...place, file: source.name });

/** The tensors that the text at a place became, in training and in evaluation. */
export const tensorsAtSpan = ({ traces }: Program, span: Span): readonly Node[] => [
  ...new Set(traces.flatMap((trace) => tensorsAt(trace, span))),
];

/** The tensors that an expression became; for a composition, what its last stage made when it was applied. */
export function tensorsOf(program: Program, expr: Expr): readonly Node[] {
  const own = tensorsAtSpan(program, expr.span);
  return own.length > 0 || expr.kind !== 'pipe'
    ? own
    : tensorsAtSpan(program, expr.stage.value.span);
}

/** The calls that stand in the file and gave a tensor. */
export const callsOf = ({ traces }: Program): readonly TracedCall[] =>
  traces.flatMap((trace) => trace.calls);

/** The user's own words, on one line. */
export const textOf = ({ source }: Program, span: Span, limit = 60): string =>
  excerpt(source.text, span, limit);

/** All of a place as it stands there, for an edit; what a message says of it is cut. */
export const wordsOf = ({ source }: Program, span: Span): string =>
  source.text.slice(span.start, span.end);

/** Where a tensor is written within an expression, if it stands there. */
export function spanOfTensor(program: Program, node: Node, expr: Expr): Span | undefined {
  for (const inner of within(expr)) if (tensorsOf(program, inner).includes(node)) return inner.span;
  return undefined;
}

export const lineOf = ({ source }: Program, span: Span): number => lineAt(source.text, span.start);

/** Whether the name is still the prelude's, so that a fix may use it. */
export const isFree = ({ file }: Program, name: string): boolean =>
  !file.items.some(
    (item) => (item.kind === 'fn' || item.kind === 'layer') && item.name.text === name,
  );
