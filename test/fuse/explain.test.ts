/** What fusion says stands at the kernels it speaks of, also where they were put in another order or cut in two afterwards. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import type { FusionTable } from '../../compiler/fuse/explain-fusion.ts';
import type { KernelPlan } from '../../compiler/fuse/plan-kernels.ts';
import { partsOfSpec, type SingleSpec } from '../../compiler/kernel/spec.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { exampleModel, exampleNames } from '../support/example-models.ts';

const gpu: DeviceProfile = { ...portable, class: 'gpu' };

const made = new Map<string, readonly KernelPlan[]>();

function plansOf(name: string, device: DeviceProfile): readonly KernelPlan[] {
  const key = `${name} ${device.class}`;
  const plans = made.get(key) ?? compiledPlans(name, device);
  made.set(key, plans);
  return plans;
}

function compiledPlans(name: string, device: DeviceProfile): readonly KernelPlan[] {
  const { model, programs } = exampleModel(name);
  const plans: KernelPlan[] = [];
  compile(model, {
    device,
    programs,
    onStage: (stage) => {
      if (stage.kind === 'kernels') plans.push(stage.plan);
    },
  });
  return plans;
}

const nodesOf = (table: FusionTable) => table.map((rows) => rows.map((row) => row.nodes));

test.each(exampleNames)('%s', (name) => {
  for (const plan of [...plansOf(name, portable), ...plansOf(name, gpu)]) {
    const table = plan.explain();
    expect(nodesOf(table)).toEqual(
      plan.kernels.map((spec) => partsOfSpec(spec).map((part) => part.nodes)),
    );
    const others = table.flatMap((rows, dispatch) =>
      rows.flatMap((row, part) => row.apart.map((apart) => ({ ...apart, at: [dispatch, part] }))),
    );
    for (const { dispatch, part, at } of others) {
      expect(at).not.toEqual([dispatch, part]);
      expect(table[dispatch]?.[part]).toBeDefined();
    }
  }
});

test('a product that was cut: its sum says so, and nothing is counted twice', () => {
  const plans = exampleNames.flatMap((name) => plansOf(name, gpu));
  const cut = plans.flatMap((plan) => {
    const table = plan.explain();
    return table.flatMap((rows) =>
      rows.flatMap((row) =>
        row.apart.flatMap((apart) =>
          /cut into parts/.test(apart.reason) ? [{ row, product: table[apart.dispatch]?.[0] }] : [],
        ),
      ),
    );
  });
  expect(cut.length).toBeGreaterThan(0);
  for (const { row, product } of cut) {
    expect(product?.saved).toEqual({ bytes: 0, microseconds: 0 });
    expect(row.nodes).toEqual(expect.arrayContaining([...(product?.nodes ?? [])]));
  }
});

test('the reason "a kernel has one product" stands between kernels with products', () => {
  for (const name of ['vae', 'gan', 'char_transformer'])
    for (const plan of plansOf(name, portable)) {
      const parts = plan.kernels.map((spec) => partsOfSpec(spec));
      plan.explain().forEach((rows, dispatch) => {
        rows.forEach(({ apart }, part) => {
          for (const other of apart.filter(({ reason }) => reason === 'a kernel has one product'))
            for (const one of [parts[dispatch]?.[part], parts[other.dispatch]?.[other.part]])
              expect(hasProduct(one)).toBe(true);
        });
      });
    }
});

const hasProduct = (part: SingleSpec | undefined): boolean =>
  part?.nodes.some((node) => node.op.lowering.kind === 'contract') === true;
