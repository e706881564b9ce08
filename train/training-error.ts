/** Training cannot go on, for a reason that the user can do something about. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  /** `NN0216`. */
  readonly code: string;
  readonly help?: string;

  constructor(code: string, message: string, help?: string) {
    super(message);
    this.code = code;
    if (help !== undefined) this.help = help;
  }
}
