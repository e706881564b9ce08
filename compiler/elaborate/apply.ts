/** Applying a callable value, whichever kind it is. */
import { bindArguments } from './arguments.ts';
import { builtins } from './builtins/index.ts';
import { isNotYet } from './builtins/not-yet.ts';
import { applyInstance, callFn } from './call.ts';
import { constructBare } from './construct.ts';
import { noteCall } from './note-call.ts';
import { applyPart } from './pipe.ts';
import { remembered } from './remembered.ts';
import { applyRepeat } from './repeat.ts';
import { complain } from './report.ts';
import { from, type Run } from './run.ts';
import { innerScope } from './scope.ts';
import {
  type Argument,
  type BuiltinFn,
  type Callable,
  type Chain,
  isCallable,
  type Place,
  type Scope,
  unknown,
  type Value,
} from './value.ts';

export function applyCallable(
  run: Run,
  callee: Callable,
  args: readonly Argument[],
  place: Place,
  scope: Scope,
): Value {
  if (args.some((a) => a.value.kind === 'unknown')) return unknown;
  run.calls += 1;
  if (run.calls > mostCalls) return tooManyCalls(run, place);
  const value = from(run, place, (): Value => {
    switch (callee.kind) {
      case 'builtin':
        return callBuiltin(run, callee, args, place, scope);
      case 'native':
        return callee.call(args, place, scope);
      case 'fn':
        return remembered(run, callee, args, () => callFn(run, callee, args, place));
      case 'instance':
        return applyInstance(run, callee, args, place);
      case 'template': {
        const instance = constructBare(run, callee, place, scope);
        return isCallable(instance) ? run.apply(instance, args, place, scope) : unknown;
      }
      case 'chain':
        return applyChain(run, callee, args, place);
      case 'block': {
        const [input] = args;
        if (input === undefined || args.length > 1) return oneInput(run, args, place);
        const inside = innerScope(callee.scope);
        inside.names.set('_', { kind: 'argument', value: input.value });
        return run.evaluate(callee.expr, inside);
      }
      case 'repeat':
        return applyRepeat(run, callee, args, place);
      default:
        return callee satisfies never;
    }
  });
  noteCall(run, callee, args, value);
  return value;
}

/** Each call is written out: functions that call each other twice would double the program with every level. */
const mostCalls = 100_000;

function tooManyCalls(run: Run, place: Place): Value {
  if (run.calls > mostCalls + 1) return unknown;
  const what = `this program is more than ${mostCalls} calls long`;
  const help = 'every call, and every round of a `repeat`, becomes a part of the program';
  return complain(run, 'NN0313', { what, help }, place);
}

function oneInput(run: Run, args: readonly Argument[], place: Place): Value {
  const problem = args.length === 0 ? 'missing' : 'extra';
  return complain(
    run,
    'NN0305',
    { callee: 'the block', problem, argument: 'its one input' },
    place,
  );
}

function callBuiltin(
  run: Run,
  callee: BuiltinFn,
  args: readonly Argument[],
  place: Place,
  scope: Scope,
): Value {
  const builtin = builtins.get(callee.name);
  if (builtin === undefined) return unknown;
  const call = { run, name: callee.name, place, scope };
  if (isNotYet(builtin)) return builtin.call({ ...call, args: new Map() });
  const list = builtin.parameters.map(
    (p) => `${p.name}${p.optional ? '=...' : p.skippable ? '?' : ''}`,
  );
  const text = {
    name: callee.name,
    signature: `${callee.name}(${list.join(', ')})`,
    ...(builtin.extra === undefined ? {} : { extra: builtin.extra }),
  };
  const parameters = builtin.parametersFor?.(args) ?? builtin.parameters;
  const bound = bindArguments(run, text, parameters, args, place);
  if (bound === undefined) return unknown;
  run.frames.push({ place, callee: callee.name });
  try {
    return builtin.call({ ...call, args: bound });
  } finally {
    run.frames.pop();
  }
}

/** The first stage takes all arguments, each other one what the stage before it made. */
function applyChain(run: Run, chain: Chain, args: readonly Argument[], place: Place): Value {
  const [first, ...rest] = chain.parts;
  if (first === undefined || first.kind === 'unknown') return unknown;
  const [input] = args;
  let value: Value;
  if (first.kind === 'apply') value = run.apply(first.callee, args, first.place, first.scope);
  else if (input === undefined || args.length > 1) return oneInput(run, args, place);
  else value = applyPart(run, first, input);
  let last = first.place;
  for (const part of rest) {
    if (value.kind === 'unknown' || part.kind === 'unknown') return unknown;
    value = applyPart(run, part, { value, place: last });
    last = part.place;
  }
  return value;
}
