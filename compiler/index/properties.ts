/** What is known of an index expression: its value at a point, its variables, its divisors. */
import { floorMod, gcd, type Index, linear } from './expression.ts';

/** Its value for numbers in place of the variables. */
export function evaluateIndex(e: Index, env: (name: string) => number): number {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'variable':
      return env(e.name);
    case 'sum':
      return e.terms.reduce((s, t) => s + t.coefficient * evaluateIndex(t.index, env), e.constant);
    case 'quotient':
      return Math.floor(evaluateIndex(e.of, env) / e.by);
    case 'remainder':
      return floorMod(evaluateIndex(e.of, env), e.by);
  }
}

/** Names of the variables in it. */
export function variablesOf(e: Index, into: Set<string> = new Set()): Set<string> {
  switch (e.kind) {
    case 'constant':
      break;
    case 'variable':
      into.add(e.name);
      break;
    case 'sum':
      for (const t of e.terms) variablesOf(t.index, into);
      break;
    case 'quotient':
    case 'remainder':
      variablesOf(e.of, into);
  }
  return into;
}

/** Whether k provably divides e for all values of its variables. */
export function divisibleBy(e: Index, k: number): boolean {
  const { terms, constant: c } = linear(e);
  return c % k === 0 && terms.every((t) => (t.coefficient * gcdOfTerm(t.index)) % k === 0);
}

/** A number that divides every value of the expression. */
function gcdOfTerm(e: Index): number {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'variable':
    case 'quotient':
      return 1;
    case 'sum':
      return e.terms.reduce((g, t) => gcd(g, t.coefficient * gcdOfTerm(t.index)), e.constant);
    case 'remainder':
      return gcd(gcdOfTerm(e.of), e.by);
  }
}
