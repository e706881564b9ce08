/** NN0215: two size names of a file's inputs, or of one signature, that look like one misspelt. */
import type { File, FnDecl, LayerDecl, Name, TypeExpr } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { editDistance } from '../../grammar/did-you-mean.ts';
import { namesIn } from '../elaborate/walk-expression.ts';
import { type Lint, lineOf, type Program, warn } from './lint.ts';
import { expressionsIn, paramsOf } from './walk.ts';

export const similarSizes: Lint = {
  code: 'NN0215',
  find(program) {
    const { items } = program.file;
    const declared = namesDeclared(program.file);
    const mentions = namesMentioned(program.file);
    const groups = [
      items.flatMap((item) => (item.kind === 'input' ? [item.type] : [])),
      ...items.flatMap((item) =>
        item.kind === 'layer' || item.kind === 'fn' ? [typesOf(item)] : [],
      ),
    ];
    return groups.flatMap((types) => similar(program, types, declared, mentions));
  },
};

const typesOf = (decl: LayerDecl | FnDecl): readonly TypeExpr[] =>
  (decl.kind === 'layer' ? paramsOf(decl) : decl.params).flatMap((p) => p.type ?? []);

/** Names that mean something outside of types: two such are told apart by what they are. */
function namesDeclared(file: File): ReadonlySet<string> {
  return new Set(
    file.items.flatMap((item) =>
      item.kind === 'const'
        ? [item.name.text]
        : item.kind === 'dim'
          ? item.facts.map((fact) => fact.name.text)
          : [],
    ),
  );
}

/** How often each name stands in an expression. */
function namesMentioned(file: File): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const e of expressionsIn(file))
    if (e.kind === 'name') counts.set(e.name, (counts.get(e.name) ?? 0) + 1);
  return counts;
}

interface Use extends Name {
  readonly type: TypeExpr;
}

function similar(
  program: Program,
  types: readonly TypeExpr[],
  declared: ReadonlySet<string>,
  mentions: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const uses = types.flatMap(sizesIn);
  const names = [...new Set(uses.map((use) => use.text))];
  const count = (name: string): number =>
    uses.filter((use) => use.text === name).length + (mentions.get(name) ?? 0);
  return names.flatMap((name) => {
    const [once, ...more] = uses.filter((use) => use.text === name);
    if (once === undefined || more.length > 0 || count(name) > 1 || declared.has(name)) return [];
    const other = names.find(
      (candidate) =>
        looksAlike(name, candidate) &&
        // Of two that both stand once, the later one is the misspelt one.
        (count(candidate) > 1 || names.indexOf(candidate) < names.indexOf(name)) &&
        // In one type they are two sizes on purpose.
        !uses.some((use) => use.text === candidate && use.type === once.type),
    );
    const first = uses.find((use) => use.text === other);
    if (other === undefined || first === undefined) return [];
    return [
      warn(
        program,
        'NN0215',
        { once: name, other },
        {
          span: once.span,
          label: 'used only here',
          notes: [
            {
              message: `\`${other}\` (line ${lineOf(program, first.span)})`,
              file: program.source.name,
              span: first.span,
            },
          ],
          fix: { span: once.span, text: other },
        },
      ),
    ];
  });
}

function sizesIn(type: TypeExpr): readonly Use[] {
  return (type.axes ?? []).flatMap((axis): readonly Use[] => {
    if (axis.kind === 'rest') return [];
    const { value } = axis;
    if (value.kind === 'name') return [{ text: value.name, span: value.span, type }];
    return namesIn(value).map((text) => ({ text, span: value.span, type }));
  });
}

/**
 * One slip of the fingers apart. `n` and `m`, `t1` and `t2`, `h_in` and `w_in` are not: a short name, a
 * digit or a first letter is changed on purpose.
 */
function looksAlike(a: string, b: string): boolean {
  if (a === b || Math.min(a.length, b.length) < 3 || a[0] !== b[0]) return false;
  if (a.replace(/\d+/g, '') === b.replace(/\d+/g, '')) return false;
  const [p, q] = [a.split('_'), b.split('_')];
  const short = p.length === q.length && p.some((part, i) => part !== q[i] && part.length < 3);
  return !short && editDistance(a, b, 2) === 1;
}
