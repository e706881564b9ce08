/** The front end: text to AST and diagnostics, and diagnostics to text. Imports nothing of ours. */
export type * from './ast.ts';
export { type Code, catalogue, type Params, type Place, report } from './catalogue/index.ts';
export type { Diagnostic, Fix, Note } from './diagnostic.ts';
export { editDistance, nearest } from './did-you-mean.ts';
export { isElementType, narrowerType, nearestType } from './element-types.ts';
export { type Parsed, parse } from './parse.ts';
export {
  excerpt,
  lineAt,
  lineStarts,
  lineText,
  type Position,
  positionAt,
  type Source,
} from './source.ts';
