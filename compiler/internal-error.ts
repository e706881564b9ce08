/** Our own mistake, never the user's: thrown, naming the pass that found it. */
export class InternalError extends Error {
  readonly pass: string;
  constructor(pass: string, message: string) {
    super(`internal error in ${pass}: ${message}`);
    this.name = 'InternalError';
    this.pass = pass;
  }
}
