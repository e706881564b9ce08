/**
 * Shapes and element types (NN02xx): sizes that disagree, axes and slices that do not exist, sizes
 * that nothing determines, dtypes that do not mix. The elaborator reports them.
 */

import { nearest } from '../did-you-mean.ts';
import { alignShapes } from './align-shapes.ts';
import { didYouMean, error, type Sentences, warning } from './entry.ts';

type Size = string | number;

export const shapes = {
  NN0201: (p: { first: string; second: string }): Sentences =>
    error(
      `\`${p.first}\` and \`${p.second}\` must be the same size here`,
      nearest(p.second, [p.first]) === undefined
        ? 'use one name in both inputs'
        : `did you mean \`${p.first}\` in both inputs?`,
    ),
  /** `call`: "dense(100, 10)"; `fixed`: "dense(784, 10)"; `inferred`: "dense(10)". */
  NN0202: (p: {
    call: string;
    expected: Size;
    actual: Size;
    fixed?: string | undefined;
    inferred?: string | undefined;
  }): Sentences => {
    const fixed = p.fixed === undefined ? [] : [`write \`${p.fixed}\``];
    const inferred =
      p.inferred === undefined ? [] : [`leave the input size out: \`${p.inferred}\``];
    const help = [...fixed, ...inferred].join(', or ');
    return error(
      `\`${p.call}\` expects ${p.expected} features; the value piped in has ${p.actual}`,
      help === '' ? undefined : help,
    );
  },
  /** `left`, `right`: the two sizes that should be equal; `suggestion`: the whole help. */
  NN0203: (p: { left: Size; right: Size; suggestion?: string | undefined }): Sentences =>
    error(
      'the inner sizes of this product differ',
      p.suggestion ??
        `the last axis of the left side (${p.left}) must equal the last but one of the right (${p.right})`,
    ),
  /**
   * `callee`: "conv2d"; `needed`: "4 axes [n, h, w, c]"; `suggestion`: an expression; `help`: the whole
   * help.
   */
  NN0204: (p: {
    callee: string;
    needed: string;
    actual: string;
    suggestion?: string | undefined;
    help?: string | undefined;
  }): Sentences =>
    error(
      `${p.callee} needs ${p.needed}; got ${p.actual}`,
      p.help ??
        (p.suggestion === undefined
          ? '`reshape` gives other axes, `x[:, None]` one more'
          : `\`${p.suggestion}\``),
    ),
  /**
   * `first`, `second`: "f32[b, 28, 10]"; `axis` differs although `along` is the one to join on;
   * `origins`: of both, "(input, line 1)".
   */
  NN0205: (p: {
    first: string;
    second: string;
    axis: number;
    along: number;
    origins?: readonly [string, string] | undefined;
  }): Sentences =>
    error(
      `these cannot be joined along axis ${p.along}: axis ${p.axis} differs`,
      `only axis ${p.along} may differ in size`,
      alignShapes(p.first, p.second, p.axis).map((line, i) =>
        `${line}   ${p.origins?.[i] ?? ''}`.trimEnd(),
      ),
    ),
  /** `problem`: "has one axis too many", "has 12 where 10 is expected"; `help`: the whole help. */
  NN0206: (p: {
    argument: string;
    callee: string;
    problem: string;
    help?: string | undefined;
  }): Sentences => error(`\`${p.argument}\` of ${p.callee} ${p.problem}`, p.help),
  /** `verb`: "add", "compare"; `axis`: negative, counted from the right; `suggestion`: the whole help. */
  NN0207: (p: {
    verb: string;
    left: string;
    right: string;
    axis: number;
    suggestion?: string | undefined;
  }): Sentences =>
    error(
      `cannot ${p.verb} ${p.left} and ${p.right}: axis ${p.axis} differs`,
      p.suggestion ?? 'sizes must be equal, or one side has fewer axes',
    ),
  /** `doing`: "subtracting"; `result`: "f32[n, n]"; `drop`, `pairs`: two expressions to write. */
  NN0208: (p: {
    doing: string;
    result: string;
    meaning?: string | undefined;
    drop?: string | undefined;
    pairs?: string | undefined;
  }): Sentences => {
    const drop = p.drop === undefined ? [] : [`drop the axis: \`${p.drop}\``];
    const pairs = p.pairs === undefined ? [] : [`for all pairs write \`${p.pairs}\``];
    const help = [...drop, ...pairs].join('; ');
    return error(
      `${p.doing} these would stretch both sides`,
      help === '' ? 'say which axes are meant: `a[:, None] - b[None, :]`' : help,
      [`the result would be ${p.result}${p.meaning === undefined ? '' : `: ${p.meaning}`}`],
    );
  },
  /** `have`: "784 elements per row"; `target`: "[batch, 28, 27]"; `suggestion`: the whole help. */
  NN0209: (p: { have: string; target: string; suggestion?: string | undefined }): Sentences =>
    error(
      `${p.have} cannot become ${p.target}`,
      p.suggestion ?? 'the product of the sizes must stay the same; `-1` stands for one of them',
    ),
  NN0210: (p: { axis: number; rank: number }): Sentences =>
    p.rank === 0
      ? error(`axis ${p.axis} of a scalar`, 'a scalar has no axes')
      : error(
          `axis ${p.axis} of a ${p.rank}-axis tensor; axes are ${axisNames(p.rank)}`,
          '`axis=-1` is the last axis',
        ),
  /** `text`: "x[:, 800]" as the user wrote it. */
  NN0211: (p: { text: string; axis: number; size: Size }): Sentences =>
    error(
      `\`${p.text}\`: axis ${p.axis} has ${p.size} entries`,
      typeof p.size === 'number'
        ? `entries are numbered 0 to ${p.size - 1}, or -1 to -${p.size} from the end`
        : 'entries are numbered from 0; `-1` is the last one',
    ),
  /** `text`: "7:7" as the user wrote it. */
  NN0212: (p: { text: string; problem: 'empty' | 'step' }): Sentences =>
    p.problem === 'empty'
      ? error(`\`${p.text}\` selects nothing`, 'the start lies before the stop')
      : error(`\`${p.text}\` has a step that never moves on`, 'the smallest step is 1'),
  /** `instead`: "n // 2". */
  NN0213: (p: { instead: string }): Sentences =>
    error('sizes divide with `//`', `write \`${p.instead}\``),
  NN0214: (p: { name: string; suggestion?: string | undefined }): Sentences =>
    error(
      `no size called \`${p.name}\``,
      didYouMean(p.suggestion) ??
        'a new size name may stand in an `input` or in the type of a tensor argument',
    ),
  NN0215: (p: { once: string; other: string }): Sentences =>
    warning(
      `\`${p.once}\` and \`${p.other}\`: the same size?`,
      `write \`${p.other}\` in both places`,
    ),
  /** `fact`: "dim t <= 256", "heads divides d"; `where`: "gpt.nn:7"; `help`: the whole help. */
  NN0216: (p: {
    name: string;
    value: number;
    fact: string;
    where: string;
    help?: string | undefined;
  }): Sentences => error(`\`${p.name}\` = ${p.value}, but \`${p.fact}\` (${p.where})`, p.help),
  /** `window`: "5x5"; `input`: "4x4". */
  NN0217: (p: { window: string; input: string }): Sentences =>
    error(`a ${p.window} window does not fit ${p.input}`, '`pad="same"`?'),
  /** `help`: the whole help. */
  NN0220: (p: { problem: string; help?: string | undefined }): Sentences =>
    error(p.problem, p.help ?? 'axis names are separated by spaces: `b t d`'),
  NN0221: (p: { help?: string | undefined }): Sentences =>
    error('the pattern and the tensor disagree', p.help),
  /** `example`: "dense(784, 100)", from the first layer of the chain. */
  NN0230: (p: { example?: string | undefined }): Sentences =>
    error(
      'how wide is the input?',
      `\`${p.example ?? 'dense(784, 100)'}\` or declare \`input x: f32[batch, 784]\``,
    ),
  NN0231: (p: { site: string; example?: string | undefined }): Sentences =>
    error(
      `the input size of \`${p.site}\` is never determined`,
      `apply it to a value, or state its input size${p.example === undefined ? '' : `: \`${p.example}\``}`,
    ),
  /** `left`, `right`: two dtypes; `instead`: "cast(x, f32)". */
  NN0240: (p: { op: string; left: string; right: string; instead: string }): Sentences =>
    error(`${p.left} ${p.op} ${p.right}: two element types do not mix`, `write \`${p.instead}\``),
  /** `text`: "ids * 0.5"; `name`: the integer side, of type `dtype`. */
  NN0241: (p: { text: string; name: string; dtype: string }): Sentences =>
    error(
      `\`${p.text}\`: a fraction does not fit ${p.dtype}`,
      `cast \`${p.name}\` first: \`cast(${p.name}, f32)\``,
    ),
  /** `instead`: "cast(x, f32)". */
  NN0242: (p: { op: string; dtype: string; instead: string }): Sentences =>
    error(`\`${p.op}\` is not defined for ${p.dtype}`, `write \`${p.instead}\``),
} as const;

/** "0, 1 (or -1, -2)". */
function axisNames(rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return `${axes.join(', ')} (or ${axes.map((axis) => -axis - 1).join(', ')})`;
}
