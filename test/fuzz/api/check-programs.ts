/**
 * A process of its own, for stacks as Node writes them: builds random programs from the files that it writes, and says which are
 * not the model that their text is, or not the same wherever their places are known from.
 *
 *     node check-programs.ts FOLDER FIRST_SEED COUNT
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, type Model } from '../../../api/index.ts';
import { places, usePlaces } from '../../support/places.ts';
import { randomProgram } from './random-program.ts';

const [folder = '', first = '0', count = '1'] = process.argv.slice(2);
const api = pathToFileURL(path.resolve(import.meta.dirname, '../../../api/index.ts')).href;
const programs = Array.from({ length: Number(count) }, (_, i) => ({
  seed: Number(first) + i,
  ...randomProgram(Number(first) + i),
}));

/** All of them in a module, each a function of its own. */
function moduleOf(separator: string): string {
  const imports = `import { layer, model, nn, repeat } from '${api}';`;
  const functions = programs.map(({ lines }) =>
    ['() => {', ...lines, 'return net;', '},'].join(separator),
  );
  return `${imports}\nexport const programs = [${separator}${functions.join(separator)}];\n`;
}

const layouts = { lines: moduleOf('\n'), 'one line': moduleOf(' ') };
const described = ({ hash, definition }: Model): string =>
  `${hash} ${definition.params.map((one) => one.path).join(' ')}`;
const wanted = new Map<number, { readonly from: string; readonly is: string }>();
for (const { seed, text } of programs)
  if (text !== undefined) wanted.set(seed, { from: 'its text', is: described(compile(text)) });

for (const [layout, text] of Object.entries(layouts)) {
  const file = path.join(folder, `${layout}.mjs`);
  writeFileSync(file, text);
  for (const where of places) {
    const from = `${layout}, places ${where.called}`;
    const restore = usePlaces(where);
    const module: { programs: (() => Model)[] } = await import(
      `${pathToFileURL(file)}?${where.called}`
    );
    module.programs.forEach((build, i) => {
      const { seed = 0, lines = [], trainsOtherwise = false } = programs[i] ?? {};
      // There only the order tells layers apart.
      if (trainsOtherwise && where.called === 'unknown') return;
      const is = outcome(build);
      const want = wanted.get(seed) ?? { from, is };
      wanted.set(seed, want);
      if (is !== want.is)
        console.log(
          [`seed ${seed}`, ...lines, `${want.from}: ${want.is}`, `${from}: ${is}`].join('\n'),
        );
    });
    restore();
  }
}
console.log(
  `${programs.length} programs, ${programs.filter((one) => one.text).length} with a text`,
);

function outcome(build: () => Model): string {
  try {
    return described(build());
  } catch (error) {
    return String(error);
  }
}
