/** What the functions of this folder share, with the ways round from small rules to large ones. */
import type { Body, Expr } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import type { Doc } from './doc.ts';

export interface Printer {
  readonly at: Cursor;
  /** Its further lines are indented. */
  readonly expression: (node: Expr) => Doc;
  /** `{ … }` of a layer, a function or a lambda. */
  readonly statements: (body: StatementBody) => Doc;
}

export type StatementBody = Extract<Body, { kind: 'block' }>;
