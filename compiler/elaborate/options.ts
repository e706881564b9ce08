/** What elaboration is told from outside. */
import type { Source } from '../../grammar/source.ts';
import type { ReadImport } from './imports.ts';
import type { ParsedSource } from './prelude.ts';

/** Of a `const`, from outside. */
export type SetValue = number | boolean | string | readonly SetValue[];

/** What elaboration is told beside the tree of the file. */
export interface ElaborateOptions {
  readonly source: Source;
  /** Of the model; the file's name without folder and ending, if absent. */
  readonly name?: string;
  /** `--set depth=9`: values of `const`s. */
  readonly set?: Readonly<Record<string, SetValue>>;
  /** `--lr`: in place of the optimizer's. */
  readonly learningRate?: number;
  /**
   * Learning rates that are plain numbers become states (`/lr`, of a named section `critic/lr`), which may be written
   * while the model trains. A schedule stays what the file says.
   */
  readonly tunableRates?: boolean;
  /** `--optimizer`, as source text, `adam(lr=1e-3)`. */
  readonly optimizer?: string;
  /** In place of every section's `clip`. */
  readonly clip?: string;
  /** For initial values and random calls; else the file's `seed`, else 0. */
  readonly seed?: number;
  /** Finds the files that `import` names; without it there are none. */
  readonly readImport?: ReadImport;
  /**
   * Only to find mistakes, several times faster for a deep network: the optimizer is applied to one
   * parameter of each shape, so the model that comes out cannot be trained.
   */
  readonly onlyCheck?: boolean;
  readonly prelude?: readonly ParsedSource[];
}
