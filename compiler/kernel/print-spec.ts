/**
 * Kernel specs as text, for people and golden prints: the axes, what is bound, then one line for each
 * reduction and store. Values that are used more than once have a line and a name of their own.
 *
 *     contract m[i0<64] n[i1<256] k[k0<784] f32
 *       reads   image u8[50176], dense.W f32[200704], dense.b f32[256]
 *       writes  t26 f32[16384] (select)
 *       #0 = sum over k of (f32(image[784*i0 + k0]) / 255) * dense.W[i1 + 256*k0]
 *       v0 = #0 + dense.b[i1]
 *       t26[256*i0 + i1] = select(v0 > 0, v0, 0)
 */
import type { Index } from '../index/index-expr.ts';
import { rootsOf } from './roots.ts';
import { operandNumbers } from './side-by-side.ts';
import type { Axis, KernelSpec, SingleSpec, Tensor } from './spec.ts';
import { partsOf, type Value, valuesBelow } from './value.ts';

export const printSpec = (spec: KernelSpec): string => printNamed(spec, namesOf(spec));

/** What the kernel computes and nothing else: operands have their position for a name, and no origin. */
export const printAnonymousSpec = (spec: KernelSpec): string =>
  printNamed(
    spec,
    spec.operands.map((_, i) => ({ name: `b${i}`, made: '' })),
  );

function printNamed(spec: KernelSpec, names: Names): string {
  if (spec.kind !== 'side-by-side')
    return [headline(spec), ...bindings(spec, names), ...definitions(spec, names)].join('\n  ');
  const parts = spec.parts.map((part) => {
    const numbers = operandNumbers(part, spec.operands);
    return printNamed(
      part,
      numbers.map((n) => names[n] ?? { name: 't?', made: '' }),
    );
  });
  return ['side by side', ...parts.flatMap((text) => text.split('\n'))].join('\n  ');
}

/** Of each operand: what the text calls it, and by what it was made, with brackets around. */
type Names = readonly { readonly name: string; readonly made: string }[];

const namesOf = ({ operands }: KernelSpec): Names =>
  operands.map(({ tensor }) => {
    const name = tensorName(tensor);
    return { name, made: name === `t${tensor.id}` ? ` (${tensor.node.op.name})` : '' };
  });

/** Shared values, reductions and stores, each after what it uses. */
function definitions(spec: SingleSpec, operandNames: Names): string[] {
  const operand = (index: number): string => operandNames[index]?.name ?? 't?';
  const names = nameShared(spec);
  const text = (value: Value): string => names.get(value) ?? valueText(value, text, operand);
  const reductions = reductionsOf(spec, text);
  const done = new Set<Value | number>();
  const lines: string[] = [];

  const define = (value: Value): void => {
    for (const part of valuesBelow([value])) {
      if (part.kind === 'reduced') reduce(part.reduction);
      const name = names.get(part);
      if (name === undefined || done.has(part)) continue;
      done.add(part);
      lines.push(`${name} = ${valueText(part, text, operand)}`);
    }
  };
  const reduce = (number: number): void => {
    const reduction = reductions[number];
    if (reduction === undefined || done.has(number)) return;
    done.add(number);
    reduction.values.forEach(define);
    lines.push(`#${number} = ${reduction.text()}`);
  };

  reductions.forEach((_, number) => {
    reduce(number);
  });
  for (const store of spec.stores) {
    define(store.value);
    const stages = spec.kind === 'row' || (spec.kind === 'contract' && spec.lines !== undefined);
    const every = stages && store.over === 'full' ? ' (every element)' : '';
    lines.push(
      `${operand(store.operand)}[${indexText(store.index)}] = ${text(store.value)}${every}`,
    );
  }
  return lines;
}

/** An input by its name, anything else by its number in the program. */
export function tensorName(tensor: Tensor | undefined): string {
  const name = tensor?.node.attrs['name'];
  const isInput = tensor?.node.op.lowering.kind === 'leaf' && typeof name === 'string';
  return isInput ? name : `t${tensor?.id ?? '?'}`;
}

function headline(spec: SingleSpec): string {
  switch (spec.kind) {
    case 'map':
      return `map ${axesText(spec.axes)}`;
    case 'row':
      return `row ${axesText(spec.axes)} reduces ${axesText(spec.reducedAxes)}`;
    case 'contract': {
      const { batch, m, n, k, dtype } = spec.contraction;
      const groups = [
        ['batch', batch],
        ['m', m],
        ['n', n],
        ['k', k],
      ] as const;
      const shown = groups.filter(([, axes]) => axes.length > 0);
      return `contract ${shown.map(([label, axes]) => `${label}${axesText(axes)}`).join(' ')} ${dtype}`;
    }
    case 'prefix': {
      const way = `${spec.reverse ? ' reverse' : ''}${spec.exclusive ? ' exclusive' : ''}`;
      return `prefix ${axesText(spec.axes)} along ${axesText([spec.along])}${way}`;
    }
    default:
      return spec satisfies never;
  }
}

const axesText = (axes: readonly Axis[]): string =>
  `[${axes.map(({ name, size }) => `${name}<${size}`).join(', ')}]`;

function bindings({ operands }: KernelSpec, names: Names): string[] {
  const list = (accesses: readonly string[]): string[] =>
    operands.flatMap(({ tensor, access }, i) =>
      accesses.includes(access)
        ? [`${names[i]?.name} ${tensor.storage}[${tensor.elements}]${names[i]?.made}`]
        : [],
    );
  const lines: [string, string[]][] = [
    ['reads  ', list(['read'])],
    ['writes ', list(['write'])],
    ['updates', list(['read_write'])],
  ];
  return lines.flatMap(([label, items]) =>
    items.length === 0 ? [] : [`${label} ${items.join(', ')}`],
  );
}

interface ReductionText {
  readonly values: readonly Value[];
  text(): string;
}

function reductionsOf(spec: SingleSpec, text: (value: Value) => string): readonly ReductionText[] {
  switch (spec.kind) {
    case 'row':
      return spec.reductions.map(({ combine, body, dtype }) => ({
        values: [body],
        text: () => `${combine} ${dtype} of ${text(body)}`,
      }));
    case 'contract': {
      const { a, b } = spec.contraction;
      return [
        { values: [a, b], text: () => `sum over k of ${factor(a, text)} * ${factor(b, text)}` },
        ...(spec.lines?.reductions.map(({ combine, body, dtype }) => ({
          values: [body],
          text: () => `${combine} ${dtype} over ${spec.lines?.over} of ${text(body)}`,
        })) ?? []),
        ...(spec.blocks?.reductions.map(({ combine, body, dtype }) => ({
          values: [body],
          text: () =>
            `${combine} ${dtype} over ${spec.blocks?.m} of m by ${spec.blocks?.n} of n of ${text(body)}`,
        })) ?? []),
      ];
    }
    case 'prefix':
      return [
        {
          values: [spec.body],
          text: () => `running ${spec.combine} ${spec.dtype} of ${text(spec.body)}`,
        },
      ];
    case 'map':
      return [];
    default:
      return spec satisfies never;
  }
}

const factor = (value: Value, text: (value: Value) => string): string => {
  const written = text(value);
  const isSum = value.kind === 'apply' && infix[value.fn.name] !== undefined;
  return isSum && written.includes(' ') ? `(${written})` : written;
};

/** Compound values that several others or stores use, in an order that defines before use. */
function nameShared(spec: SingleSpec): ReadonlyMap<Value, string> {
  const roots = rootsOf(spec);
  const uses = new Map<Value, number>();
  const count = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const root of roots) count(root);
  const all = valuesBelow(roots);
  for (const value of all) for (const part of partsOf(value)) count(part);
  const shared = all.filter(
    (value) => (uses.get(value) ?? 0) > 1 && (value.kind === 'apply' || value.kind === 'guarded'),
  );
  return new Map(shared.map((value, i) => [value, `v${i}`]));
}

const infix: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  eq: '==',
  lt: '<',
  gt: '>',
  and: 'and',
  or: 'or',
};

function valueText(
  value: Value,
  text: (value: Value) => string,
  operand: (index: number) => string,
): string {
  const gathered = (name: string): string | undefined => {
    const through = 'through' in value ? value.through.find((g) => g.name === name) : undefined;
    return through && text(through.value);
  };
  switch (value.kind) {
    case 'load':
      return `${operand(value.operand)}[${indexText(value.index, gathered)}]`;
    case 'literal':
      return String(value.value);
    case 'index':
      return `index(${indexText(value.index, gathered)})`;
    case 'reduced':
      return `#${value.reduction}`;
    case 'cast':
      return `${value.dtype}(${text(value.arg)})`;
    case 'guarded': {
      const guards = value.guards.map(
        ({ index, size }) => `0 <= ${indexText(index, gathered)} < ${size}`,
      );
      return `if(${guards.join(' and ')}, ${text(value.inside)}, ${text(value.outside)})`;
    }
    case 'apply': {
      const sign = infix[value.fn.name];
      if (sign === undefined || value.args.length !== 2)
        return `${value.fn.name}(${value.args.map(text).join(', ')})`;
      return value.args.map((arg) => factor(arg, text)).join(` ${sign} `);
    }
    default:
      return value satisfies never;
  }
}

type Naming = (name: string) => string | undefined;

function indexText(index: Index, gathered: Naming = () => undefined): string {
  const inner = (e: Index): string =>
    e.kind === 'sum' ? `(${indexText(e, gathered)})` : indexText(e, gathered);
  switch (index.kind) {
    case 'constant':
      return String(index.value);
    case 'variable':
      return gathered(index.name) ?? index.name;
    case 'sum': {
      const terms = index.terms.map(({ index: of, coefficient }) =>
        coefficient === 1 ? indexText(of, gathered) : `${coefficient}*${indexText(of, gathered)}`,
      );
      const all = [...terms, ...(index.constant === 0 ? [] : [String(index.constant)])];
      return all.join(' + ').replaceAll('+ -', '- ');
    }
    case 'quotient':
      return `(${inner(index.of)} / ${index.by})`;
    case 'remainder':
      return `(${inner(index.of)} % ${index.by})`;
    default:
      return index satisfies never;
  }
}
