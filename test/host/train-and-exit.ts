/**
 * A process that uses the GPU and ends, started by `exit.test.ts`. The argument says how it ends:
 * `close` as commands do, `abandon` with everything open and work on the way, `compile` while
 * kernels are being compiled, `exit` by process.exit
 * in the middle, `throw` by an error.
 */
import { openDevice } from '../../host/node.ts';
import { openSession } from '../../runtime/index.ts';
import { batchAt, smallPlan } from '../fixtures/small-plan.ts';

const ending = process.argv[2];
const opened = await openDevice();
const opening = openSession(smallPlan, { device: opened.device, host: opened.host });
if (ending === 'compile') process.exit(0);
const session = await opening;
const train = session.runner('train');
for (let step = 0; step < 200; ) {
  const batches = Array.from({ length: train.steps }, (_, index) => batchAt(step + index));
  await train.run(batches);
  step += batches.length;
  session.metrics.request(step);
}
if (ending === 'exit') process.exit(0);
if (ending === 'throw') throw new Error('a mistake of the test');
if (ending === 'close') {
  const loss = (await session.metrics.read()).get('loss');
  await session.settle();
  session.close();
  opened.close();
  console.log(loss);
}
