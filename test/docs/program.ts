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
const mark = (line: number): string => `\u0001${line}\u0001\n`;

const runner = `export async function ${PAUSE}(line: number): Promise<void> {
  process.stdout.write(\`\\u0001\${line}\\u0001\\n\`);
  process.stdin.ref();
  await new Promise((resolve) => process.stdin.once('data', resolve).resume());
  process.stdin.pause();
  process.stdin.unref();
}
`;

/** The module of a page's blocks without a name. */
export function moduleOf({ lines }: Page, blocks: readonly Block[]): string {
  const text = lines.map((_, i) => {
    const line = i + 1;
    if (line === 1) return `import { ${PAUSE} } from './pause.ts';`;
    const block = blocks.find((one) => line > one.line && line <= one.end);
    if (block === undefined) return '';
    return line === block.end ? `await ${PAUSE}(${block.end});` : lines[i];
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
