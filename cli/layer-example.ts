/** How something of the library is written in a file, made from its own signature and the topic that it belongs to. Pure. */
import type { Declared, DeclaredParam } from './declarations.ts';

/** Values that stand for arguments of a name; of others their type says enough. */
const usual: Readonly<Record<string, string>> = {
  units: '10',
  rows: '1000',
  width: '16',
  hidden: '64',
  heads: '4',
  groups: '4',
  slope: '0.1',
  rate: '0.5',
  f: 'relu',
  layers: '[dense(64), relu]',
  limit: '1.0',
  n: '10',
  k: '3',
  lo: '0',
  hi: '1',
  peak: '1e-3',
  initial: '1e-3',
  warm: '100',
  total: '1000',
  every: '100',
  factor: '0.5',
  power: '2',
  period: '1000',
  at: '[100, 200]',
  values: '[1e-3, 1e-4, 1e-5]',
  alpha: '1.0',
  value: '0.01',
};

/** Absent where the doc or the signature say all there is to say. */
export function exampleOf(one: Declared): string | undefined {
  const { kind, name, file, tensors } = one;
  const needed = one.params.filter((p) => p.default === undefined && !p.optional);
  if (kind === 'built in') return builtInExample(one);
  const call = (params: readonly DeclaredParam[]): string =>
    params.length === 0 ? name : `${name}(${params.map(argument).join(', ')})`;
  switch (file.replace(/^std\/|\.nn$/g, '')) {
    case 'optimizers':
      return kind === 'layer'
        ? `train { optimizer: ${call(needed)}${needed.length === 0 ? '()' : ''} }`
        : undefined;
    case 'clipping':
      return `train { optimizer: adam(), clip: ${call(needed)} }`;
    case 'schedules':
      return needed.length < 2 ? undefined : `train { optimizer: adam(lr=${call(needed)}) }`;
    case 'initialisers':
      return `x |> dense(10, init=${name === 'constant' ? call(needed) : name})`;
    case 'losses':
      return `loss = ${name}(${needed.map((p) => p.name).join(', ')})`;
    case 'metrics':
      return `metric m = ${name}(${needed.map((p) => (p.type === 'int' ? argument(p) : p.name)).join(', ')})`;
    default: {
      if (kind === 'layer') return piped(tensors, call(needed));
      const [first, ...rest] = needed;
      return first === undefined ? undefined : piped([first], call(rest));
    }
  }
}

/** Several tensors are no pipe. */
function piped(tensors: readonly DeclaredParam[], call: string): string | undefined {
  const [only, second] = tensors;
  return only === undefined || second !== undefined ? undefined : `${only.name} |> ${call}`;
}

function argument({ name, type }: DeclaredParam): string {
  const known = usual[name];
  if (known !== undefined) return known;
  if (type === 'dim' || type === 'int') return '8';
  return type === '' || /\[/.test(type) ? name : '0.1';
}

/** The first call of it that its doc writes out. */
function builtInExample({ name, doc }: Declared): string | undefined {
  const written = [...doc.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return written.find((code) => code.includes(`${name}(`));
}
