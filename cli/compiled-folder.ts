/** Writes what `nnc compile` makes: numbered kernels, the plan, and a summary. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../compiler/compile.ts';
import type { Model } from '../compiler/model.ts';
import { kernelFiles } from '../compiler/plan/kernel-files.ts';
import { UserError } from './failure.ts';
import { planSummary } from './plan-summary.ts';
import { codeOf, messageOf } from './source-file.ts';

/** Makes the folder where it is not there. Kernels that an earlier compilation left in it are removed. */
export function writeCompiled(folder: string, model: Model, compiled: Compiled): void {
  const { plan, kernels } = compiled;
  const files = [
    ...kernelFiles(plan, kernels),
    { name: 'plan.json', text: `${JSON.stringify(compiled.plan, null, 2)}\n` },
    { name: 'summary.txt', text: planSummary(model, plan, kernels) },
  ];
  try {
    mkdirSync(folder, { recursive: true });
    removeKernels(folder);
    for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new UserError(`-o: ${folder} is a file, not a folder`);
    throw new UserError(`${folder} cannot be written: ${messageOf(error)}`);
  }
}

/** Only in a folder that holds a plan, and only files named as kernels are. */
function removeKernels(folder: string): void {
  if (!existsSync(path.join(folder, 'plan.json'))) return;
  for (const name of readdirSync(folder))
    if (/^k\d{2,}_\w*\.wgsl$/.test(name)) rmSync(path.join(folder, name));
}
