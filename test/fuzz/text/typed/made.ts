/** What the makers of typed programs are given, and what they give back: types, scopes, and text with its tightness. */
import { pickFrom, type Random } from '../../random.ts';

/** A number, or the name of a size that the data decide. */
export type Size = number | 'n' | 't';
export type Element = 'f32' | 'i32' | 'bool';

export interface Type {
  readonly element: Element;
  readonly shape: readonly Size[];
}

/** An expression as text. */
export interface Made {
  readonly text: string;
  /** Whether a call, an index or a field may follow it, or an operator stand beside it. */
  readonly tight: 'atom' | 'operand' | 'loose';
}

export interface Variable {
  readonly name: string;
  readonly type: Type;
}

/** A function of one's own that can be called: with arguments of exactly these types. */
export interface Callable {
  readonly name: string;
  readonly params: readonly Type[];
  readonly result: Type;
  /** Arguments by name that may be given. */
  readonly options?: readonly string[];
  /** What stands behind its name to configure it; a layer if given. */
  readonly config?: string;
}

export interface Scope {
  readonly random: Random;
  readonly variables: readonly Variable[];
  readonly callables: readonly Callable[];
  /** The sizes that have names here. */
  readonly symbols: readonly Size[];
  /** Whether layers may be constructed here: not in a function. */
  readonly mayOwn: boolean;
}

/** Makes an expression of a type; undefined where it has none of that type. */
export type Maker = (s: Scope, type: Type, make: Make) => Made | undefined;

/** An expression of a type, a level less deep than the one that asks. */
export type Make = (type: Type) => Made;

export const atom = (text: string): Made => ({ text, tight: 'atom' });
export const operand = (text: string): Made => ({ text, tight: 'operand' });
export const loose = (text: string): Made => ({ text, tight: 'loose' });

/** In parentheses where a call or an index follows. */
export const asAtom = ({ text, tight }: Made): string => (tight === 'atom' ? text : `(${text})`);
/** In parentheses where an operator stands beside it. */
export const asOperand = ({ text, tight }: Made): string =>
  tight === 'loose' ? `(${text})` : text;

export const pick = <T>(s: Scope, list: readonly T[]): T => pickFrom(s.random, list);
export const chance = (s: Scope, oneIn: number): boolean => s.random(oneIn) === 0;

export const of = (element: Element, shape: readonly Size[]): Type => ({ element, shape });
export const list = (parts: readonly (Size | string)[]): string => `[${parts.join(', ')}]`;
export const typeText = ({ element, shape }: Type): string =>
  shape.length === 0 ? element : element + list(shape);
export const isNumber = (size: Size | undefined): size is number => typeof size === 'number';
export const sameType = (a: Type, b: Type): boolean =>
  a.element === b.element && a.shape.join() === b.shape.join();

/** The shape with another size at an axis. */
export const resized = (shape: readonly Size[], axis: number, size: Size): Size[] =>
  shape.map((one, i) => (i === axis ? size : one));
/** The axis as it is counted from the front or from the back. */
export const axisText = (s: Scope, axis: number, rank: number): string =>
  String(chance(s, 2) ? axis : axis - rank);
/** An axis whose size is a number. */
export function numberedAxis(s: Scope, shape: readonly Size[], least = 1): number | undefined {
  const axes = [...shape.keys()].filter((i) => {
    const size = shape[i];
    return isNumber(size) && size >= least;
  });
  return axes.length === 0 ? undefined : pick(s, axes);
}
