/** Verification of a text on the test device, with plans that may be spoilt before they reach it. */
import { withSections } from '../../compiler/compile.ts';
import type { Model } from '../../compiler/model.ts';
import { type ProgramKind, programResults } from '../../compiler/programs.ts';
import { openSession, type Plan, readPlan } from '../../runtime/index.ts';
import { type Verification, verify } from '../../verify/verify.ts';
import { profileOf, testDevice } from '../support/run-graph.ts';

export type Spoil = (plan: Plan) => Plan;

const kinds: readonly ProgramKind[] = ['train', 'eval', 'predict'];

export async function verifyModel(
  model: Model,
  dims: Readonly<Record<string, number>>,
  spoil: Spoil = (plan) => plan,
  trustRules = false,
): Promise<Verification> {
  const opened = await testDevice();
  const { device, host } = opened;
  const programs = kinds
    .filter((kind) => kind !== 'train' || model.optimization !== undefined)
    .filter((kind) => programResults(model, kind).length > 0)
    .flatMap((kind) => withSections(model, { kind, dims }));
  return await verify({
    model,
    programs,
    seed: 1,
    profile: profileOf(opened),
    trustRules,
    async withSession(plan, body) {
      const sound = readPlan(JSON.parse(JSON.stringify(plan)));
      const session = await openSession(spoil(sound), { device, host, slots: 1 });
      try {
        return await body(session);
      } finally {
        await session.settle();
        session.close();
      }
    },
  });
}

/** Another text for the kernels of a plan. */
export const spoilKernels =
  (change: (wgsl: string) => string): Spoil =>
  (plan) => ({
    ...plan,
    kernels: plan.kernels.map((kernel) => ({ ...kernel, wgsl: change(kernel.wgsl) })),
  });
