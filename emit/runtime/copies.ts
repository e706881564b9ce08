/** Programs that end with copies from buffer to buffer. */
import { at, type Gpu } from './gpu.ts';
import type { Program } from './program.ts';

export function withCopies(gpu: Gpu, program: Program): Program {
  const copies = (program.plan.copies ?? []).map(
    ([from, fromOffset, to, toOffset, bytes]) =>
      [at(gpu.buffers, from), fromOffset, at(gpu.buffers, to), toOffset, bytes] as const,
  );
  return {
    plan: program.plan,
    encode(encoder) {
      program.encode(encoder);
      for (const [from, fromOffset, to, toOffset, bytes] of copies)
        encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, bytes);
    },
  };
}
