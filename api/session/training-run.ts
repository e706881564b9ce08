/**
 * What both training loops have around them: a checkpoint that is gone on from, callbacks with what they are told and what they ask
 * for, and what the session has behind it afterwards.
 */
import {
  type FitResult,
  type RunIdentity,
  type RunOptions,
  type RunSettings,
  watchForNaN,
} from '../../train/index.ts';
import type { Callback, History, Run } from '../callbacks/callback.ts';
import type { Source } from '../data/source.ts';
import { type Context, modelOf } from './context.ts';
import { createListener } from './listener.ts';
import type { FitOptions, ModelSession } from './model-session.ts';
import { checkResumed, putBack, type Resumed } from './resume.ts';
import type { Validation } from './validation.ts';
import { watchingOf } from './watching.ts';
import { wishesOf } from './wishes.ts';

/** A call of `fit` whose options have been read. */
export interface FitTask {
  readonly context: Context;
  readonly options: FitOptions;
  readonly settings: RunSettings;
  readonly callbacks: readonly Callback[];
  /** Absent too where the model has nothing to measure. */
  readonly validation: Source | undefined;
  readonly resumed: Resumed | undefined;
  readonly session: ModelSession;
}

/** `identityOf` is called where a checkpoint needs it. Throws UsageError, and what the loop and the callbacks throw. */
export async function trainingRun(
  task: FitTask,
  validation: Validation | undefined,
  identityOf: () => RunIdentity,
  loop: (run: RunOptions) => Promise<FitResult>,
): Promise<History> {
  const { context, options, callbacks, resumed, session } = task;
  const { programs, gate, rates, done, on } = context;
  const model = modelOf(context);
  const watching = watchingOf(model, callbacks, validation !== undefined);
  const { checkpoint: wish, schedule, logEvery } = wishesOf(callbacks);
  const identity = wish === undefined && resumed === undefined ? undefined : identityOf();
  if (resumed !== undefined && identity !== undefined) {
    checkResumed(model, resumed, identity);
    putBack(context, model, resumed);
  }
  const before = { ...done };
  let stopped = false;
  const run: Run = {
    session,
    resumed: resumed !== undefined,
    stop() {
      stopped = true;
    },
  };
  const listener = createListener(context, {
    callbacks,
    run,
    watching,
    checkpoint: wish === undefined || identity === undefined ? undefined : { wish, identity },
    earlier: { epochs: resumed?.epochs ?? [], best: resumed?.checkpoint.best },
    before,
  });
  const setRates = (epoch: number, step: number): void => {
    for (const path of rates.paths)
      if (schedule !== undefined)
        rates.set(path, schedule.at(schedule.per === 'step' ? step : epoch, rates.get(path)));
  };
  const release = programs.hold();
  try {
    await gate.callback(async () => {
      for (const callback of callbacks) await callback.onStart?.(run);
    });
    const { sources } = context.place;
    const result = await loop({
      ...(options.traceNan === true ? await watchForNaN(programs.session, { model, sources }) : {}),
      model,
      before,
      ...(resumed && { from: resumed.checkpoint.record.state }),
      ...(wish && { checkpointEvery: wish.every }),
      ...(schedule && { beforeStep: { every: schedule.per, call: setRates } }),
      ...(watching && { monitor: watching.monitor }),
      ...(logEvery === undefined ? {} : { logEvery }),
      ...(options.signal && { signal: options.signal }),
      ...(validation && { validate: validation.run }),
      enough: () => stopped,
      now: on.runtime.now,
      on: (event) => listener.on(event),
    });
    const { step, epoch } = result.place;
    done.steps = before.steps + step;
    done.epochs = before.epochs + (step === 0 ? 0 : epoch);
    return await listener.finish(result);
  } finally {
    release();
  }
}
