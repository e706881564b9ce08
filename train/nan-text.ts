/** What a trace of numbers that are not finite has found, in words. Pure. */
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import { nodeText, originTexts } from '../compiler/graph/origin-text.ts';
import type { SourceLookup } from '../grammar/index.ts';
import type { Spot, SpotInput } from './find-non-finite.ts';
import type { NanTrace } from './trace-nan.ts';

export interface NanPlace {
  /** `step 3, in epoch 1`, `rows 32 to 47`. */
  readonly where: string;
  readonly graph: Graph;
  readonly sources: SourceLookup;
}

export interface NanText {
  readonly message: string;
  readonly help: string;
}

export function nanText({ names, found, tooLarge }: NanTrace, place: NanPlace): NanText {
  const what = names.map((name) => `\`${name}\``);
  const shown =
    what.length > 4 ? [...what.slice(0, 3), `${what.length - 3} more`].join(', ') : what.join(', ');
  const head = `${shown} ${names.length === 1 ? 'is' : 'are'} no longer finite at ${place.where}`;
  if (found === undefined)
    return {
      message: head,
      help: tooLarge
        ? 'computing the step again takes more memory than the reference may use: a smaller `--batch`, or smaller layers, show where it begins'
        : 'the reference makes finite numbers of the same step, so this device computes something else: `nnc verify` finds out what',
    };
  const { first, becomesNaN } = found;
  const lines = [
    ...spotLines('it begins in', first, place),
    ...(becomesNaN === undefined ? [] : spotLines('which becomes NaN in', becomesNaN, place)),
  ];
  return {
    message: [head, ...lines.map((line) => `  ${line}`)].join('\n'),
    help: helpFor(first, place.graph),
  };
}

function spotLines(how: string, spot: Spot, { graph, sources }: NanPlace): readonly string[] {
  const { node, element, value } = spot;
  const at = node.type.shape.length === 0 ? '' : `[${indexText(node, element)}] `;
  const call = spot.inputs.every((one) => one.at !== undefined)
    ? `: ${node.op.name}(${spot.inputs.map((one) => numberText(one.at ?? 0)).join(', ')})`
    : '';
  return [
    `${how} ${nodeText(node)}`,
    ...originTexts(graph, node, sources).map((text) => `  from ${text}`),
    `  ${at}is ${numberText(value)}${spot.inputs.length === 0 ? '' : call}`,
    // A number of the formula stands in the line above.
    ...spot.inputs.filter((one) => !isNumber(one.node)).map((one) => `  of ${inputText(one)}`),
  ];
}

/** `` `select` f32[16, 4], which is 0 … 1.43, and not finite in 3 places``. */
function inputText({ node, range, notFinite }: SpotInput): string {
  const [least, most] = (range ?? []).map(numberText);
  const numbers = least === undefined ? [] : [least === most ? least : `${least} … ${most ?? ''}`];
  const others =
    notFinite === 0 ? [] : [`not finite in ${notFinite} place${notFinite === 1 ? '' : 's'}`];
  return `${nodeText(node)}, which is ${[...numbers, ...others].join(', and ')}`;
}

const isNumber = ({ op: { lowering } }: Node): boolean =>
  lowering.kind === 'leaf' && lowering.leaf !== 'input';

/** `3, 2` of a flat index. */
function indexText({ type }: Node, element: number): string {
  let rest = element;
  const at = type.shape
    .map(Number)
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    });
  return at.toReversed().join(', ');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  return String(Number(value.toPrecision(4)));
}

const byOp: Readonly<Record<string, string>> = {
  log: 'keep the argument of a logarithm away from 0: `log(p + 1e-7)`, or `log_softmax` of the scores in place of `log` of a softmax',
  log2: 'keep the argument of a logarithm away from 0',
  div: 'keep the divisor away from 0: `x / (y + 1e-7)`, or choose another divisor before dividing: `x / where(y == 0, 1, y)`',
  exp: 'exponentials overflow above 88: `log_softmax`, `softplus` and `sigmoid` do without large ones',
  exp2: 'exponentials overflow above 128',
  sqrt: 'the root of a negative number is none, and its slope at 0 is infinite: `sqrt(x + 1e-12)`',
  rsqrt: 'keep its argument above 0: `rsqrt(x + 1e-12)`',
  pow: 'a fractional power of a negative number is none, and a negative power of 0 is infinite',
  input: 'the data hold it: fill in or leave out such rows first',
};

/** A quotient that is the slope of a root is not helped by another divisor. */
function helpFor({ node }: Spot, graph: Graph): string {
  const rules = graph.originsOf(node).map(({ rule }) => rule?.replace(/^vjp of /, '') ?? '');
  const op = rules.find((rule) => Object.hasOwn(byOp, rule)) ?? node.op.name;
  return (Object.hasOwn(byOp, op) ? byOp[op] : undefined) ?? tooLarge;
}

const tooLarge =
  'numbers have grown beyond what f32 holds: a smaller learning rate (`--lr`), `clip: 1.0` in `train`, or scaled inputs keep them small';
