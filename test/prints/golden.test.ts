/**
 * Every model at every stage, against the prints in `golden/`. After a change that is meant:
 * `npm run golden`, then read the difference.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type StageName, stageNames, stagePrinter } from '../../compiler/print-stages.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { exampleModel, exampleNames } from '../support/example-models.ts';

const folder = path.join(import.meta.dirname, 'golden');
const update = process.env['UPDATE_GOLDEN'] === '1';

interface Print {
  /** Folder below `golden/`. */
  readonly name: string;
  readonly model: string;
  readonly device: DeviceProfile;
  readonly stages: readonly StageName[];
}

/** Of these the graph and the plan: their kernels are like those of the others, and there are many. */
const long: readonly string[] = ['autoencoder', 'vae', 'factorise', 'pinn', 'gan'];

/** Estimates change with every constant of the cost model; what they lead to is in the other prints. */
const compared = stageNames.filter((stage) => stage !== 'schedules');

const prints: readonly Print[] = [
  ...exampleNames.map((model): Print => {
    const stages = long.includes(model) ? (['graph', 'plan'] as const) : compared;
    return { name: model, model, device: portable, stages };
  }),
  // One model as an adapter with subgroups gets it, from where the two part.
  {
    name: 'mnist-subgroups',
    model: 'mnist',
    device: { ...portable, subgroupSize: 4 },
    stages: ['kernels', 'wgsl', 'plan'],
  },
];

/** Text by file, relative to `golden/`. Stages that a model does not have are left out. */
function printed({ name, model, device, stages }: Print): Map<string, string> {
  const { programs, ...rest } = exampleModel(model);
  const print = stagePrinter({ ...rest, options: { device, programs } });
  const texts = stages.map((stage) => [`${name}/${stage}.txt`, print(stage)] as const);
  return new Map(texts.filter(([, text]) => text !== ''));
}

test.each(prints)('$name', (one) => {
  for (const [file, text] of printed(one)) {
    const target = path.join(folder, file);
    if (update) {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    expect(existsSync(target), `${file} is missing: npm run golden writes it`).toBe(true);
    expect(text, `${file} differs: npm run golden accepts the change`).toBe(
      readFileSync(target, 'utf8'),
    );
  }
});

test('no print is left over from a model or stage that is gone', () => {
  const wanted = new Set(prints.flatMap((one) => [...printed(one).keys()]));
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll('\\', '/'));
  const orphans = found.filter((file) => !wanted.has(file));
  if (update) for (const file of orphans) rmSync(path.join(folder, file));
  else expect(orphans).toEqual([]);
});
