/** The facts of `dim t <= 256, t % 8`: decided where the sizes are known, else checked when they are bound. */
import type { DimDecl } from '../../grammar/ast.ts';
import { symbol } from '../graph/dim.ts';
import { addGuard } from './guards.ts';
import { complain, textAt } from './report.ts';
import { lineOf, type Run } from './run.ts';
import { dimOf } from './sizes.ts';
import type { Place, Scope } from './value.ts';

type Fact = DimDecl['facts'][number];

/** `at`: where a size that breaks it came from. */
export function stateFact(run: Run, fact: Fact, scope: Scope, at: Place): void {
  if (fact.bound === undefined || fact.relation === undefined) return;
  const place: Place = { source: scope.source, span: fact.span };
  const value = run.evaluate(fact.bound, scope);
  const bound = dimOf(value);
  if (bound === undefined) {
    if (value.kind !== 'unknown')
      complain(run, 'NN0410', { what: `the bound of \`${fact.name.text}\`` }, place);
    return;
  }
  const own = scope.names.get(fact.name.text);
  const size = (own && dimOf(own.value)) ?? symbol(fact.name.text);
  const text = `dim ${textAt(place)}`;
  if (typeof size !== 'number' || typeof bound !== 'number') {
    addGuard(run, size, fact.relation, bound, place, text);
    return;
  }
  if (fact.relation === '<=' ? size <= bound : size % bound === 0) return;
  const where = `${place.source.name}:${lineOf(place)}`;
  complain(run, 'NN0216', { name: fact.name.text, value: size, fact: text, where }, at);
}
