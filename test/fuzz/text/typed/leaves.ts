/** Expressions without parts: variables, literals, filled and random tensors. */
import { atom, list, type Made, pick, type Scope, type Size, sameType, type Type } from './made.ts';

const literals: Readonly<Record<Type['element'], readonly string[]>> = {
  f32: ['0.5', '2.0', '1e-1', '3.25'],
  i32: ['1', '2', '3'],
  bool: ['true', 'false'],
};

export function leaf(s: Scope, type: Type): Made {
  const known = s.variables.filter((one) => sameType(one.type, type));
  if (known.length > 0 && s.random(5) > 0) return atom(pick(s, known).name);
  const literal = pick(s, literals[type.element]);
  if (type.shape.length > 0) return filled(s, type, literal);
  // A whole number alone would be one of any type.
  return atom(type.element === 'i32' ? `cast(${literal}, i32)` : literal);
}

const isSquare = ([a, b, ...more]: readonly Size[]): boolean =>
  a !== undefined && a === b && more.length === 0;

function filled(s: Scope, { element, shape }: Type, literal: string): Made {
  const sizes = list(shape);
  if (element === 'bool') return atom(`full(${sizes}, ${literal}, dtype=bool)`);
  const made =
    element === 'i32'
      ? [
          `full(${sizes}, ${literal}, dtype=i32)`,
          `randint(0, 3, shape=${sizes})`,
          ...(shape.length === 1 ? [`iota(${shape[0]})`] : []),
        ]
      : [
          `full(${sizes}, ${literal})`,
          `zeros(${sizes})`,
          `ones(${sizes})`,
          `uniform(0, 1, shape=${sizes})`,
          `normal(0, ${literal}, shape=${sizes})`,
          `truncated_normal(0, 1, shape=${sizes})`,
          `bernoulli(0.5, shape=${sizes})`,
          ...(isSquare(shape) ? [`eye(${shape[0]})`] : []),
          ...(shape.length === 1 && typeof shape[0] === 'number'
            ? [`linspace(0, 1, ${shape[0]})`]
            : []),
        ];
  return atom(pick(s, made));
}
