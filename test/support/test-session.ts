/** A session of the trainer on the tests' device. */
import type { Model } from '../../compiler/model.ts';
import { openSession, type Session } from '../../runtime/index.ts';
import { prepare, type Workload } from '../../train/index.ts';
import { profileOf, testDevice } from './run-graph.ts';

/** Runs `body` with a session for the workloads, few slots unless told, so that a run of many steps takes several submits. */
export async function withTestSession<T>(
  model: Model,
  workloads: readonly Workload[],
  body: (session: Session) => Promise<T>,
  slots = 3,
): Promise<T> {
  const opened = await testDevice();
  const { plan } = await prepare(model, workloads, { device: profileOf(opened) });
  const { device, host } = opened;
  const session = await openSession(plan, { device, host, slots });
  try {
    return await body(session);
  } finally {
    await session.settle();
    session.close();
  }
}
