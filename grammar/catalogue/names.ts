/**
 * Names, arguments and ownership (NN03xx): what is not there, defined twice or too late, called the
 * wrong way, imported in a circle. The parser reports NN0311, the elaborator the rest.
 */
import { didYouMean, error, type Sentences } from './entry.ts';

export const names = {
  /** `where`: the file that was to have it, if not the one at hand. */
  NN0301: (p: {
    name: string;
    suggestion?: string | undefined;
    where?: string | undefined;
  }): Sentences =>
    error(
      `there is nothing called \`${p.name}\` ${p.where === undefined ? 'here' : `in ${p.where}`}`,
      didYouMean(p.suggestion) ?? `define it above this line: \`let ${p.name} = ...\``,
    ),
  NN0302: (p: { name: string; line: number }): Sentences =>
    error(
      `\`${p.name}\` is defined later, on line ${p.line}`,
      'a statement sees the lines above it only: move one of the two',
    ),
  /** `kind`: "an input", "a param", "a const". */
  NN0303: (p: { name: string; kind: string; line: number }): Sentences =>
    error(
      `\`${p.name}\` is already ${p.kind} (line ${p.line})`,
      'choose another name; only a `let` may be replaced by a later `let`',
    ),
  /** `text`: "dense(x)"; `instead`: "x |> dense(10)". */
  NN0304: (p: { text: string; instead: string }): Sentences =>
    error(`\`${p.text}\`: configure, then apply`, `write \`${p.instead}\``),
  /** `argument`: its name, or the text of an extra one; `help`: the whole help. */
  NN0305: (p: {
    callee: string;
    problem: 'missing' | 'extra' | 'duplicate' | 'unknown';
    argument: string;
    signature?: string | undefined;
    help?: string | undefined;
  }): Sentences => {
    const help =
      p.help ?? (p.signature === undefined ? undefined : `its arguments are \`${p.signature}\``);
    switch (p.problem) {
      case 'missing':
        return error(`\`${p.callee}\` needs \`${p.argument}\``, help);
      case 'extra':
        return error(`\`${p.callee}\` has no place for \`${p.argument}\``, help);
      case 'duplicate':
        return error(`\`${p.callee}\` is given \`${p.argument}\` twice`, help);
      case 'unknown':
        return error(`\`${p.callee}\` has no option \`${p.argument}\``, help);
      default:
        return p.problem satisfies never;
    }
  },
  NN0306: (p: { name: string }): Sentences =>
    error(`\`${p.name}\` uses itself`, 'repetition is `repeat n { ... }`'),
  /** `allowed`: `"same", "valid"`. */
  NN0307: (p: {
    option: string;
    value: string;
    allowed: string;
    suggestion?: string | undefined;
  }): Sentences => error(`${p.option}="${p.value}"; one of ${p.allowed}`, didYouMean(p.suggestion)),
  /** Either `tried`, the path looked for, or `cycle`, drawn "a.nn -> b.nn -> a.nn". */
  NN0308: (p: {
    path: string;
    tried?: string | undefined;
    cycle?: string | undefined;
  }): Sentences =>
    p.cycle === undefined
      ? error(
          `cannot read "${p.path}"${p.tried === undefined ? '' : ` (tried ${p.tried})`}`,
          'a path is relative to the file that imports it',
        )
      : error(`these files import each other: ${p.cycle}`, 'move what both need to a third file'),
  /** `what`: "param", "state", "update", or the layer constructed there. */
  NN0310: (p: { fn: string; what: string }): Sentences =>
    error(
      `a \`fn\` owns no weights: \`${p.what}\` in \`${p.fn}\``,
      `make it a \`layer\`: \`layer ${p.fn}()(x) { ... }\``,
    ),
  NN0311: (): Sentences =>
    error(
      'tensors do not change',
      '`where(mask, v, x)` gives a changed copy; a `state` takes its next value by `update`',
    ),
  NN0312: (p: { name: string }): Sentences =>
    error(`\`${p.name}\` returns nothing`, 'end its body with `return ...`'),
  /** `what`: the whole headline, "this pattern has 2 names, the value has 3 parts". */
  NN0313: (p: { what: string; help?: string | undefined }): Sentences => error(p.what, p.help),
  /** `is`: "f32[2]", "the layer `relu`"; `needed`: "only layers and functions can be applied". */
  NN0314: (p: { text: string; is: string; needed: string; help?: string | undefined }): Sentences =>
    error(`\`${p.text}\` is ${p.is}: ${p.needed}`, p.help),
  NN0320: (p: { callee: string }): Sentences =>
    error(`\`${p.callee}\` needs a shape here`, 'add `shape=[...]` or `like=x`'),
  /** `on`: "a tensor", "`relu`". */
  NN0330: (p: { field: string; on: string }): Sentences =>
    error(`\`.${p.field}\` of ${p.on}: only layers have fields`, 'sizes are `shape(x)`'),
} as const;
