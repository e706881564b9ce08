/** The grammar of the language's reference as data, so that random programs come from what is written there. */

export type Form =
  | { readonly kind: 'literal'; readonly text: string }
  /** A rule of the grammar, or a kind of word (`ID`, `NUM`, …). */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Form[] }
  | { readonly kind: 'choice'; readonly options: readonly Form[] }
  | { readonly kind: 'optional' | 'repeated'; readonly form: Form };

export type Grammar = ReadonlyMap<string, Form>;

/** The first block of a page that is marked as EBNF. */
export function grammarIn(page: string): Grammar {
  const [, text] = /^```ebnf\n([\s\S]*?)^```$/m.exec(page) ?? [];
  if (text === undefined) throw new Error('the page has no grammar');
  return readEbnf(text);
}

export function readEbnf(text: string): Grammar {
  const words = text.match(/"[^"]*"|\w+|\S/g) ?? [];
  let at = 0;
  const next = (): string => words[at] ?? '';
  const take = (expected?: string): string => {
    const word = next();
    if (expected !== undefined && word !== expected)
      throw new Error(`expected ${expected} and found ${word} (word ${at} of the grammar)`);
    at++;
    return word;
  };
  const choice = (): Form => {
    const options = [sequence()];
    for (; next() === '|'; options.push(sequence())) take();
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  };
  const sequence = (): Form => {
    const parts: Form[] = [];
    while (!['', '|', ';', ')', ']', '}'].includes(next())) parts.push(item());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'sequence', parts };
  };
  const item = (): Form => {
    const word = take();
    if (word.startsWith('"')) return { kind: 'literal', text: word.slice(1, -1) };
    if (/^\w/.test(word)) return { kind: 'name', name: word };
    const form = choice();
    take(word === '(' ? ')' : word === '[' ? ']' : '}');
    return word === '(' ? form : { kind: word === '[' ? 'optional' : 'repeated', form };
  };
  const rules = new Map<string, Form>();
  while (next() !== '') {
    const name = take();
    take('=');
    rules.set(name, choice());
    take(';');
  }
  return rules;
}

/** A form and all forms inside it. */
export function formsOf(form: Form): readonly Form[] {
  switch (form.kind) {
    case 'literal':
    case 'name':
      return [form];
    case 'sequence':
      return [form, ...form.parts.flatMap(formsOf)];
    case 'choice':
      return [form, ...form.options.flatMap(formsOf)];
    case 'optional':
    case 'repeated':
      return [form, ...formsOf(form.form)];
    default:
      return form satisfies never;
  }
}
