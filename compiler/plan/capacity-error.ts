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

/** For a tensor of more bytes than fit; `kernel` is one that needs it at once, where parts would do otherwise. */
export function tooLarge(
  tensor: string,
  bytes: number,
  limit: number,
  kernel?: string,
): CapacityError {
  const reason =
    kernel === undefined
      ? `a buffer of this device holds at most ${sizeText(limit)}`
      : `this device binds at most ${sizeText(limit)}, and ${kernel} cannot take it row by row`;
  return new CapacityError(
    `\`${tensor}\` needs ${sizeText(bytes)}; ${reason}`,
    'use a smaller batch (`--batch`), or a smaller layer',
  );
}

const sizeText = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${bytes} bytes`;
