/** `nnc data`: looks at data sets. `show`, which may be left out, describes one and draws its images on a contact sheet. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import {
  type AnyColumn,
  type AnyDataset,
  contactSheet,
  createDataset,
  type DataSplits,
  isStored,
  residentRows,
  resolveDataset,
} from '../../data/index.ts';
import { nodeFiles } from '../../data/node-files.ts';
import { cacheFolder } from '../../host/node.ts';
import type { Context } from '../context.ts';
import { dataMemory } from '../data-memory.ts';
import { classText } from '../data-text.ts';
import { UserError } from '../failure.ts';
import { bytesText, counted } from '../numbers.ts';
import { positiveInteger } from '../option-values.ts';
import { messageOf } from '../source-file.ts';
import { tableLines } from '../table.ts';

interface Options {
  readonly data?: string;
  readonly window: number;
  readonly output?: string;
}

export function registerData(program: Command, context: Context): void {
  program
    .command('data')
    .description('look at data sets')
    .command('show', { isDefault: true })
    .description('the columns of a data set; with -o, its images on a contact sheet')
    .argument('<name>', 'such as glyphs or mnist, or the path of a file or folder')
    .option('--data <path>', 'where the data lie')
    .option('--window <n>', 'characters in a row of a text', positiveInteger, 64)
    .option('-o, --output <file>', 'write a contact sheet (PNG), a line for each class')
    .action((name: string, options: Options) => show(name, options, context));
}

async function show(name: string, options: Options, { terminal, env }: Context): Promise<void> {
  const splits = await resolveDataset(name, {
    data: options.data,
    env: env['NNC_DATA'],
    cacheFolder: path.join(cacheFolder(env), 'data'),
    files: nodeFiles,
    memory: dataMemory(env),
    window: options.window,
  });
  const { results } = terminal;
  for (const line of await describe(splits)) results.line(line);
  if (options.output === undefined) return;
  const bytes = await contactSheet(await residentRows(splits.train, 0, sheetRows));
  try {
    writeFileSync(options.output, bytes);
  } catch (error) {
    throw new UserError(`${options.output} cannot be written: ${messageOf(error)}`);
  }
  results.line(`contact sheet  ${options.output}, ${bytesText(bytes.length)}`);
}

/** Rows that a contact sheet chooses from. */
const sheetRows = 100_000;

async function describe({ train, test }: DataSplits<AnyColumn>): Promise<readonly string[]> {
  const rows = [
    ['training', counted(train.rows, 'row')],
    ...(test === undefined ? [] : [['testing', counted(test.rows, 'row')]]),
  ];
  for (const column of train.columns)
    rows.push([column.name, typeText(column), await rangeText(train, column)]);
  const classes = train.columns.flatMap(({ name, classes }) =>
    classes === undefined ? [] : [classText(name, classes)],
  );
  const stays = train.columns.some(isStored)
    ? ['the rows stay in the file, and are read when they are needed']
    : [];
  const notes = [...classes, ...(train.notes ?? []), ...stays];
  return [train.name, ...[...tableLines(rows), ...notes].map((line) => `  ${line}`)];
}

const typeText = ({ dtype, rowShape }: AnyColumn): string =>
  `${dtype}${rowShape.length === 0 ? '' : `[${rowShape.join(', ')}]`}`;

/** Rows of a file that are looked at at once. */
const PIECE = 10_000;

async function rangeText({ name, rows }: AnyDataset, column: AnyColumn): Promise<string> {
  const alone = createDataset(name, [column]);
  let least = Infinity;
  let most = -Infinity;
  let strange = 0;
  for (let from = 0; from < rows; from += PIECE) {
    const piece = await residentRows(alone, from, PIECE);
    for (const value of piece.columns[0]?.values ?? []) {
      if (!Number.isFinite(value)) strange += 1;
      else if (value < least) least = value;
      if (value > most && Number.isFinite(value)) most = value;
    }
  }
  const text = (value: number): string => String(Number(value.toPrecision(5)));
  const range = least <= most ? `from ${text(least)} to ${text(most)}` : 'no finite number';
  return strange === 0 ? range : `${range}, and ${counted(strange, 'value')} that are not finite`;
}
