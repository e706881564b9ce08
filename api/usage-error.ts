/** A mistake in using the API itself, which no place in a model explains: what happened, and what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string, help: string) {
    super(`${problem}\nhelp: ${help}`);
  }
}
