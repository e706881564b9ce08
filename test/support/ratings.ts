/** Ratings of known structure: a mean, a bias of every user and item, the product of hidden factors, and noise. */
import { bell, createRandom, pick } from '../../data/random.ts';

export interface Ratings {
  readonly user: Int32Array<ArrayBuffer>;
  readonly item: Int32Array<ArrayBuffer>;
  readonly rating: Float32Array<ArrayBuffer>;
  /** Standard deviation of the ratings: the error of always guessing their mean. */
  readonly spread: number;
}

/** Of the noise: no model can come nearer on rows that it has not seen. */
export const NOISE = 0.1;
const FACTORS = 4;

export function drawRatings(users: number, items: number, rows: number): Ratings {
  const random = createRandom(7, 0, 0);
  const draw = (count: number, deviation: number): number[] =>
    Array.from({ length: count }, () => deviation * bell(random));
  const [ofUser, ofItem] = [draw(users * FACTORS, 0.6), draw(items * FACTORS, 0.6)];
  const [userBias, itemBias] = [draw(users, 0.5), draw(items, 0.5)];
  const user = Int32Array.from({ length: rows }, () => pick(random, users));
  const item = Int32Array.from({ length: rows }, () => pick(random, items));
  const rating = Float32Array.from({ length: rows }, (_, row) => {
    const [u, i] = [user[row] ?? 0, item[row] ?? 0];
    let sum = 3.5 + (userBias[u] ?? 0) + (itemBias[i] ?? 0) + NOISE * bell(random);
    for (let f = 0; f < FACTORS; f++)
      sum += (ofUser[u * FACTORS + f] ?? 0) * (ofItem[i * FACTORS + f] ?? 0);
    return sum;
  });
  const mean = rating.reduce((sum, r) => sum + r, 0) / rows;
  const spread = Math.sqrt(rating.reduce((sum, r) => sum + (r - mean) ** 2, 0) / rows);
  return { user, item, rating, spread };
}
