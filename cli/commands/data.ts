/** `nnc data`: looks at data sets. `show` describes one and draws its images on a contact sheet. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { contactSheet, type DataSplits, type Dataset, resolveDataset } from '../../data/index.ts';
import { nodeFiles } from '../../data/node-files.ts';
import { cacheFolder } from '../../host/node.ts';
import type { Context } from '../context.ts';
import { UserError } from '../failure.ts';
import { bytesText, counted } from '../numbers.ts';
import { messageOf } from '../source-file.ts';
import { tableLines } from '../table.ts';

interface Options {
  readonly data?: string;
  readonly output?: string;
}

export function registerData(program: Command, context: Context): void {
  program
    .command('data')
    .description('look at data sets')
    .command('show')
    .description('the columns of a data set; with -o, its images on a contact sheet')
    .argument('<name>', 'such as glyphs or mnist, or a path')
    .option('--data <path>', 'where the data lie')
    .option('-o, --output <file>', 'write a contact sheet (PNG), a line for each class')
    .action((name: string, options: Options) => show(name, options, context));
}

async function show(name: string, options: Options, { terminal, env }: Context): Promise<void> {
  const splits = await resolveDataset(name, {
    data: options.data,
    env: env['NNC_DATA'],
    cacheFolder: path.join(cacheFolder(env), 'data'),
    files: nodeFiles,
  });
  const { results } = terminal;
  for (const line of describe(splits)) results.line(line);
  if (options.output === undefined) return;
  const bytes = await contactSheet(splits.train);
  try {
    writeFileSync(options.output, bytes);
  } catch (error) {
    throw new UserError(`${options.output} cannot be written: ${messageOf(error)}`);
  }
  results.line(`contact sheet  ${options.output}, ${bytesText(bytes.length)}`);
}

function describe({ train, test }: DataSplits): readonly string[] {
  const rows = [
    ['training', counted(train.rows, 'row')],
    ...(test === undefined ? [] : [['testing', counted(test.rows, 'row')]]),
    ...train.columns.map((column) => [
      column.name,
      `${column.dtype}${column.rowShape.length === 0 ? '' : `[${column.rowShape.join(', ')}]`}`,
      rangeText(column.values),
    ]),
  ];
  return [train.name, ...tableLines(rows).map((line) => `  ${line}`)];
}

function rangeText(values: Dataset['columns'][number]['values']): string {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const text = (value: number): string => String(Number(value.toPrecision(5)));
  return `from ${text(least)} to ${text(most)}`;
}
