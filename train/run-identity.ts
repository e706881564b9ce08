/** What must be the same for a run to go on from a checkpoint and end as if it had never stopped. */
import type { Model } from '../compiler/model.ts';
import { programName } from '../compiler/program-choice.ts';
import type { Plan } from '../runtime/index.ts';
import type { Feed } from './feed.ts';
import { feedFingerprint, kernelsFingerprint, modelFingerprint } from './fingerprint.ts';
import { checkedPrograms, type Workload } from './prepare.ts';

export interface RunIdentity {
  /** What its steps compute: `modelFingerprint`. */
  readonly model: string;
  readonly data: FeedIdentity;
  readonly validation?: FeedIdentity;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** The adapter that computed it. Another one may go on; only its last bits may differ. */
  readonly device: string;
  /** The kernels that computed it. So with others. Absent in checkpoints from before they were kept. */
  readonly kernels?: KernelChoice;
}

/** Which kernels a run has, and by which wish. */
export interface KernelChoice {
  /** `kernelsFingerprint`. */
  readonly mark: string;
  /** Settings by hand, by kernel. */
  readonly schedules: Readonly<Record<string, string>>;
  /** Ranked by what the device was measured to take. */
  readonly measured: boolean;
}

export interface FeedIdentity {
  readonly name: string;
  readonly rows: number;
  readonly fingerprint: string;
}

export const feedIdentity = (feed: Feed): FeedIdentity => ({
  name: feed.name,
  rows: feed.rows,
  fingerprint: feedFingerprint(feed),
});

export function runIdentity(run: {
  readonly model: Model;
  readonly feed: Feed;
  readonly validation?: Feed | undefined;
  readonly batch: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly device: string;
}): RunIdentity {
  const { model, feed, validation, batch, seed, shuffle, device } = run;
  return {
    model: modelFingerprint(model),
    data: feedIdentity(feed),
    ...(validation === undefined ? {} : { validation: feedIdentity(validation) }),
    batch,
    seed,
    shuffle,
    device,
  };
}

/** The kernels that a plan has for these workloads; `wish`: what was asked for. */
export function kernelChoice(
  plan: Plan,
  model: Model,
  workloads: readonly Workload[],
  wish: Omit<KernelChoice, 'mark'>,
): KernelChoice {
  const names = checkedPrograms(model, workloads).map(({ kind, dims, sections }) =>
    programName(kind, dims, sections),
  );
  return { mark: kernelsFingerprint(plan, new Set(names)), ...wish };
}

/** A line for each thing that differs, the device and the kernels left out; `there` is the checkpoint's run. */
export function differences(there: RunIdentity, here: RunIdentity): readonly string[] {
  const lines: string[] = [];
  const compare = (what: string, one: string, other: string): void => {
    if (one !== other) lines.push(`${what}: ${one} there, ${other} here`);
  };
  compare('batch', String(there.batch), String(here.batch));
  compare('seed', String(there.seed), String(here.seed));
  compare('shuffle', String(there.shuffle), String(here.shuffle));
  lines.push(
    ...feedDifference('rows to train on', there.data, here.data),
    ...feedDifference('rows to validate', there.validation, here.validation),
  );
  if (there.model !== here.model)
    lines.push(
      'the model computes something else: a layer, the loss, the optimizer, or a number of theirs',
    );
  return lines;
}

function feedDifference(
  what: string,
  there: FeedIdentity | undefined,
  here: FeedIdentity | undefined,
): readonly string[] {
  if (there?.fingerprint === here?.fingerprint) return [];
  const [one, other] = [there, here].map((feed) =>
    feed === undefined ? 'none' : `${feed.rows} of ${feed.name}`,
  );
  return [`${what}: ${one} there, ${other === one ? 'as many, with other values,' : other} here`];
}
