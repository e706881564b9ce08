/**
 * Which programs a run needs, and the plan that has them all: one for full batches and one for the
 * short last batch of every feed, over the same parameters, compiled up front; of a training step one
 * for each set of `train` sections that run in it.
 */
import type { Compiled, CompileOptions } from '../compiler/compile.ts';
import type { Model } from '../compiler/model.ts';
import { type ProgramChoice, programName, withSections } from '../compiler/program-choice.ts';
import { batchSymbol, type ProgramKind, programResults } from '../compiler/programs.ts';
import { symbolsIn } from '../compiler/rewrite/bind.ts';
import type { SectionSet } from '../compiler/train-step.ts';
import type { Feed } from './feed.ts';
import { checkGuards } from './sizes.ts';
import { TrainingError } from './training-error.ts';

/** Rows of a feed that go through the programs of one kind, so many at a time. */
export interface Workload {
  readonly kind: ProgramKind;
  readonly feed: Feed;
  readonly batch: number;
}

/** Compiles the model for the workloads. Throws TrainingError (a guard), CapacityError. */
export async function prepare(
  model: Model,
  workloads: readonly Workload[],
  options: Omit<CompileOptions, 'programs'>,
): Promise<Compiled> {
  const programs = checkedPrograms(model, workloads);
  // Only here, so that whoever has the plan already need not load what makes it.
  const { compile } = await import('../compiler/compile.ts');
  return compile(model, { ...options, programs });
}

/** What is compiled for the workloads. Throws TrainingError for sizes that the model cannot have. */
export function checkedPrograms(
  model: Model,
  workloads: readonly Workload[],
): readonly ProgramChoice[] {
  const programs = programsFor(workloads).flatMap((program) => withSections(model, program));
  for (const program of programs) {
    checkGuards(model, program.dims);
    checkBound(model, program);
  }
  return programs;
}

/** Throws TrainingError NN0231 for a size that no data decide. */
function checkBound(model: Model, { kind, dims, sections }: ProgramChoice): void {
  const results = programResults(model, kind, sections).map((result) => result.node);
  const open = [...symbolsIn(results)].find((symbol) => dims[symbol] === undefined);
  if (open === undefined) return;
  throw new TrainingError(
    'NN0231',
    `the size \`${open}\` of ${model.name} is never determined: ${kind === 'predict' ? 'a prediction' : 'this'} takes no input that has it`,
    'give what is computed without data a size of its own, such as `normal(0, 1, shape=[100, 64])`',
  );
}

/** Each once, in the order of the workloads. */
export function programsFor(workloads: readonly Workload[]): readonly ProgramChoice[] {
  const programs = new Map<string, ProgramChoice>();
  for (const { kind, feed, batch } of workloads) {
    for (const rows of batchSizes(feed.rows, batch)) {
      const dims = dimsOf(feed, rows);
      programs.set(programName(kind, dims), { kind, dims });
    }
  }
  return [...programs.values()];
}

/** The name of the program that takes this many rows of the feed, and trains in these sections. */
export const programAt = (
  kind: ProgramKind,
  feed: Feed,
  rows: number,
  sections?: SectionSet,
): string => programName(kind, dimsOf(feed, rows), sections);

/** The numbers of a program that takes this many rows of the feed. */
export const dimsOf = (feed: Feed, rows: number): Readonly<Record<string, number>> =>
  feed.symbol === undefined ? feed.sizes : { [feed.symbol]: rows, ...feed.sizes };

/** `[128, 96]` for 12,000 rows in batches of 128. */
export function batchSizes(rows: number, batch: number): readonly number[] {
  const last = rows % batch;
  return [...(rows >= batch ? [batch] : []), ...(last === 0 ? [] : [last])];
}

/**
 * Rows that an evaluation takes at a time: the training batch, or up to four times as many where
 * that divides all the row counts, so that no program for a remainder is needed.
 */
export function evaluationBatch(rowCounts: readonly number[], batch: number): number {
  for (let size = 4 * batch; size >= batch; size -= 1)
    if (rowCounts.every((rows) => rows % size === 0)) return size;
  return batch;
}

/** What a metric sum is divided by to give an average: its samples, or its steps where the batch has no size of its own. */
export const weightOf = (model: Model, rows: number): number =>
  batchSymbol(model) === undefined ? 1 : rows;
