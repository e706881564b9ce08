/** The front end: text to AST and diagnostics, and diagnostics to text. Imports nothing of ours. */
export type * from './ast.ts';
export { type Code, catalogue, type Params, type Place, report } from './catalogue/index.ts';
export type { Diagnostic, Fix, Note } from './diagnostic.ts';
export { editDistance, nearest } from './did-you-mean.ts';
export { isElementType, narrowerType, nearestType } from './element-types.ts';
export type { Paint, Style } from './frame.ts';
export { type Parsed, parse } from './parse.ts';
export { printAst, printExpr } from './print-ast.ts';
export { render, renderAll, type SourceLookup, sortDiagnostics } from './render.ts';
export {
  excerpt,
  lineAt,
  lineStarts,
  lineText,
  type Position,
  positionAt,
  type Source,
} from './source.ts';
export { type JsonDiagnostic, type JsonRange, toJson } from './to-json.ts';
