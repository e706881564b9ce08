/** Names in the two spellings: `log_softmax` in a file is `logSoftmax` in a program. */

/** `beta2`, `keepdims`, `min_delta` for `minDelta`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** `minDelta` for `min_delta`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
