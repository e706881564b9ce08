/** Types of tensors as a program writes them: `'f32[batch, 784]'` as in a file, or `['f32', 'batch', 784]`. */
import type { Place } from '../compiler/elaborate/value.ts';
import type { StorageDType } from '../compiler/graph/dtype.ts';
import { parse, type TypeExpr } from '../grammar/index.ts';
import type { Building, Phrase } from './building.ts';
import { toValue } from './convert.ts';
import { moved } from './index-argument.ts';
import { ModelError } from './model-error.ts';
import type { AnySize } from './size.ts';
import { UsageError } from './usage-error.ts';

/** The type of a tensor as a file writes it: `f32[batch, 784]`. */
export type TypeText = StorageDType | `${StorageDType}[${string}]`;
/** An element type and one size an axis: a number, one of `x.shape`, or text as it would stand in the brackets. */
export type TypeList = readonly [StorageDType, ...(AnySize | string)[]];
/** The type of a tensor, as text or as a list. */
export type TensorType = TypeText | TypeList;

/** `'u8[batch, 784]'` is of `'u8'`. */
export type ElementOf<T extends TensorType> = T extends readonly [
  infer D extends StorageDType,
  ...unknown[],
]
  ? D
  : T extends `${infer D extends StorageDType}[${string}]`
    ? D
    : T extends StorageDType
      ? T
      : never;

export function typeExpr(
  building: Building,
  phrase: Phrase,
  type: TensorType,
  place: Place,
): TypeExpr {
  const { span } = place;
  if (typeof type === 'string') return parsedType(type, place);
  const [dtype, ...sizes] = type;
  return {
    name: { text: dtype, span },
    ...(sizes.length === 0
      ? {}
      : {
          axes: sizes.flatMap((size) =>
            typeof size === 'string'
              ? (parsedType(`${dtype}[${size}]`, place).axes ?? [])
              : {
                  kind: 'size' as const,
                  value: phrase.value(toValue(building, size, place), place),
                  span,
                },
          ),
        }),
    span,
  };
}

const before = 'input x: ';

/** Its parts stand where the program wrote them, as far as the text there is the type's own. */
function parsedType(text: string, { source, span }: Place): TypeExpr {
  const isWritten = source.text.startsWith(text, span.start + 1);
  const placed = <T>(tree: T): T =>
    isWritten ? shifted(tree, span.start + 1 - before.length) : moved(tree, span);
  const { file, diagnostics } = parse({ name: source.name, text: before + text });
  if (diagnostics.length > 0)
    throw new ModelError(
      diagnostics.map((one) => placed(one)),
      [source],
    );
  const [statement] = file.items;
  if (statement?.kind !== 'input' || file.items.length > 1)
    throw new UsageError(`"${text}" is no type`, 'a type is written "f32[batch, 784]"');
  return placed(statement.type);
}

function shifted<T>(tree: T, by: number): T {
  if (Array.isArray(tree)) return tree.map((item) => shifted<unknown>(item, by)) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  const { start, end } = tree as { start?: unknown; end?: unknown };
  if (typeof start === 'number' && typeof end === 'number')
    return { ...tree, start: start + by, end: end + by };
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, shifted<unknown>(value, by)]),
  ) as T;
}
