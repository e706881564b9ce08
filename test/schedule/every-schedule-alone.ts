/**
 * A process of its own for `runEverySchedule`. Prints the outcome as JSON: an empty one where the only adapter is
 * the one that NNC_EXCEPT names.
 */
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { runEverySchedule } from './every-schedule.ts';

const { how } = await testDevice();
const known = process.env['NNC_EXCEPT'] === 'swiftshader' && how.includes('SwiftShader');
const outcome = known ? {} : await runEverySchedule();
await closeTestDevice();
console.log(JSON.stringify(outcome));
