import { type ApiFiles, currentHost } from '../host.ts';
import { UsageError } from '../usage-error.ts';

/** The files of the host. Throws UsageError where there are none. `call`: what wants them. */
export function filesOf(call: string): ApiFiles {
  const { files } = currentHost();
  if (files !== undefined) return files;
  throw new UsageError(
    `\`${call}\` with a path needs files, and there are none in a page`,
    'without a path, `save()` gives the bytes and `load(bytes)` takes them: keep them in a download, IndexedDB or the origin-private file system',
  );
}
