/** A process of its own for `runEverySchedule`, since a process finds one adapter and keeps it. Prints the outcome as JSON. */
import { testDevice } from '../support/run-graph.ts';
import { runEverySchedule } from './every-schedule.ts';

const outcome = await runEverySchedule();
(await testDevice()).close();
console.log(JSON.stringify(outcome));
