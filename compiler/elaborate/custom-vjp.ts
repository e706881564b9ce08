/**
 * `fn f(x, k) = … vjp (y, dy) => …`: the value of the call, with the derivative that the rule gives. The
 * rule is elaborated once for every call, with the inputs in scope; `y` is the result, `dy` its cotangent.
 * It gives one tensor for each required input, several as a tuple; options have no derivative.
 */
import type { FnDecl } from '../../grammar/ast.ts';
import * as build from '../builder.ts';
import { isFloat } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { lift } from './lift.ts';
import { complain, describe, note, typeText } from './report.ts';
import { countUp, type Run } from './run.ts';
import { innerScope } from './scope.ts';
import { bindParams, isRequired, patternKey } from './signature.ts';
import { sameShape } from './sizes.ts';
import {
  type Argument,
  type Fn,
  type Place,
  type Scope,
  tensor,
  unknown,
  type Value,
} from './value.ts';

type Rule = NonNullable<FnDecl['vjp']>;

interface Input {
  readonly name: string;
  /** Absent for what cannot be differentiated by: a number, an integer tensor. */
  readonly node: Node | undefined;
}

/** `scope` is that of the fn's body; `bound` has the arguments by parameter. */
export function withRule(
  run: Run,
  fn: Fn,
  rule: Rule,
  value: Value,
  bound: ReadonlyMap<string, Argument>,
  scope: Scope,
): Value {
  if (value.kind === 'unknown' || value.kind === 'number') return value;
  const place: Place = { source: scope.source, span: rule.value.span };
  if (value.kind !== 'tensor' || !isFloat(value.node.type.dtype))
    return complain(
      run,
      'NN0401',
      {
        what: `\`${fn.name}\`, which gives ${describe(value)},`,
        help: 'a fn with a `vjp` gives one tensor of floats',
      },
      place,
    );
  const inputs = inputsOf(fn, bound, scope);
  if (inputs.every((i) => i.node === undefined)) return value;
  const n = countUp(run, `vjp ${fn.name}`);
  const { type } = value.node;
  const y = build.ruleArgument(run.graph, type, `${fn.name}#${n} y`);
  const dy = build.ruleArgument(run.graph, type, `${fn.name}#${n} dy`);
  const inside = ruleScope(run, fn, rule, [tensor(y), tensor(dy)], scope, place);
  if (inside === undefined) return unknown;
  const cotangents = cotangentsOf(run, fn, inputs, run.evaluate(rule.value, inside), place);
  if (cotangents === undefined) return unknown;
  const xs = inputs.flatMap((i) => (i.node === undefined ? [] : [i.node]));
  return tensor(build.customVjp(run.graph, value.node, { y, dy, cotangents }, xs), value.origin);
}

function inputsOf(fn: Fn, bound: ReadonlyMap<string, Argument>, scope: Scope): readonly Input[] {
  return fn.decl.params.filter(isRequired).map((param): Input => {
    const key = patternKey(param.pattern);
    const value = scope.names.get(key)?.value ?? bound.get(key)?.value;
    const differentiable = value?.kind === 'tensor' && isFloat(value.node.type.dtype);
    return { name: key, node: differentiable ? value.node : undefined };
  });
}

/** The scope of the rule: the body's, and its own two names. */
function ruleScope(
  run: Run,
  fn: Fn,
  rule: Rule,
  values: readonly Value[],
  scope: Scope,
  place: Place,
): Scope | undefined {
  const names = rule.params.length;
  if (names !== 2) {
    complain(
      run,
      'NN0313',
      {
        what: `the \`vjp\` of \`${fn.name}\` has ${names} name${names === 1 ? '' : 's'}; it takes 2`,
        help: '`vjp (y, dy) => ...`: the result, and the derivative of the loss by it',
      },
      place,
    );
    return undefined;
  }
  const inside = innerScope(scope);
  const args = new Map(
    rule.params.map((param, i): [string, Argument] => [
      patternKey(param.pattern),
      { value: values[i] ?? unknown, place },
    ]),
  );
  return bindParams(run, fn, rule.params, args, inside) ? inside : undefined;
}

/** One for each input that has a derivative, of the input's type; undefined after a report. */
function cotangentsOf(
  run: Run,
  fn: Fn,
  inputs: readonly Input[],
  value: Value,
  place: Place,
): readonly Node[] | undefined {
  if (value.kind === 'unknown') return undefined;
  const several = value.kind === 'tuple' || value.kind === 'list';
  const parts =
    inputs.length === 1 && value.kind !== 'tuple' ? [value] : several ? value.items : [value];
  if (parts.length !== inputs.length) {
    const names = inputs.map((i) => i.name).join(', ');
    complain(
      run,
      'NN0313',
      {
        what: `the \`vjp\` of \`${fn.name}\` gives ${describe(value)}; its inputs are ${inputs.length}`,
        help: `a tuple of ${inputs.length} parts, for ${names}`,
      },
      place,
    );
    return undefined;
  }
  const cotangents: Node[] = [];
  for (const [i, input] of inputs.entries()) {
    if (input.node === undefined) continue;
    const node = cotangentOf(run, fn, input.name, input.node, parts[i] ?? unknown, place);
    if (node === undefined) return undefined;
    cotangents.push(node);
  }
  return cotangents;
}

function cotangentOf(
  run: Run,
  fn: Fn,
  name: string,
  x: Node,
  value: Value,
  place: Place,
): Node | undefined {
  if (value.kind === 'unknown') return undefined;
  const lifted = lift(run.graph, value, x.type.dtype);
  const node = lifted.kind === 'node' ? lifted.node : undefined;
  if (node?.type.dtype === x.type.dtype) {
    if (sameShape(node.type.shape, x.type.shape)) return node;
    // A number stands for a tensor of it, `vjp (y, dy) => 0`; a tensor never stretches by itself.
    if (value.kind !== 'tensor' && node.type.shape.length === 0)
      return build.broadcastTo(run.graph, node, x.type.shape);
  }
  const declared = { source: fn.scope.source, span: fn.decl.span };
  complain(
    run,
    'NN0313',
    {
      what: `the \`vjp\` of \`${fn.name}\` gives ${node === undefined ? describe(value) : typeText(node.type)} for \`${name}\`, which is ${typeText(x.type)}`,
      help: 'the derivative by an input has the type of that input',
    },
    place,
    { notes: [note(run.frames.at(-1)?.place ?? declared, 'called here')] },
  );
  return undefined;
}
