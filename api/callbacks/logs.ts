/** Logs of a run as files, a line for each epoch: written as they come, so that a run that dies leaves them. */
import { filesOf } from '../session/files.ts';
import type { Callback, EpochReport } from './callback.ts';

/** A table with a column for each number: `epoch,step,seconds,loss,accuracy,validation_loss,…`. A resumed run adds to it. */
export function csvLog(path: string): Callback {
  let columns: readonly string[] | undefined;
  return {
    async onStart({ resumed }) {
      const files = filesOf('csvLog');
      columns = undefined;
      if (!resumed || !(await files.exists(path))) return await files.replace(path, '');
      const [head = ''] = new TextDecoder().decode(await files.read(path)).split('\n');
      if (head !== '') columns = head.split(',');
    },
    async onEpoch(report) {
      const files = filesOf('csvLog');
      const values = flat(report);
      const head = columns === undefined ? `${Object.keys(values).join()}\n` : '';
      columns ??= Object.keys(values);
      await files.append(path, `${head}${columns.map((name) => values[name] ?? '').join()}\n`);
    },
  };
}

/** One object a line, as `EpochReport` has it, with `event` to tell them apart: `start`, `epoch`, `end`. */
export function jsonlLog(path: string): Callback {
  const write = (event: string, values: object): Promise<void> =>
    filesOf('jsonlLog').append(path, `${JSON.stringify({ event, ...values })}\n`);
  return {
    async onStart({ resumed }) {
      if (!resumed) await filesOf('jsonlLog').replace(path, '');
      await write('start', { resumed });
    },
    onEpoch: (report) => write('epoch', report),
    onEnd: ({ outcome, steps, seconds, best }) =>
      write('end', { outcome, steps, seconds, ...(best === undefined ? {} : { best }) }),
  };
}

function flat(report: EpochReport): Readonly<Record<string, number>> {
  const { train, validation, ...rest } = report;
  const validated = Object.entries(validation ?? {}).map(([name, value]) => [
    `validation_${name}`,
    value,
  ]);
  return { ...rest, ...train, ...Object.fromEntries(validated) };
}
