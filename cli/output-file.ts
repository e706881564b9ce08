/** A file of results that is written piece by piece, and has its name only when it is complete. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { EXIT, UserError } from './failure.ts';
import { beside } from './replace-file.ts';
import { messageOf } from './source-file.ts';

export interface OutputFile {
  /** Adds to its end. */
  write(piece: string | Uint8Array): void;
  /** Writes over what is there, or beyond. */
  writeAt(position: number, bytes: Uint8Array): void;
  /** Gives the file its name. */
  finish(): void;
  /** Leaves what was there before. */
  abandon(): void;
}

/** Throws UserError where nothing can be written. */
export function createOutputFile(file: string): OutputFile {
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true)
    throw new UserError(`-o: ${file} is a folder`, undefined, EXIT.usage);
  // A device or a pipe is written to as it is; renaming would put a plain file in its place.
  const direct = kind !== undefined && !kind.isFile();
  const fresh = direct ? file : beside(file);
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new UserError(`${file} cannot be written: ${messageOf(error)}`);
    }
  };
  const descriptor = guarded(() => openSync(fresh, 'w'));
  let length = 0;

  const writeAll = (bytes: Uint8Array, position: number): void => {
    for (let done = 0; done < bytes.length; )
      done += writeSync(
        descriptor,
        bytes,
        done,
        bytes.length - done,
        direct ? null : position + done,
      );
  };
  return {
    write(piece) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      guarded(() => writeAll(bytes, length));
      length += bytes.length;
    },
    writeAt(position, bytes) {
      guarded(() => writeAll(bytes, position));
      length = Math.max(length, position + bytes.length);
    },
    finish() {
      guarded(() => {
        if (!direct) fsyncSync(descriptor);
        closeSync(descriptor);
        if (!direct) renameSync(fresh, file);
      });
    },
    abandon() {
      closeSync(descriptor);
      if (!direct) rmSync(fresh, { force: true });
    },
  };
}
