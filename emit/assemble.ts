/**
 * A module out of its own statements and those parts of the runtime that they need. The only file that knows ts-morph, which
 * is large: it is loaded when a module is written.
 */
import type { SourceFile, Statement, ts as TypeScript } from 'ts-morph';
import { InternalError } from '../compiler/internal-error.ts';
import { runtimeParts } from './runtime-text.ts';

export interface ModuleText {
  /** A comment without its marks. */
  readonly header: string;
  /** In order: types, tables and the function that opens. */
  readonly statements: readonly string[];
  /** Names of the runtime that they use. */
  readonly used: ReadonlySet<string>;
}

export interface ScriptText {
  readonly script: string;
  readonly declarations: string;
}

interface Part {
  readonly title: string;
  readonly declarations: readonly Declaration[];
}

interface Declaration {
  readonly name: string;
  readonly text: string;
  /** Names of the runtime's other declarations that it may mean. */
  readonly mentions: readonly string[];
}

/** The module as TypeScript: its own statements first, for whoever reads it, then the runtime. */
export async function assembleModule({ header, statements, used }: ModuleText): Promise<string> {
  const { Project } = await import('ts-morph');
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const parts = runtimeParts.map(({ name, text }) =>
    readPart(project.createSourceFile(name, text)),
  );
  const needed = closure(parts, used);
  const runtime = parts.flatMap(({ title, declarations }) => {
    const kept = declarations.filter(({ name }) => needed.has(name));
    if (kept.length === 0) return [];
    return [`// ${title.replaceAll('\n', '\n// ')}`, ...kept.map(({ text }) => text)];
  });
  const text = [`/**\n${commentLines(header)}\n */`, ...statements, ...runtime].join('\n\n');
  const file = project.createSourceFile('module.ts', text);
  file.formatText({ indentSize: 2 });
  return `${file.getFullText().trimEnd()}\n`;
}

const commentLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => ` * ${line}`.trimEnd())
    .join('\n');

/** The same as JavaScript with its types beside it. */
export async function toScript(typescript: string): Promise<ScriptText> {
  const { Project, ts } = await import('ts-morph');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    isolatedDeclarations: true,
    declaration: true,
  };
  const { outputText } = ts.transpileModule(typescript, { compilerOptions });
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile('module.js', outputText);
  file.formatText({ indentSize: 2 });
  const declared = ts.transpileDeclaration(typescript, { compilerOptions });
  const [problem] = declared.diagnostics ?? [];
  if (problem !== undefined)
    throw new InternalError('module', ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  const types = project.createSourceFile('module.d.ts', declared.outputText);
  types.formatText({ indentSize: 2 });
  return { script: file.getFullText(), declarations: types.getFullText() };
}

/** Every declaration that these names need, themselves included. */
function closure(parts: readonly Part[], names: Iterable<string>): ReadonlySet<string> {
  const all = new Map<string, Declaration>();
  for (const one of parts.flatMap(({ declarations }) => declarations)) {
    if (all.has(one.name)) throw new InternalError('module', `${one.name} is in two parts`);
    all.set(one.name, one);
  }
  const needed = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const declaration = all.get(name);
    if (declaration === undefined) throw new InternalError('module', `the runtime has no ${name}`);
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...declaration.mentions);
  }
  return needed;
}

function readPart(file: SourceFile): Part {
  const statements = file.getStatements();
  const names = new Set(statements.flatMap(namesOf));
  const imported = file.getImportDeclarations().flatMap((one) => one.getNamedImports());
  for (const one of imported) names.add(one.getName());
  const title = titleOf(file);
  const declarations = statements.flatMap((statement): Declaration[] => {
    const [name] = namesOf(statement);
    if (name === undefined) return [];
    const identifiers = new Set(identifiersIn(statement));
    const mentions = [...names].filter((one) => one !== name && identifiers.has(one));
    return [{ name, text: declarationText(statement, title), mentions }];
  });
  return { title: plainComment(title), declarations };
}

/** What a file begins with, a comment that says what it is. */
function titleOf(file: SourceFile): string {
  const [first] = file.getStatements()[0]?.getLeadingCommentRanges() ?? [];
  return first?.getText() ?? '';
}

const plainComment = (comment: string): string =>
  comment
    .replace(/^\/\*\*\s*(?:\* )?/, '')
    .replace(/\s*\*\/$/, '')
    .replaceAll(/\n \* ?/g, '\n');

/** With its comments and without `export`. */
function declarationText(statement: Statement, title: string): string {
  const text = statement.getFullText().replace(title, '').trim();
  return text.replace(/^((?:\/\*\*[\s\S]*?\*\/\s*|\/\/.*\n\s*)*)export /, '$1');
}

function namesOf(statement: Statement): string[] {
  const node = statement.compilerNode as TypeScript.Statement & {
    readonly name?: { readonly text: string };
    readonly declarationList?: {
      readonly declarations: readonly { readonly name: { readonly text: string } }[];
    };
    readonly importClause?: unknown;
  };
  if (node.declarationList !== undefined)
    return node.declarationList.declarations.map(({ name }) => name.text);
  return node.name === undefined ? [] : [node.name.text];
}

const identifiersIn = (statement: Statement): readonly string[] =>
  statement
    .getDescendants()
    .filter((node) => node.getKindName() === 'Identifier')
    .map((node) => node.getText());
