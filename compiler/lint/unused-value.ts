/**
 * NN0901: a value that nothing reads, because another one takes its name first or because nothing
 * mentions it again. Names that start with `_` may stay unused.
 */
import type { Expr, Stmt } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { typeText } from '../elaborate/report.ts';
import type { Node } from '../graph/node.ts';
import { type FittingOperand, fittingOperand } from './fitting-operand.ts';
import { dependsOnInput } from './influence.ts';
import { callsOf, type Lint, lineOf, type Program, tensorsOf, warn } from './lint.ts';
import { type Definition, definitionsOf, namesOf } from './reads.ts';
import { expressionOf } from './walk.ts';

export const unusedValue: Lint = {
  code: 'NN0901',
  find: (program) => unusedValues(program).map(({ diagnostic }) => diagnostic),
};

export interface UnusedValue {
  readonly diagnostic: Diagnostic;
  /** What stands where the value was meant to be used, and depends on no input. */
  readonly instead?: Node;
}

export function unusedValues(program: Program): readonly UnusedValue[] {
  const definitions = definitionsOf(program.file);
  return definitions.flatMap((one) => {
    if (one.read || one.name.startsWith('_')) return [];
    const { source } = one;
    if (source.kind === 'argument' && one.replacedBy !== undefined)
      return [replaced(program, one, one.replacedBy)];
    if (source.kind !== 'statement' || source.stmt.kind !== 'let') return [];
    // Of several names taken out of one value some may be there to skip the others.
    const names = namesOf(source.stmt.pattern).map((name) => name.span);
    const group = definitions.filter((d) => names.includes(d.span));
    if (group.some((d) => d.read) || group[0] !== one) return [];
    return [
      one.replacedBy === undefined
        ? neverRead(program, one, source.stmt, source.body)
        : replaced(program, one, one.replacedBy),
    ];
  });
}

/** The tensor that a name stands for, where it is one. */
function tensorOf(program: Program, { source }: Definition): Node | undefined {
  if (source.kind === 'statement' && source.stmt.kind === 'let')
    return source.stmt.pattern.kind === 'name'
      ? tensorsOf(program, source.stmt.value)[0]
      : undefined;
  if (source.kind !== 'argument') return undefined;
  for (const { callee, args } of callsOf(program)) {
    const decl =
      callee.kind === 'instance'
        ? callee.template.decl
        : callee.kind === 'fn'
          ? callee.decl
          : undefined;
    const value = decl === source.of ? args[source.index]?.value : undefined;
    if (value?.kind === 'tensor') return value.node;
  }
  return undefined;
}

/** `let x = …` takes the place of an `x` that nothing has read. */
function replaced(program: Program, old: Definition, by: Definition): UnusedValue {
  const [was, is] = [tensorOf(program, old), tensorOf(program, by)];
  const stmt = by.source.kind === 'statement' ? by.source.stmt : undefined;
  const lost = was !== undefined && is !== undefined && dependsOnInput(was) && !dependsOnInput(is);
  const value = stmt === undefined ? undefined : expressionOf(stmt);
  const meant =
    lost && value !== undefined ? fittingOperand(program, value, old.name, was.type) : undefined;
  const type = is === undefined ? '' : `: ${typeText(is.type)}`;
  const diagnostic = warn(
    program,
    'NN0901',
    {
      name: old.name,
      line: lineOf(program, old.span),
      help: meant?.help ?? 'give one of the two another name, or leave the first one out',
    },
    {
      span: by.span,
      label: `replaces it${type}${lost ? ', which no input can change' : ''}`,
      notes: [{ message: neverReadText(was), file: program.source.name, span: old.span }],
    },
  );
  return lost ? { diagnostic, instead: is } : { diagnostic };
}

const neverReadText = (node: Node | undefined): string =>
  node === undefined ? 'never read' : `${typeText(node.type)}, never read`;

function neverRead(
  program: Program,
  one: Definition,
  stmt: Stmt,
  body: readonly Stmt[],
): UnusedValue {
  const node = tensorOf(program, one);
  const meant = node === undefined ? undefined : meantLater(program, one.name, node, stmt, body);
  const diagnostic = warn(
    program,
    'NN0901',
    {
      name: one.name,
      line: lineOf(program, one.span),
      help: meant?.help ?? `use it, leave it out, or call it \`_${one.name}\``,
    },
    {
      span: one.span,
      label: neverReadText(node),
      notes:
        meant === undefined
          ? []
          : [
              {
                message: 'no input can change this',
                file: program.source.name,
                span: meant.value.span,
              },
            ],
    },
  );
  return meant === undefined ? { diagnostic } : { diagnostic, instead: meant.node };
}

/** A later value of the same body that depends on no input, and would if it used this one. */
function meantLater(
  program: Program,
  name: string,
  node: Node,
  stmt: Stmt,
  body: readonly Stmt[],
): (FittingOperand & { readonly value: Expr }) | undefined {
  if (!dependsOnInput(node)) return undefined;
  for (const later of body.slice(body.indexOf(stmt) + 1)) {
    const value =
      later.kind === 'param' || later.kind === 'state' ? undefined : expressionOf(later);
    const meant = value && fittingOperand(program, value, name, node.type);
    if (value !== undefined && meant !== undefined) return { ...meant, value };
  }
  return undefined;
}
