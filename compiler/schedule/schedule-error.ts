/** A schedule that was asked for and cannot be: the user's business, with what is possible. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly code = 'NN0509';
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
