/**
 * What a change does to the kernels: compiles every model of `models/` at two commits and shows the WGSL and the
 * schedules that differ. `npm run kernel-diff -- [before [after]]`; before is HEAD unless told, after what lies in
 * the working tree. `--device` compiles for the adapter at hand instead of the portable class, `--model NAME` one
 * model alone, `--stat` lists the files that differ and no more.
 *
 * The commits' own command does the compiling, in a folder of their own, so that they may be of any age.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { folderDiff } from './folder-diff.ts';

const project = path.resolve(import.meta.dirname, '..');
/** Of every axis that only data would tell. */
const SIZE = '16';
const MEMORY = 1024 ** 3;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'boolean', default: false },
    model: { type: 'string' },
    stat: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(path.join(tmpdir(), 'kernel-diff-'));
try {
  const [before = 'HEAD', after] = positionals;
  compileModels(checkedOut(before, path.join(folder, 'source-before')), 'before');
  compileModels(
    after === undefined ? project : checkedOut(after, path.join(folder, 'source-after')),
    'after',
  );
  const text = folderDiff(path.join(folder, 'before'), path.join(folder, 'after'), {
    color: process.stdout.isTTY,
    stat: options.stat,
  });
  console.log(text === '' ? 'no kernel changes' : text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The files of a commit in a folder, with the packages that are installed here. */
function checkedOut(commit: string, target: string): string {
  mkdirSync(target);
  const archive = execFileSync('git', ['archive', commit], { cwd: project, maxBuffer: MEMORY });
  execFileSync('tar', ['-x', '-C', target], { input: archive });
  symlinkSync(path.join(project, 'node_modules'), path.join(target, 'node_modules'));
  return target;
}

/** `before/mnist/k00_….wgsl`, whose comments have the schedule. A model that the commit cannot compile has no files, and a line that says so. */
function compileModels(source: string, name: string): void {
  const models = readdirSync(path.join(source, 'models'))
    .filter((file) => file.endsWith('.nn'))
    .filter((file) => options.model === undefined || file === `${options.model}.nn`);
  if (models.length === 0) throw new Error(`there is no model ${options.model}`);
  for (const file of models) {
    const target = path.join(folder, name, path.basename(file, '.nn'));
    mkdirSync(target, { recursive: true });
    const words = ['compile', path.join('models', file), '-o', target];
    const { status, stderr } = compileWithSizes(source, words);
    if (status !== 0) console.error(`${name}: ${file} is not compiled: ${stderr.trim()}`);
    // The plan holds all texts once more, and the summary what the kernels' comments say.
    for (const other of ['plan.json', 'summary.txt'])
      rmSync(path.join(target, other), { force: true });
  }
}

/** Runs the command, with `--size t=16` for each size that it asks for. */
function compileWithSizes(source: string, words: readonly string[]) {
  const given: string[] = [];
  for (;;) {
    const ran = nnc(source, [...words, ...given]);
    const [, size] = ran.status === 0 ? [] : (/--size (\w+)=/.exec(ran.stderr) ?? []);
    if (size === undefined || given.includes(`${size}=${SIZE}`)) return ran;
    given.push('--size', `${size}=${SIZE}`);
  }
}

function nnc(source: string, words: readonly string[]) {
  const portable = options.device ? [] : ['--portable'];
  return spawnSync(process.execPath, ['bin/nnc.js', ...words, ...portable], {
    cwd: source,
    encoding: 'utf8',
    maxBuffer: MEMORY,
  });
}
