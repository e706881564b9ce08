/**
 * What the expressions of the file itself became, kept while it is elaborated: the lints ask it which
 * tensor stands at a place. Expressions of the prelude and of imported files leave nothing here.
 */
import type { Span } from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import type { Node } from '../graph/node.ts';
import type { Argument, Callable, Place, Value } from './value.ts';

export interface Trace {
  readonly source: Source;
  /** By `spanKey`: the different tensors that this very text became, a few of them where it ran often. */
  readonly tensors: Map<string, Node[]>;
  readonly calls: TracedCall[];
}

/** A call, or the application of a stage, at a place in the file. */
export interface TracedCall {
  readonly callee: Callable;
  readonly args: readonly Argument[];
  readonly place: Place;
  readonly result: Node;
}

/** A body that is applied hundreds of times says nothing new after the first few. */
const mostTensors = 8;

export const newTrace = (source: Source): Trace => ({ source, tensors: new Map(), calls: [] });

const spanKey = ({ start, end }: Span): string => `${start}:${end}`;

export function recordValue(trace: Trace, place: Place, value: Value): void {
  if (value.kind !== 'tensor' || place.source !== trace.source) return;
  const key = spanKey(place.span);
  const seen = trace.tensors.get(key);
  if (seen === undefined) trace.tensors.set(key, [value.node]);
  else if (seen.length < mostTensors && !seen.includes(value.node)) seen.push(value.node);
}

export function recordCall(
  trace: Trace,
  callee: Callable,
  args: readonly Argument[],
  place: Place,
  value: Value,
): void {
  recordValue(trace, place, value);
  if (value.kind !== 'tensor' || place.source !== trace.source) return;
  trace.calls.push({ callee, args, place, result: value.node });
}

export const tensorsAt = (trace: Trace, span: Span): readonly Node[] =>
  trace.tensors.get(spanKey(span)) ?? [];
