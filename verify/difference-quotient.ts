/**
 * A directional derivative by central differences, in f64, beside the one that the gradients give. Where the function
 * has a kink between the two ends the quotient is wrong, so that smaller steps are tried before anything is said.
 */

export interface Quotient {
  /** From the gradients. */
  readonly analytic: number;
  /** From the differences. */
  readonly numeric: number;
  /** The size that the derivative has in a direction of this length: errors are seen in proportion to it. */
  readonly scale: number;
  /** The difference of both, in proportion to what the method may be off by. */
  readonly share: number;
  readonly differs: boolean;
}

const STEPS = [1e-5, 1e-6, 1e-7] as const;
/** Of `scale`: what central differences with such steps leave of smooth functions is a thousandth of it. */
const TOLERANCE = 1e-4;
/** Rounding errors of a sum in f64, of its own size. */
const ROUNDING = 2 ** -42;

/**
 * `along(t)` is the function at `t` times the direction; `analytic` the derivative there, `scale` what it is at most
 * in proportion to. The direction's elements are about 1.
 */
export function quotient(along: (t: number) => number, analytic: number, scale: number): Quotient {
  let best: Quotient | undefined;
  for (const step of STEPS) {
    const [up, down] = [along(step), along(-step)];
    const numeric = (up - down) / (2 * step);
    const noise = (ROUNDING * (Math.abs(up) + Math.abs(down))) / step;
    const error = Math.abs(numeric - analytic);
    const share = error === 0 ? 0 : error / (TOLERANCE * scale + noise);
    const differs = !(share <= 1);
    const found = { analytic, numeric, scale, share, differs };
    if (!differs) return found;
    if (best === undefined || error < Math.abs(best.numeric - best.analytic)) best = found;
  }
  return best ?? { analytic, numeric: analytic, scale, share: 0, differs: false };
}

/** +1 and -1 at random, so that every element has its say, leaning towards where the gradient points. */
export function direction(gradient: ArrayLike<number>, random: () => number): Float64Array {
  return Float64Array.from(gradient, (g) => (random() < 0.5 ? -1 : 1) + 0.5 * Math.sign(g));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** What a sum of products with random signs is about. */
export function typicalDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) * (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

/** Numerical Recipes' linear congruential generator, in [0, 1): any cheap one will do. */
export function cheapRandom(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
