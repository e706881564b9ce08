/** Pieces of the language as TypeScript: `cast(x[:, 0], f32) |> dense(10)` is `x.slice(':', 0).cast('f32').pipe(nn.dense(10))`. */
import { builtins } from '../compiler/elaborate/builtins/index.ts';
import { prelude } from '../compiler/elaborate/prelude.ts';
import { type BinaryOp, type Expr, type Index, parse } from '../grammar/index.ts';
import { camelCase } from './spelling.ts';

/**
 * The same in a program; undefined where the code is none of the language, or the same in both. `program` tells which
 * functions of the library go by their bare names there.
 */
export function codeInTypeScript(code: string, program: string): string | undefined {
  const declared = /^(input|param|state) ([\w…]+): ([^=]+?)(?: = (.+))?$/.exec(code);
  if (declared !== null) {
    const [, kind = '', name = '', type = '', initial = '…'] = declared;
    return `m.${kind}('${name}', '${type}'${kind === 'input' ? '' : `, ${initial}`})`;
  }
  const option = /^(\w+)=(?!=)(.+)$/s.exec(code);
  if (option !== null) {
    const [, name = '', value = ''] = option;
    return `{ ${camelCase(name)}: ${codeInTypeScript(value, program) ?? value} }`;
  }
  const signature = /^(\w+)\(([\w?.,= ]*(?:\?|=\.\.\.)[\w?.,= ]*)\)$/.exec(code);
  if (signature !== null) return signatureText(signature[1] ?? '', signature[2] ?? '', program);
  return expressionText(code, program);
}

/** `dense(in?, units, bias=...)`: options stand in an object. */
function signatureText(name: string, list: string, program: string): string {
  const parts = list.split(/, */);
  const options = parts.filter((part) => part.includes('=')).map((part) => part.split('=')[0]);
  const required = parts.filter((part) => !part.includes('=') && part !== '');
  const last = options.map((option) => camelCase(option ?? '')).join(', ');
  const args = [...required, ...(last === '' ? [] : [`{ ${last} }`])];
  return `${libraryName(name, program) ?? name}(${args.join(', ')})`;
}

function expressionText(code: string, program: string): string | undefined {
  // Strings have other quotes, options stand in no object, and words that are left out get a name.
  const text = code
    .replaceAll(/'([^'"]*)'/g, '"$1"')
    .replaceAll(
      /(,?) *\{([^{}]*)\}(?: as [\w{}]+)?(?= *\))/g,
      (_, comma: string, entries: string) =>
        entries.trim() === '' ? '' : comma + entries.replaceAll(/(\w+) *: */g, '$1='),
    )
    .replaceAll('(...)', '(…)')
    .replaceAll('…', 'ø');
  const { file, diagnostics } = parse({ name: 'help', text: `let _ = ${text}` });
  const [statement] = file.items;
  if (diagnostics.length > 0 || file.items.length > 1 || statement?.kind !== 'let')
    return undefined;
  const writer = new Writer(program);
  try {
    const written = writer.text(statement.value).replaceAll('ø', '…');
    return writer.differs ? written : undefined;
  } catch (error) {
    if (error instanceof Untranslatable) return undefined;
    throw error;
  }
}

class Untranslatable extends Error {}

const library: ReadonlySet<string> = new Set([
  ...builtins.keys(),
  ...prelude.flatMap(({ file }) =>
    file.items.flatMap((item) =>
      item.kind === 'fn' || item.kind === 'layer' ? [item.name.text] : [],
    ),
  ),
]);

/** `nn.logSoftmax`, or bare as the program writes it; undefined for names of others. */
function libraryName(name: string, program: string): string | undefined {
  if (!library.has(name)) return undefined;
  const camel = camelCase(name);
  return new RegExp(`(?<![.\\w$])${camel}\\(`).test(program) ? camel : `nn.${camel}`;
}

const elementTypes: ReadonlySet<string> = new Set(['f32', 'f16', 'bf16', 'i32', 'u32', 'bool']);

/** Functions that tensors have as methods. */
const methods: ReadonlySet<string> = new Set(
  'reshape transpose broadcast_to cast sum mean max min argmax exp log sqrt abs tanh'.split(' '),
);

const operators: Readonly<Record<BinaryOp, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floorDiv',
  '%': 'mod',
  '@': 'matmul',
  '**': 'pow',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  and: 'and',
  or: 'or',
};

type Call = Extract<Expr, { kind: 'call' }>;

class Writer {
  /** Something has another form in TypeScript. */
  differs = false;
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  text(e: Expr): string {
    switch (e.kind) {
      case 'number':
        return e.text;
      case 'bool':
        return String(e.value);
      case 'string':
        return `'${e.value}'`;
      case 'name':
        return e.name;
      case 'paren':
        return this.text(e.value);
      case 'list':
        return `[${e.items.map((item) => (item.kind === 'item' ? this.text(item.value) : fail())).join(', ')}]`;
      case 'field':
        return `${this.#receiver(e.value)}.${e.name.text}`;
      case 'unary':
        if (e.value.kind === 'number') return `-${e.value.text}`;
        return this.#method(e.value, e.op === '-' ? 'neg' : 'not', []);
      case 'binary':
        return this.#binary(e);
      case 'index':
        return this.#method(
          e.value,
          'slice',
          e.indices.map((index) => this.#index(index)),
        );
      case 'call':
        return this.#call(e, true);
      case 'pipe':
        return this.#pipe(e);
      default:
        return fail();
    }
  }

  #method(of: Expr, name: string, args: readonly string[]): string {
    this.differs = true;
    return `${this.#receiver(of)}.${name}(${args.join(', ')})`;
  }

  /** What a method can be called on. */
  #receiver(e: Expr): string {
    const plain = ['number', 'string', 'bool', 'list', 'unary', 'binary'];
    const text = this.text(e);
    return e.kind === 'paren'
      ? this.#receiver(e.value)
      : plain.includes(e.kind) && !text.endsWith(')')
        ? fail()
        : text;
  }

  #binary({ op, left, right }: Extract<Expr, { kind: 'binary' }>): string {
    const [a, b] = [this.text(left), this.text(right)];
    if (left.kind !== 'number') return this.#method(left, operators[op], [b]);
    if (right.kind === 'number') return `${a} ${op} ${b}`;
    this.differs = true;
    return `ops.${operators[op]}(${a}, ${b})`;
  }

  #index(index: Index): string {
    if (index.kind === 'ellipsis') return "'...'";
    if (index.kind === 'at') return this.#argument(index.value);
    const { start, stop, step } = index;
    if (start === undefined && stop === undefined && step === undefined) return "':'";
    const bounds = [start, stop, ...(step === undefined ? [] : [step])];
    return `[${bounds.map((bound) => (bound === undefined ? 'null' : this.text(bound))).join(', ')}]`;
  }

  #argument(e: Expr): string {
    if (e.kind !== 'name') return this.text(e);
    if (e.name === 'None') return 'null';
    if (elementTypes.has(e.name)) {
      this.differs = true;
      return `'${e.name}'`;
    }
    return this.#libraryOr(e.name);
  }

  #libraryOr(name: string): string {
    const own = libraryName(name, this.#program);
    if (own !== undefined && own !== name) this.differs = true;
    return own ?? name;
  }

  /** `asMethod`: the first argument is a tensor, and not what a pipe will bring. */
  #call({ callee, args }: Call, asMethod: boolean): string {
    const options = args.flatMap(({ name, value }) =>
      name === undefined ? [] : [`${camelCase(name.text)}: ${this.#argument(value)}`],
    );
    if (options.length > 0) this.differs = true;
    const [first, ...rest] = args.filter(({ name }) => name === undefined).map((arg) => arg.value);
    const others = [
      ...rest.map((arg) => this.#argument(arg)),
      ...(options.length === 0 ? [] : [`{ ${options.join(', ')} }`]),
    ];
    if (callee.kind === 'name' && methods.has(callee.name) && asMethod && first !== undefined)
      return this.#method(first, camelCase(callee.name), others);
    const name = callee.kind === 'name' ? this.#libraryOr(callee.name) : this.text(callee);
    const all = first === undefined ? others : [this.#argument(first), ...others];
    return `${name}(${all.join(', ')})`;
  }

  #stage(e: Expr): string {
    if (e.kind === 'call') return this.#call(e, false);
    // Of an option such as `activation: 'relu'`.
    if (e.kind === 'string' && library.has(e.value)) return this.#libraryOr(e.value);
    return this.#argument(e);
  }

  /** Stages that no tensor stands before go into a pipe that is there, one after the other. */
  #pipe(e: Extract<Expr, { kind: 'pipe' }>): string {
    const stages: string[] = [];
    let head: Expr = e;
    while (head.kind === 'pipe') {
      const { value, as } = head.stage;
      const stage = this.#stage(value);
      stages.unshift(as === undefined ? stage : `${stage}.as('${as.text}')`);
      head = head.head;
    }
    if (head.kind === 'name' && library.has(head.name)) {
      this.differs = true;
      return [this.#libraryOr(head.name), ...stages].join(', ');
    }
    return this.#method(head, 'pipe', stages);
  }
}

function fail(): never {
  throw new Untranslatable();
}
