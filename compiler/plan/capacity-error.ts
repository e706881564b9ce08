/** A model that does not fit the device: the user's business, with the tensor's name and the limit. */
export class CapacityError extends Error {
  readonly code = 'NN0503';
  readonly help: string;
  constructor(message: string, help: string) {
    super(message);
    this.name = 'CapacityError';
    this.help = help;
  }
}
