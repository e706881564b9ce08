/** `ENOENT` and the like; undefined for an error that does not come from the system. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
