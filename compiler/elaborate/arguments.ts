/**
 * Which argument goes to which parameter. Required ones are positional or named, optional ones always
 * named, so the number of positional arguments is unambiguous and a leading `in?` may be skipped.
 */
import { nearest } from '../../grammar/did-you-mean.ts';
import { entryOf, otherOptions } from './other-frameworks.ts';
import { complain, note, textAt, wordsAt } from './report.ts';
import type { Run } from './run.ts';
import type { Argument, Place } from './value.ts';

export interface Parameter {
  readonly name: string;
  /** Has a default: by name only. */
  readonly optional: boolean;
  /** `in?`: may be left out, and then is inferred. */
  readonly skippable: boolean;
}

export interface CalleeText {
  readonly name: string;
  /** `dense(in?, units, bias=)`. */
  readonly signature: string;
  /** Help for an argument that there is no place for. */
  readonly extra?: string;
}

/** Arguments by parameter name, or undefined after a report. */
export function bindArguments(
  run: Run,
  callee: CalleeText,
  parameters: readonly Parameter[],
  args: readonly Argument[],
  place: Place,
): Map<string, Argument> | undefined {
  const bound = new Map<string, Argument>();
  for (const arg of args) {
    if (arg.name === undefined) continue;
    if (!parameters.some((p) => p.name === arg.name)) {
      unknownOption(run, callee, parameters, arg, place);
      return undefined;
    }
    if (bound.has(arg.name)) {
      complain(
        run,
        'NN0305',
        { callee: callee.name, problem: 'duplicate', argument: arg.name },
        arg.namePlace ?? arg.place,
        { notes: [note(bound.get(arg.name)?.namePlace, 'given here already')] },
      );
      return undefined;
    }
    bound.set(arg.name, arg);
  }
  const positional = args.filter((a) => a.name === undefined);
  const required = parameters.filter((p) => !p.optional && !p.skippable && !bound.has(p.name));
  const skippable = parameters.filter((p) => p.skippable && !bound.has(p.name));
  const slots =
    positional.length > required.length
      ? parameters.filter((p) => required.includes(p) || skippable.includes(p))
      : required;
  const extra = positional[slots.length];
  if (extra !== undefined) {
    tooMany(run, callee, parameters, bound, positional.length - slots.length, extra, place);
    return undefined;
  }
  for (const [i, arg] of positional.entries()) {
    const slot = slots[i];
    if (slot !== undefined) bound.set(slot.name, arg);
  }
  const missing = required.find((p) => !bound.has(p.name));
  if (missing !== undefined) {
    complain(
      run,
      'NN0305',
      {
        callee: callee.name,
        problem: 'missing',
        argument: missing.name,
        signature: callee.signature,
        ...(isStage(parameters, args) ? { help: stageHelp(callee, place) } : {}),
      },
      place,
    );
    return undefined;
  }
  return bound;
}

/** All but the value that a pipe would bring: `sequential([dense(8), dropout(0.5)])`. */
const isStage = (parameters: readonly Parameter[], args: readonly Argument[]): boolean =>
  args.length > 0 &&
  args.every((a) => a.value.kind !== 'tensor') &&
  parameters.every((p) => !p.skippable) &&
  args.filter((a) => a.name === undefined).length ===
    parameters.filter((p) => !p.optional && !args.some((a) => a.name === p.name)).length - 1;

const stageHelp = ({ signature }: CalleeText, place: Place): string =>
  `its arguments are \`${signature}\`; as a stage of its own, \`{ ${textAt(place)} }\``;

function unknownOption(
  run: Run,
  callee: CalleeText,
  parameters: readonly Parameter[],
  arg: Argument,
  place: Place,
): void {
  const name = arg.name ?? '';
  const names = parameters.map((p) => p.name);
  const known = entryOf(otherOptions, name);
  const same = known !== undefined && names.includes(known) ? known : undefined;
  const near = same ?? nearest(name, names);
  const at = arg.namePlace ?? arg.place;
  const help =
    near !== undefined
      ? `did you mean \`${near}\`?`
      : name === 'activation'
        ? `pipe it: \`${withoutArgument(place, arg)} |> ${textAt(arg.place).replaceAll('"', '')}\``
        : undefined;
  complain(
    run,
    'NN0305',
    { callee: callee.name, problem: 'unknown', argument: name, signature: callee.signature, help },
    at,
    same === undefined ? {} : { fix: { span: at.span, text: same } },
  );
}

/** The call as written, less one argument. */
function withoutArgument(place: Place, arg: Argument): string {
  const { text } = place.source;
  const start = arg.namePlace?.span.start ?? arg.place.span.start;
  const before = text.slice(place.span.start, start).replace(/,\s*$/, '');
  return (before + text.slice(arg.place.span.end, place.span.end)).replace(/\(\s*,\s*/, '(');
}

/** An optional argument by position gets its name (NN0108); where there is none left, it is extra. */
function tooMany(
  run: Run,
  callee: CalleeText,
  parameters: readonly Parameter[],
  bound: ReadonlyMap<string, Argument>,
  count: number,
  extra: Argument,
  place: Place,
): void {
  const option = parameters.filter((p) => p.optional && !bound.has(p.name))[0];
  // Options are settings: a tensor in their place is one tensor too many, `concat(x, y)`.
  const isTensor = extra.value.kind === 'tensor';
  if (option === undefined || callee.extra !== undefined || count < 1 || isTensor) {
    complain(
      run,
      'NN0305',
      {
        callee: callee.name,
        problem: 'extra',
        argument: textAt(extra.place),
        signature: callee.signature,
        help: callee.extra,
      },
      extra.place,
    );
    return;
  }
  const named = `${option.name}=${textAt(extra.place)}`;
  const inside =
    extra.place.source === place.source &&
    extra.place.span.start >= place.span.start &&
    extra.place.span.end <= place.span.end;
  const text = place.source.text;
  const instead = inside
    ? text.slice(place.span.start, extra.place.span.start) +
      named +
      text.slice(extra.place.span.end, place.span.end)
    : `${callee.name}(..., ${named})`;
  complain(
    run,
    'NN0108',
    { name: option.name, instead: instead.replace(/\s+/g, ' ') },
    extra.place,
    {
      fix: { span: extra.place.span, text: `${option.name}=${wordsAt(extra.place)}` },
    },
  );
}
