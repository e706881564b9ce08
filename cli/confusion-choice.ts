/** Which classes `nnc eval --confusion [OUTPUT[:LABEL]]` compares: one pair, or a message that lists what could be meant. Pure. */
import { shapeText } from '../compiler/graph/dim.ts';
import type { Model } from '../compiler/model.ts';
import { nearest } from '../grammar/index.ts';
import { type Comparison, comparedByMetrics, comparedByShape } from '../train/index.ts';
import { EXIT, UserError } from './failure.ts';

/** `asked` is true where the option stands without a name. Throws UserError where there is not exactly one pair. */
export function chooseComparison(model: Model, asked: string | true, file: string): Comparison {
  const [output, label] = asked === true ? [] : asked.split(':').map((name) => name.trim());
  if (output !== undefined) checkOutput(model, output, file);
  if (label !== undefined) checkLabel(model, label, file);
  const fits = (one: Comparison): boolean =>
    (output === undefined || one.name === output) &&
    (label === undefined || one.label.name === label);
  const byMetrics = comparedByMetrics(model).filter(fits);
  const byShape = comparedByShape(model).filter(fits);
  // What the model itself calls right comes first, then its own decisions, then the largest score.
  const own = byShape.filter(({ predicted }) => isOutput(model, predicted));
  const candidates = [byMetrics, own, byShape].find((some) => some.length > 0) ?? [];
  const [only, another] = candidates;
  if (only === undefined) throw nothingToCompare(model, output, file);
  if (another === undefined) return only;
  throw new UserError(
    `--confusion: ${file} has several classes that could be compared`,
    `choose one: ${candidates.map((one) => `--confusion ${one.name}:${one.label.name}`).join(', or ')}`,
    EXIT.usage,
  );
}

const isOutput = ({ evaluation }: Model, node: Comparison['predicted']): boolean =>
  evaluation.outputs.some((output) => output.node === node);

/** A metric that compares may be named as well. */
function checkOutput(model: Model, name: string, file: string): void {
  const names = [
    ...model.evaluation.outputs.map((output) => output.name),
    ...comparedByMetrics(model).map((one) => one.name),
  ];
  if (!names.includes(name)) throw unknown('output', name, names, file);
}

function checkLabel(model: Model, name: string, file: string): void {
  const names = model.inputs.map((input) => input.name);
  if (!names.includes(name)) throw unknown('input', name, names, file);
}

function unknown(what: string, name: string, names: readonly string[], file: string): UserError {
  const near = nearest(name, names);
  const known = [...new Set(names)].join(', ') || 'none';
  return new UserError(
    `--confusion: ${file} has no ${what} \`${name}\``,
    near === undefined ? `it has ${known}` : `did you mean \`${near}\`?`,
    EXIT.usage,
  );
}

function nothingToCompare(model: Model, output: string | undefined, file: string): UserError {
  const outputs = model.evaluation.outputs.filter(({ name }) => (output ?? name) === name);
  const has = (side: string, items: readonly string[]): string =>
    `  ${side}  ${items.length === 0 ? 'none' : items.join(', ')}`;
  return new UserError(
    [
      `--confusion: no ${output === undefined ? 'output' : `class of \`${output}\``} of ${file} can be compared with an input`,
      has(
        'outputs',
        outputs.map(({ name, node }) => typed(name, node.type.dtype, node.type.shape)),
      ),
      has(
        'inputs ',
        model.inputs.map(({ name, storage, shape }) => typed(name, storage, shape)),
      ),
    ].join('\n'),
    'it takes scores f32[batch, c], class numbers i32[batch] or a sigmoid f32[batch], and beside them the true classes, u8[batch], as an input that no output needs',
    EXIT.usage,
  );
}

const typed = (name: string, dtype: string, shape: Parameters<typeof shapeText>[0]): string =>
  `${name} ${dtype}${shape.length === 0 ? '' : shapeText(shape)}`;
