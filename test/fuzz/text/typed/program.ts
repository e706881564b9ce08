/**
 * Random programs that should mean something: inputs, declarations, statements whose expressions have the types
 * that they are asked for, losses, metrics and a training section. Most of them have no error.
 */
import { randomFrom, shuffled } from '../../random.ts';
import { type Declared, declaredFn, declaredLayer, importedNames } from './declarations.ts';
import { expression } from './expression.ts';
import { chance, of, pick, type Scope, typeText, type Variable } from './made.ts';
import { statements } from './statements.ts';

export function typedProgram(seed: number): string {
  const random = randomFrom(seed);
  const used = new Map<string, number>();
  const fresh = (stem: string): string => {
    const count = used.get(stem) ?? 0;
    used.set(stem, count + 1);
    return `${stem}${count}`;
  };
  const start: Scope = { random, variables: [], callables: [], symbols: ['n'], mayOwn: true };
  const own = Array.from(
    { length: random(3) },
    (_, i): Declared =>
      random(2) === 0 ? declaredFn(start, `own${i}`) : declaredLayer(start, `block${i}`),
  );
  const declared = [...own, ...(random(5) === 0 ? importedNames() : [])];
  const inputs: readonly Variable[] = [
    { name: 'x', type: of('f32', ['n', 3]) },
    { name: 'z', type: of('f32', ['n', 't', 4]) },
    { name: 'ids', type: of('i32', ['n']) },
    { name: 'u', type: of('f32', [4]) },
  ];
  let scope: Scope = {
    ...start,
    variables: inputs,
    callables: declared.map((one) => one.callable),
  };
  const lines: string[] = [];
  for (let count = 2 + random(7); count > 0; count--) {
    const said = pick(scope, statements)(scope, fresh);
    if (said === undefined) continue;
    lines.push(...said.lines);
    // What came last is used first.
    scope = { ...scope, variables: [...(said.names ?? []), ...scope.variables] };
  }
  return [
    ...(random(4) === 0 ? ['nn 0.1'] : []),
    ...(random(4) === 0 ? ['dim n <= 512, t <= 64'] : []),
    ...shuffled(random, [
      ...inputs.map(({ name, type }) => `input ${name}: ${typeText(type)}`),
      ...declared.map((one) => one.text).filter((text) => text !== ''),
      'input label: u8[n]',
    ]),
    ...lines,
    ...ending(scope, fresh),
    '',
  ].join('\n');
}

const optimizers = [
  ...['sgd(lr=0.1)', 'adam()', 'adam(lr=warmup(1e-3, 10))', 'rmsprop(lr=1e-3)', 'momentum(mu=0.5)'],
  ...['adagrad()', 'adamw(decay=0.1)', 'nesterov()', 'heavy_ball()', 'adadelta()', 'adamax()'],
  ...['amsgrad()', 'sgd(lr=0.1, decay=0.01)'],
];
const schedules = [
  ...['cosine_decay(0.1, 100)', 'linear_warmup(0.1, 10)', 'warmup_cosine(0.1, 10, 100)'],
  ...['cosine_cycle(0.1, 20)', 'linear_decay(0.1, 100)', 'polynomial_decay(0.1, 100, 2)'],
  ...[
    'exponential_decay(0.1, 0.9, 10)',
    'inverse_time_decay(0.1, 0.5, 10)',
    'inverse_sqrt(0.1, 9)',
  ],
  ...['step_decay(0.1, 0.5, 10)', 'multistep(0.1, 0.1, [5, 12])', 'triangular(0.1, 20)'],
  ...['piecewise([10, 20], [0.1, 0.01, 0.001])', 'warmup(0.1, 10)'],
];
const clips = ['1.0', 'by_norm(5, order=1)', 'by_max(2)', 'by_own_norm(1)', 'by_value(0.5)'];

/** An output at least, and mostly something to train. */
function ending(s: Scope, fresh: (stem: string) => string): readonly string[] {
  const scores = expression(s, of('f32', ['n', 4]), 3).text;
  const logits = fresh('logits');
  const lines = [`let ${logits} = (${scores}) |> dense(5)`, `output ${fresh('o')} = ${logits}`];
  if (chance(s, 4)) return lines;
  lines.push(`loss = softmax_crossentropy(${logits}, label)`);
  if (chance(s, 3)) lines.push(`loss ${fresh('l')} = ${expression(s, of('f32', []), 3).text}`);
  lines.push(`metric accuracy = accuracy(${logits}, label)`);
  if (chance(s, 2)) lines.push(`metric ${fresh('m')} = ${expression(s, of('f32', []), 3).text}`);
  const keys = shuffled(s.random, [
    `optimizer: ${chance(s, 2) ? pick(s, optimizers) : `adam(lr=${pick(s, schedules)})`}`,
    `batch: ${pick(s, ['32', '"all"'])}`,
    'epochs: 3',
    ...(chance(s, 3) ? [`clip: ${pick(s, clips)}`] : []),
    ...(chance(s, 3) ? ['validation: 0.2'] : []),
  ]);
  return chance(s, 4) ? lines : [...lines, `train { ${keys.join(', ')} }`];
}
