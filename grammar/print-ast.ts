/**
 * The AST as text (`nnc compile --emit=ast`, tests): one S-expression an item, indented where it does
 * not fit in a line. Spans are left out, so two texts that mean the same tree print the same.
 */
import type {
  Arg,
  Axis,
  Body,
  Entry,
  Expr,
  File,
  Index,
  Item,
  ListItem,
  Name,
  Param,
  Pattern,
  Stage,
  TypeExpr,
} from './ast.ts';

/** A word, or a list of such. */
type Sexp = string | readonly Sexp[];

const lineWidth = 100;

export function printAst(file: File): string {
  const version: readonly Sexp[] = file.version === undefined ? [] : [['nn', file.version.text]];
  const items = [...version, ...file.items.map(item)];
  return items.map((sexp) => `${layout(sexp, 0)}\n`).join('');
}

/** One expression on one line: `(+ a (* b c))`. */
export function printExpr(expr: Expr): string {
  return flat(expression(expr));
}

function flat(sexp: Sexp): string {
  return typeof sexp === 'string' ? sexp : `(${sexp.map(flat).join(' ')})`;
}

function layout(sexp: Sexp, indent: number): string {
  const line = flat(sexp);
  if (typeof sexp === 'string' || indent + line.length <= lineWidth) return line;
  // The head stays with the atoms behind it; every list goes to a line of its own.
  const split = sexp.findIndex((part, i) => i > 0 && typeof part !== 'string');
  if (split < 0) return line;
  const head = sexp.slice(0, split).map(flat).join(' ');
  const pad = ' '.repeat(indent + 2);
  const rest = sexp.slice(split).map((part) => `\n${pad}${layout(part, indent + 2)}`);
  return `(${head}${rest.join('')})`;
}

function item(node: Item): Sexp {
  switch (node.kind) {
    case 'import':
      return node.as === undefined
        ? ['import', quoted(node.path.text), ...node.names.map(text)]
        : ['import', quoted(node.path.text), 'as', node.as.text];
    case 'layer': {
      const tensors = node.tensors === undefined ? [] : [node.tensors.map(param)];
      const result = node.result === undefined ? [] : [['->', type(node.result)]];
      return [
        'layer',
        node.name.text,
        node.config.map(param),
        ...tensors,
        ...result,
        ...body(node.body),
      ];
    }
    case 'fn': {
      const result = node.result === undefined ? [] : [['->', type(node.result)]];
      const rule =
        node.vjp === undefined
          ? []
          : [['vjp', node.vjp.params.map(param), expression(node.vjp.value)]];
      return ['fn', node.name.text, node.params.map(param), ...result, ...body(node.body), ...rule];
    }
    case 'const':
      return ['const', node.name.text, expression(node.value)];
    case 'dim':
      return [
        'dim',
        ...node.facts.map(
          ({ name, relation, bound }): Sexp =>
            relation === undefined || bound === undefined
              ? name.text
              : [relation, name.text, expression(bound)],
        ),
      ];
    case 'train':
    case 'policy':
      return [node.kind, ...optional(node.name), ...node.entries.map(entry)];
    case 'let':
      return ['let', pattern(node.pattern), ...optionalType(node.type), expression(node.value)];
    case 'input':
      return ['input', node.name.text, type(node.type)];
    case 'param':
    case 'state':
      return [node.kind, node.name.text, ...optionalType(node.type), expression(node.value)];
    case 'output': {
      const value = node.value === undefined ? [] : [expression(node.value)];
      return ['output', ...node.names.map(text), ...value];
    }
    case 'loss':
      return ['loss', ...optional(node.name), expression(node.value)];
    case 'update':
    case 'metric':
      return [node.kind, node.name.text, expression(node.value)];
    case 'expect':
    case 'return':
    case 'chain':
      return [node.kind, expression(node.value)];
    default:
      return node satisfies never;
  }
}

function body(node: Body): readonly Sexp[] {
  return node.kind === 'expression' ? [['=', expression(node.value)]] : node.stmts.map(item);
}

function entry(node: Entry): Sexp {
  return node.entries === undefined
    ? [`${node.key.text}:`, expression(node.value)]
    : [`${node.key.text}:`, ...node.entries.map(entry)];
}

function param(node: Param): Sexp {
  const name = pattern(node.pattern);
  const marked = node.optional ? `${flat(name)}?` : name;
  const value = node.default === undefined ? [] : ['=', expression(node.default)];
  const parts = [...optionalType(node.type), ...value];
  return parts.length === 0 ? marked : [marked, ...parts];
}

function pattern(node: Pattern): Sexp {
  return node.kind === 'name' ? node.name.text : [node.kind, ...node.items.map(pattern)];
}

function type(node: TypeExpr): Sexp {
  return node.axes === undefined ? node.name.text : [node.name.text, ...node.axes.map(axis)];
}

function optionalType(node: TypeExpr | undefined): readonly Sexp[] {
  return node === undefined ? [] : [[':', type(node)]];
}

function optional(name: Name | undefined): readonly Sexp[] {
  return name === undefined ? [] : [name.text];
}

function axis(node: Axis): Sexp {
  return node.kind === 'size' ? expression(node.value) : `...${node.name?.text ?? ''}`;
}

function expression(node: Expr): Sexp {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'string':
      return quoted(node.value);
    case 'bool':
      return String(node.value);
    case 'name':
      return node.name;
    case 'missing':
      return '<missing>';
    case 'tuple':
      return ['tuple', ...node.items.map(expression)];
    case 'paren':
      return expression(node.value);
    case 'list':
      return ['list', ...node.items.map(listItem)];
    case 'unary':
      return [node.op, expression(node.value)];
    case 'binary':
      return [node.op, expression(node.left), expression(node.right)];
    case 'pipe':
      return ['|>', expression(node.head), stage(node.stage)];
    case 'as':
      return ['as', expression(node.value), node.name.text];
    case 'if':
      return ['if', expression(node.condition), expression(node.then), expression(node.else)];
    case 'lambda':
      return ['fn', node.params.map(param), ...body(node.body)];
    case 'call':
      return ['call', expression(node.callee), ...node.args.map(argument)];
    case 'index':
      return ['index', expression(node.value), ...node.indices.map(index)];
    case 'field':
      return ['.', expression(node.value), node.name.text];
    case 'trailing':
      return ['trailing', expression(node.callee), expression(node.block)];
    case 'block':
      return ['block', expression(node.value)];
    case 'repeat': {
      const head = node.variable === undefined ? [] : [node.variable.text];
      return ['repeat', ...head, over(node.over), expression(node.body)];
    }
    default:
      return node satisfies never;
  }
}

function over(node: Extract<Expr, { kind: 'repeat' }>['over']): Sexp {
  return node.kind === 'range'
    ? ['..', expression(node.from), expression(node.to)]
    : expression(node.value);
}

function stage(node: Stage): Sexp {
  const value = expression(node.value);
  return node.as === undefined ? value : ['as', value, node.as.text];
}

function argument(node: Arg): Sexp {
  const value = expression(node.value);
  return node.name === undefined ? value : [`${node.name.text}=`, value];
}

function listItem(node: ListItem): Sexp {
  return node.kind === 'item' ? expression(node.value) : `...${node.name.text}`;
}

function index(node: Index): Sexp {
  switch (node.kind) {
    case 'at':
      return expression(node.value);
    case 'ellipsis':
      return '...';
    case 'slice':
      return [
        ':',
        ...[node.start, node.stop, node.step].map(
          (part): Sexp => (part === undefined ? '_' : expression(part)),
        ),
      ];
    default:
      return node satisfies never;
  }
}

function text(name: Name): Sexp {
  return name.text;
}

function quoted(value: string): string {
  return JSON.stringify(value);
}
