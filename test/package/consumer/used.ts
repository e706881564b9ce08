/** What `use` finds. */
export interface Used {
  readonly printed: string;
  readonly outcome: string;
  /** Of each epoch. */
  readonly losses: readonly number[];
  readonly accuracy: number;
  /** Of each row the sum of its probabilities. */
  readonly sums: readonly number[];
  readonly squares: readonly number[];
}
