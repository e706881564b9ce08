/**
 * The TypeScript blocks of a page as the program that they are: one module, whose lines are those of the page. It runs in Node
 * and stops after each block until it is told to go on, so that commands in between see what it wrote.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Block, Page } from './page.ts';

export interface Program {
  readonly file: string;
  /** Runs up to the end of the block, and says what it printed. Throws what the program wrote where it failed. */
  until(block: Block): Promise<string>;
  /** Lets it go to its end: a program ends by itself. */
  finish(): Promise<void>;
  stop(): void;
}

const PAUSE = '$pause';
const TWIN = '$twin';
const mark = (line: number): string => `\u0001${line}\u0001\n`;

const runner = `import { readFileSync } from 'node:fs';
import { compile, graphHash, type Model } from 'nnc';

export function ${TWIN}({ definition }: Model, name: string): void {
  const own = compile(readFileSync(name, 'utf8'), { name });
  // A program may say to \`fit\` what a file says in \`train\`.
  if (graphHash({ ...definition, train: own.definition.train }) !== own.hash)
    throw new Error(\`the page's program builds another graph than \${name}\`);
}

export async function ${PAUSE}(line: number): Promise<void> {
  process.stdout.write(\`\\u0001\${line}\\u0001\\n\`);
  process.stdin.ref();
  await new Promise((resolve) => process.stdin.once('data', resolve).resume());
  process.stdin.pause();
  process.stdin.unref();
}
`;

function twinCheck({ marks }: Block): string {
  const file = marks.get('twin');
  return file === undefined ? '' : `${TWIN}(${path.basename(file, '.nn')}, '${file}'); `;
}

/** The module of a page's blocks without a name. */
export function moduleOf({ lines }: Page, blocks: readonly Block[]): string {
  const text = lines.map((_, i) => {
    const line = i + 1;
    if (line === 1) return `import { ${PAUSE}, ${TWIN} } from './pause.ts';`;
    const block = blocks.find((one) => line > one.line && line <= one.end);
    if (block === undefined) return '';
    return line === block.end ? `${twinCheck(block)}await ${PAUSE}(${block.end});` : lines[i];
  });
  return `${text.join('\n')}\n`;
}

export function startProgram(
  page: Page,
  blocks: readonly Block[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Program {
  const file = path.join(folder, `${path.basename(page.name, '.md').toLowerCase()}.ts`);
  writeFileSync(path.join(folder, 'pause.ts'), runner);
  writeFileSync(file, moduleOf(page, blocks));
  let child: ChildProcess | undefined;
  let output = '';
  let errors = '';
  let ended = false;
  let changed = (): void => undefined;

  function start(): ChildProcess {
    const started = spawn(process.execPath, [path.basename(file)], { cwd: folder, env });
    started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      changed();
    });
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    started.on('close', () => {
      ended = true;
      changed();
    });
    return started;
  }

  return {
    file,
    async until({ end }) {
      if (child === undefined) child = start();
      else child.stdin?.write('on\n');
      for (;;) {
        const at = output.indexOf(mark(end));
        if (at >= 0) {
          const printed = output.slice(0, at);
          output = output.slice(at + mark(end).length);
          return printed;
        }
        if (ended) throw new Error(`the program ended before line ${end}:\n${output}${errors}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
    async finish() {
      if (child === undefined || ended) return;
      child.stdin?.write('on\n');
      await once(child, 'close');
      if (child.exitCode !== 0) throw new Error(`the program ended with an error:\n${errors}`);
    },
    stop: () => void child?.kill(),
  };
}
