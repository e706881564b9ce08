/** Random words from a grammar: a derivation that grows freely up to a number of words, and then ends as soon as it can. */
import type { Random } from '../random.ts';
import { pickFrom } from '../random.ts';
import type { Form, Grammar } from './ebnf.ts';

export interface Derivation {
  readonly grammar: Grammar;
  readonly random: Random;
  /** A word of each kind that the grammar only names; `type.ID` is an `ID` in the rule `type`. */
  readonly words: Readonly<Record<string, () => string>>;
  /** Collects the forms that were used. */
  readonly used?: Set<Form>;
}

export function derive(d: Derivation, start: Form, most: number): readonly string[] {
  const { grammar, random, used } = d;
  const depths = depthsOf(grammar);
  const words: string[] = [];
  const isFull = (): boolean => words.length >= most;
  const put = (form: Form, rule: string): void => {
    used?.add(form);
    switch (form.kind) {
      case 'literal':
        words.push(form.text);
        break;
      case 'name': {
        const word = d.words[`${rule}.${form.name}`] ?? d.words[form.name];
        if (word !== undefined) words.push(word());
        else put(ruleOf(grammar, form.name), form.name);
        break;
      }
      case 'sequence':
        for (const part of form.parts) put(part, rule);
        break;
      case 'choice': {
        const least = Math.min(...form.options.map((one) => depthOf(depths, one)));
        const short = form.options.filter((one) => depthOf(depths, one) === least);
        put(pickFrom(random, isFull() ? short : form.options), rule);
        break;
      }
      case 'optional':
        if (!isFull() && random(3) === 0) put(form.form, rule);
        break;
      case 'repeated':
        while (!isFull() && random(4) === 0) put(form.form, rule);
        break;
      default:
        form satisfies never;
    }
  };
  put(start, '');
  return words;
}

function ruleOf(grammar: Grammar, name: string): Form {
  const rule = grammar.get(name);
  if (rule === undefined) throw new Error(`the grammar has no rule ${name}`);
  return rule;
}

const known = new WeakMap<Grammar, ReadonlyMap<string, number>>();

/** How many rules lie at least inside one another below each rule. */
function depthsOf(grammar: Grammar): ReadonlyMap<string, number> {
  const before = known.get(grammar);
  if (before !== undefined) return before;
  const depths = new Map<string, number>([...grammar.keys()].map((name) => [name, 1000]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, form] of grammar) {
      const depth = 1 + depthOf(depths, form);
      if (depth >= (depths.get(name) ?? 0)) continue;
      depths.set(name, depth);
      changed = true;
    }
  }
  known.set(grammar, depths);
  return depths;
}

function depthOf(depths: ReadonlyMap<string, number>, form: Form): number {
  switch (form.kind) {
    case 'literal':
    case 'optional':
    case 'repeated':
      return 0;
    case 'name':
      return depths.get(form.name) ?? 0;
    case 'sequence':
      return Math.max(0, ...form.parts.map((part) => depthOf(depths, part)));
    case 'choice':
      return Math.min(...form.options.map((one) => depthOf(depths, one)));
    default:
      return form satisfies never;
  }
}
