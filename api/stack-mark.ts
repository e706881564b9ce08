/**
 * What tells calls apart in a bundle that has the program and this library in one file, where no frame says which
 * of them it belongs to: all positions of the stack, from the body of the program that runs to the call. The same call of
 * the same body has the same mark whoever made the body run: the graph for training, that for evaluation, or a second use.
 */
import { stackFrames } from './stack-frame.ts';

/** Frames outside of the body that runs. */
let outside = 0;
/** Stacks are costly: none is taken before a mark was asked for. */
let isAsked = false;

/** Frames of `stackFrames` and of `inBody`. */
const OWN_FRAMES = 2;

/** Runs what the program gave: the function of a model, a layer, a round. */
export function inBody<T>(body: () => T): T {
  if (!isAsked) return body();
  const before = outside;
  outside = stackFrames(Number.POSITIVE_INFINITY).length - OWN_FRAMES;
  try {
    return body();
  } finally {
    outside = before;
  }
}

/** Of the call that runs. */
export function stackMark(): string {
  isAsked = true;
  const frames = stackFrames(Number.POSITIVE_INFINITY);
  return frames
    .slice(0, Math.max(0, frames.length - outside))
    .map(({ line, column }) => `${line}.${column}`)
    .join(' ');
}
