/** A golden case as a text in our language: what the table of `prelude-*.ts` says about it. */
import type { GoldenCase } from './load.ts';

export interface PreludeCase {
  /** Statements after the inputs; the outputs of the file are the case's, in order. */
  readonly text: string;
  /** Operands that are parameters or states of layers: golden name to path. All others are inputs. */
  readonly owned?: Readonly<Record<string, string>>;
  /** The graph of training, and states whose next values are further outputs. */
  readonly training?: readonly string[];
}

/** Cases by their torch expression. */
export type PreludeTable = Readonly<Record<string, (c: GoldenCase) => PreludeCase | string>>;

/** The attribute as it stands in a text: `1.0`, `[3, 5]`, `"mean"`. */
export const attr = (c: GoldenCase, name: string): string => {
  const value = c.attrs[name];
  if (value === undefined) throw new Error(`${c.id} has no attribute ${name}`);
  return JSON.stringify(value);
};

/** The shape of an operand. */
export const shape = (c: GoldenCase, name: string): readonly number[] => {
  const found = c.inputs.find((x) => x.name === name);
  if (found === undefined) throw new Error(`${c.id} has no operand ${name}`);
  return found.shape;
};
