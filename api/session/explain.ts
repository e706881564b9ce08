/** Errors of the parts below as the caller sees them: the same objects, with what helps as part of the message. */
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { DataError } from '../../data/index.ts';
import { DeviceLimitError, DeviceLostError } from '../../runtime/index.ts';
import { EmptyStreamError, TrainingError } from '../../train/index.ts';

const explained = new WeakSet<Error>();

/** The error, with its code and help in its message. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error) || explained.has(error)) return error;
  explained.add(error);
  const { code, help } = facts(error);
  if (code !== undefined) error.message = `error[${code}]: ${error.message}`;
  if (help !== undefined) error.message += `\nhelp: ${help}`;
  return error;
}

function facts(error: Error): { readonly code?: string; readonly help?: string | undefined } {
  if (error instanceof TrainingError) return { code: error.code, help: inCode(error.help) };
  if (error instanceof DataError || error instanceof CapacityError)
    return { help: inCode(error.help) };
  if (error instanceof EmptyStreamError)
    return {
      help:
        error.epoch === 0
          ? 'its source is empty, or was read before, or a `filter` keeps none of its rows'
          : 'a stream is at its end after one pass: give a function that makes it anew, `dataset(() => rows())`',
    };
  if (error instanceof DeviceLimitError)
    return { help: 'a smaller batch or a smaller layer may fit' };
  if (error instanceof DeviceLostError)
    return {
      help: 'the session is closed; open another, and go on from saved weights or a checkpoint',
    };
  return {};
}

/** Options of the command, as the API calls them. */
const inCode = (help: string | undefined): string | undefined =>
  help
    ?.replaceAll(/`--batch`|--batch\b/g, '`batch`')
    .replaceAll('`nnc train --trace-nan`', '`fit(data, { traceNan: true })`')
    .replaceAll('as `-o` writes them', 'as `save` writes them')
    .replaceAll('`--weights FILE` begins', '`session.load(path)` begins')
    .replaceAll(/ \(`--lr`\)/g, '')
    .replaceAll(/, or --validation [\d.]+/g, '')
    .replaceAll(/, at the same `--set` values/g, '');
