/** `nnc layers`: the reference of the library, from its own signatures and comments. */
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Declared } from '../declarations.ts';
import { listLines } from '../doc-text.ts';
import { layerLines } from '../layer-text.ts';
import { library, unknown } from '../library.ts';
import { counted } from '../numbers.ts';

interface Options {
  readonly json?: boolean;
}

export function registerLayers(program: Command, { terminal }: Context): void {
  program
    .command('layers')
    .description('the reference of all layers, functions, losses, optimizers …')
    .argument(
      '[name]',
      'one of them, such as dense, softmax or adam; without it, the index by topic',
    )
    .option('--json', 'print the declarations as JSON')
    .action((name: string | undefined, { json }: Options) => {
      const { results } = terminal;
      const all = library();
      const wanted = name === undefined ? undefined : find(name, all);
      if (json === true) results.line(JSON.stringify(wanted ?? all, null, 2));
      else if (wanted !== undefined)
        for (const line of layerLines(wanted, results)) results.line(line);
      else {
        for (const line of listLines(all, results)) results.line(line);
        results.line();
        results.line(
          results.paint(
            `${counted(all.length, 'name')}; \`nnc layers NAME\` shows one of them`,
            'faint',
          ),
        );
      }
    });
}

function find(name: string, all: readonly Declared[]): Declared {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw unknown(name, 'nnc layers');
  return found;
}
