/**
 * From pen positions to ink: each pixel takes the darkest of the strokes' round segments that
 * cover it, with a soft edge as wide as a pixel and a half, as a scanned pen stroke has.
 */
import { between, type Random } from '../random.ts';
import type { PenPath } from './stroke.ts';

/** Width of the soft edge in pixels. */
const edge = 1.5;

/**
 * Draws `paths` into a square image of `size` by `size` bytes at `image[start]`: 0 background, 255 ink.
 * `random` draws the paper's and the ink's grain; the image must be zero before.
 */
export function renderGlyph(
  paths: readonly PenPath[],
  random: Random,
  size: number,
  image: Uint8Array,
  start: number,
  ink: Float64Array,
): void {
  ink.fill(0);
  for (const { xs, ys, radii } of paths) {
    for (let i = 1; i < xs.length; i++) {
      drawSegment(
        ink,
        size,
        xs[i - 1] ?? 0,
        ys[i - 1] ?? 0,
        radii[i - 1] ?? 0,
        xs[i] ?? 0,
        ys[i] ?? 0,
        radii[i] ?? 0,
      );
    }
  }
  const strength = between(random, 215, 262);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const covered = ink[pixel] ?? 0;
    if (covered <= 0) continue;
    const value = strength * covered * (1 - 0.16 * random());
    image[start + pixel] = value > 255 ? 255 : value;
  }
}

/** Covers the pixels near the segment from (ax, ay) to (bx, by), whose radius goes from ar to br. */
function drawSegment(
  ink: Float64Array,
  size: number,
  ax: number,
  ay: number,
  ar: number,
  bx: number,
  by: number,
  br: number,
): void {
  const reach = Math.max(ar, br) + edge / 2;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach - 0.5));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, bx) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach - 0.5));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by) + reach - 0.5));
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - ax;
      const py = row + 0.5 - ay;
      const along = length > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
      const ex = px - along * dx;
      const ey = py - along * dy;
      const distance = Math.sqrt(ex * ex + ey * ey);
      const covered = (ar + along * (br - ar) - distance) / edge + 0.5;
      const at = row * size + column;
      if (covered > (ink[at] ?? 0)) ink[at] = covered < 1 ? covered : 1;
    }
  }
}
