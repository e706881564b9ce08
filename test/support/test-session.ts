/** A session of the trainer on the tests' device. */
import type { Model } from '../../compiler/model.ts';
import { openSession, type Plan, type Session } from '../../runtime/index.ts';
import { checkedPrograms, prepare, type Workload } from '../../train/index.ts';
import { profileOf, testDevice } from './run-graph.ts';

const plans = new WeakMap<Model, Map<string, Promise<Plan>>>();

/** The same plan for the same programs: sessions take nothing of it. */
async function planFor(model: Model, workloads: readonly Workload[]): Promise<Plan> {
  const known = plans.get(model) ?? new Map<string, Promise<Plan>>();
  plans.set(model, known);
  const key = JSON.stringify(checkedPrograms(model, workloads));
  const device = profileOf(await testDevice());
  const plan = known.get(key) ?? prepare(model, workloads, { device }).then((one) => one.plan);
  known.set(key, plan);
  return await plan;
}

/** Runs `body` with a session for the workloads, few slots unless told, so that a run of many steps takes several submits. */
export async function withTestSession<T>(
  model: Model,
  workloads: readonly Workload[],
  body: (session: Session) => Promise<T>,
  slots = 3,
): Promise<T> {
  const plan = await planFor(model, workloads);
  const { device, host } = await testDevice();
  const session = await openSession(plan, { device, host, slots });
  try {
    return await body(session);
  } finally {
    await session.settle();
    session.close();
  }
}
