/** `nnc compile --budget`: the largest batch whose plan stays within it, found by compiling. */
import { CapacityError } from '../compiler/plan/capacity-error.ts';
import { bytesText, grouped } from './numbers.ts';

/** Bytes that a plan takes at a number of rows; undefined where the device cannot hold it. */
export type BytesAt = (rows: number) => number | undefined;

/** The largest number of rows below `rows` that fits; 0 where none does. Memory never shrinks as rows grow. */
export function largestBatch(bytesAt: BytesAt, rows: number, budget: number): number {
  const fits = (n: number): boolean => (bytesAt(n) ?? Number.POSITIVE_INFINITY) <= budget;
  let [fitting, tooMany] = [0, rows];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(middle)) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

/** Throws CapacityError where the plan takes more than the budget, with the largest batch that fits. */
export function checkBudget(bytesAt: BytesAt, rows: number, budget: number): void {
  const bytes = bytesAt(rows);
  if (bytes !== undefined && bytes <= budget) return;
  const largest = largestBatch(bytesAt, rows, budget);
  const needs = bytes === undefined ? 'more than the device can bind' : bytesText(bytes);
  throw new CapacityError(
    `a batch of ${grouped(rows)} takes ${needs}; the budget is ${bytesText(budget)}`,
    largest === 0
      ? `not even one row fits${leastText(bytesAt(1))}: a smaller model, or a larger budget`
      : `the largest batch that fits is ${grouped(largest)}: \`--batch ${largest}\``,
  );
}

const leastText = (bytes: number | undefined): string =>
  bytes === undefined ? '' : `, which takes ${bytesText(bytes)}`;
