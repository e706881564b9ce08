/** The front end: text to AST and diagnostics, and diagnostics to text. Imports nothing of ours. */
export type * from './ast.ts';
export { report } from './catalogue/index.ts';
export type { Diagnostic, Fix, Note } from './diagnostic.ts';
export { nearest } from './did-you-mean.ts';
export { applyFixes, type Fixed } from './fix.ts';
export { type Formatted, formatSource } from './format/source.ts';
export type { Paint, Style } from './frame.ts';
export { type Parsed, parse } from './parse.ts';
export { printAst } from './print-ast.ts';
export { renderAll, renderFirst, type SourceLookup, sortDiagnostics } from './render.ts';
export { lineAt, positionIn, type Source } from './source.ts';
export { type JsonDiagnostic, type JsonFile, type JsonRange, toJson } from './to-json.ts';
export { visible } from './visible.ts';
