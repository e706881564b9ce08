/** The two measured cases, training and inference: their contestants, checked against f64 before anything is timed. */
import { deviceProfile } from '../compiler/schedule/device.ts';
import type { OpenedDevice } from '../host/node.ts';
import type { Contestant } from './contestant.ts';
import { handWritten } from './hand/contestant.ts';
import { relativeError } from './measure.ts';
import { compileText, modelText, ours } from './ours.ts';
import { INFERENCE_FLOP, problem, TRAINING_FLOP } from './problem.ts';
import { inferenceReference, trainingReference } from './reference.ts';

/** Milliseconds: the first time in this process, and the least of the repeats. */
export interface FirstAndLeast {
  readonly first: number;
  readonly least: number;
}

export interface Entry {
  readonly name: string;
  readonly contestant: Contestant;
  /** Largest relative error of the first results. */
  readonly error: number;
  /** Text to plan; absent for what is written by hand. */
  readonly compileMs?: FirstAndLeast;
}

export interface Case {
  readonly name: string;
  readonly flop: number;
  /** The hand-written one first, where the device can run it. */
  readonly entries: readonly Entry[];
}

/** Losses that are checked: a wrong update shows in the loss after it. */
const CHECKED_STEPS = 3;
/** f32 sums of 784 products, in any order, stay far below this. */
const ALLOWED_ERROR = 1e-4;
const COMPILATIONS = 6;

export async function prepareCase(
  opened: OpenedDevice,
  kind: 'training' | 'inference',
): Promise<Case> {
  const data = problem();
  const { parameters, labels } = data;
  const expected = (images: ArrayLike<number>): ArrayLike<number> =>
    kind === 'training'
      ? trainingReference(parameters, images, labels, CHECKED_STEPS)
      : inferenceReference(parameters, images);
  const ofFloats = expected(data.images);
  const ofBytes = expected(Float64Array.from(data.byteImages, (b) => b / 255));

  const entries: Entry[] = [];
  const add = async (
    name: string,
    open: () => Promise<Contestant | undefined>,
    want: ArrayLike<number>,
    compileMs?: FirstAndLeast,
  ): Promise<void> => {
    const contestant = await open();
    if (contestant === undefined) return;
    const error = relativeError(await firstResults(contestant, kind), want);
    if (!(error <= ALLOWED_ERROR))
      throw new Error(
        `${kind}: ${name} is wrong: relative error ${error.toExponential(1)} against f64`,
      );
    entries.push({ name, contestant, error, ...(compileMs === undefined ? {} : { compileMs }) });
  };

  await add('hand-written WGSL', () => handWritten(opened, kind, data), ofFloats);
  const program = kind === 'training' ? 'train' : 'predict';
  const profile = deviceProfile({ ...opened, limits: opened.device.limits });
  for (const [name, file, want, upload] of [
    ['nnc', 'mlp.nn', ofFloats, false],
    ['nnc, bytes uploaded each time', 'mlp-bytes.nn', ofBytes, true],
  ] as const) {
    const text = modelText(file);
    const times = Array.from({ length: COMPILATIONS }, () => {
      const started = opened.host.now();
      compileText(file, text, program, profile);
      return opened.host.now() - started;
    });
    const compiled = compileText(file, text, program, profile);
    await add(name, () => ours(opened, compiled, data, { upload }), want, firstAndLeast(times));
  }
  return { name: kind, flop: kind === 'training' ? TRAINING_FLOP : INFERENCE_FLOP, entries };
}

function firstAndLeast([first = 0, ...repeats]: readonly number[]): FirstAndLeast {
  return { first, least: Math.min(...repeats) };
}

async function firstResults(
  contestant: Contestant,
  kind: 'training' | 'inference',
): Promise<ArrayLike<number>> {
  if (kind === 'inference') return contestant.first;
  const losses = [...Array.from(contestant.first)];
  while (losses.length < CHECKED_STEPS) {
    await contestant.run(1);
    losses.push(...Array.from(await contestant.read()));
  }
  return losses;
}
