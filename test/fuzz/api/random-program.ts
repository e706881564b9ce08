/** Random models of layers, in layers, functions, rounds and blocks, some used twice: as text, and as a program. */
import { pickFrom, type Random, randomFrom } from '../random.ts';

/** What stands in a pipe. */
type Stage =
  | { readonly kind: 'leaf'; readonly text: string; readonly ts: string }
  | { readonly kind: 'used'; readonly name: string }
  | { readonly kind: 'chain'; readonly parts: readonly Stage[] }
  | { readonly kind: 'residual'; readonly inner: Stage; readonly isFunction: boolean }
  | { readonly kind: 'repeat'; readonly count: number; readonly inner: Stage }
  | { readonly kind: 'as'; readonly inner: Stage; readonly name: string };

interface Program {
  /** Declared layers, by name; each may use those before it. */
  readonly blocks: readonly (readonly [string, Stage])[];
  readonly lets: readonly (readonly [string, Stage])[];
  readonly output: readonly Stage[];
  /** What only the graph for training has comes first. */
  readonly trainsOtherwise: boolean;
}

const leaves = [
  ['dense(8)', 'nn.dense(8)'],
  ['dense(8, bias=false)', 'nn.dense(8, { bias: false })'],
  ['layer_norm', 'nn.layerNorm()'],
  ['ffn(16)', 'nn.ffn(16)'],
  ['dropout(0.1)', 'nn.dropout(0.1)'],
  ['relu', 'nn.relu'],
] as const;

/** As TypeScript and, where a function of the program does not hide when its layers are made, as text. */
export interface RandomProgram {
  /** Statements that leave a model in `net`; `model`, `layer`, `repeat` and `nn` are there. */
  readonly lines: readonly string[];
  readonly text: string | undefined;
  readonly trainsOtherwise: boolean;
}

export function randomProgram(seed: number): RandomProgram {
  const random = randomFrom(seed);
  // The first seeds are small, so that the first that fails is short.
  const most = 2 + Math.min(4, Math.floor((seed % 1000) / 40));
  const program = drawn(random, most);
  const hasFunctions = JSON.stringify(program).includes('"isFunction":true');
  const { trainsOtherwise } = program;
  const text = hasFunctions || trainsOtherwise ? undefined : textOf(program);
  return { lines: linesOf(program), text, trainsOtherwise };
}

function drawn(random: Random, most: number): Program {
  const blocks = Array.from({ length: random(3) }, (_, i) => `block${i}`).map(
    (name, i) => [name, chain(random, most, declared(i))] as const,
  );
  const known = declared(blocks.length);
  const lets = Array.from({ length: random(3) }, (_, i) => `part${i}`).map(
    (name) => [name, chain(random, most - 1, known)] as const,
  );
  const names = lets.map(([name]): Stage => ({ kind: 'used', name }));
  // A text names what a `let` has where it stands, a program where it is used first: here it is the same.
  const rest = Array.from({ length: 1 + random(most) }, () =>
    stage(random, most, [...known, ...names]),
  );
  const output = [...names, ...rest];
  return { blocks, lets, output, trainsOtherwise: random(4) === 0 };
}

const declared = (count: number): readonly Stage[] =>
  Array.from(
    { length: count },
    (_, i): Stage => ({ kind: 'leaf', text: `block${i}()`, ts: `block${i}()` }),
  );

const leaf = (random: Random): Stage => {
  const [text, ts] = pickFrom(random, leaves);
  return { kind: 'leaf', text, ts };
};

/** Begins with what has a `pipe`. */
const chain = (random: Random, deep: number, known: readonly Stage[]): Stage => ({
  kind: 'chain',
  parts: [
    { kind: 'leaf', text: 'dense(8)', ts: 'nn.dense(8)' },
    ...Array.from({ length: random(3) }, () => stage(random, deep - 1, known)),
  ],
});

function stage(random: Random, deep: number, known: readonly Stage[]): Stage {
  if (deep <= 0 || random(3) === 0) return leaf(random);
  if (known.length > 0 && random(3) === 0) return pickFrom(random, known);
  switch (random(4)) {
    case 0:
      return chain(random, deep, known);
    case 1:
      return {
        kind: 'residual',
        inner: chain(random, deep, known),
        isFunction: random(3) === 0,
      };
    case 2:
      return { kind: 'repeat', count: 1 + random(3), inner: chain(random, deep, known) };
    default:
      return { kind: 'as', inner: chain(random, deep, known), name: pickFrom(random, names) };
  }
}
const names = ['left', 'right'] as const;

function linesOf({ blocks, lets, output, trainsOtherwise }: Program): readonly string[] {
  return [
    ...blocks.map(
      ([name, inner]) => `const ${name} = layer('${name}', {}, () => ${programOf(inner)});`,
    ),
    "const net = model('net', (m) => {",
    ...lets.map(([name, inner]) => `  const ${name} = ${programOf(inner)}.as('${name}');`),
    "  const x = m.input('x', 'f32[n, 8]');",
    `  const h = ${trainsOtherwise ? 'm.training ? nn.residual((z) => z.mul(2))(x) : x' : 'x'};`,
    `  m.output('y', h.pipe(${output.map(programOf).join(', ')}));`,
    '});',
  ];
}

function programOf(stage: Stage): string {
  switch (stage.kind) {
    case 'leaf':
      return stage.ts;
    case 'used':
      return stage.name;
    case 'chain': {
      const [first, ...rest] = stage.parts.map(programOf);
      return rest.length === 0 ? `${first}` : `${first}.pipe(${rest.join(', ')})`;
    }
    case 'residual': {
      const inner = programOf(stage.inner);
      return stage.isFunction ? `nn.residual((z) => z.pipe(${inner}))` : `nn.residual(${inner})`;
    }
    case 'repeat':
      return `repeat(${stage.count}, () => ${programOf(stage.inner)})`;
    case 'as':
      return `${programOf(stage.inner)}.as('${stage.name}')`;
  }
}

function textOf({ blocks, lets, output }: Program): string {
  return [
    ...blocks.map(([name, inner]) => `layer ${name}() = ${chainText(inner)}`),
    ...lets.map(([name, inner]) => `let ${name} = ${stageText(inner)}`),
    'input x: f32[n, 8]',
    `output y = x |> ${output.map(stageText).join(' |> ')}`,
    '',
  ].join('\n');
}

const chainText = (stage: Stage): string =>
  stage.kind === 'chain' ? stage.parts.map(stageText).join(' |> ') : stageText(stage);

function stageText(stage: Stage): string {
  switch (stage.kind) {
    case 'leaf':
      return stage.text;
    case 'used':
      return stage.name;
    case 'chain':
      return stage.parts.length === 1 ? chainText(stage) : `{ ${chainText(stage)} }`;
    case 'residual':
      return `residual { ${chainText(stage.inner)} }`;
    case 'repeat':
      return `repeat ${stage.count} { ${chainText(stage.inner)} }`;
    case 'as':
      return `${stageText(stage.inner)} as ${stage.name}`;
  }
}
