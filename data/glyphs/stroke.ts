/**
 * From a template to the path of one hand: the points are shifted, the figure is warped, turned,
 * slanted and scaled, and the curve through the points becomes a row of pen positions in pixels.
 * Only + - * / and the square root are used, which every JavaScript engine rounds alike.
 */
import { bell, between, type Random } from '../random.ts';
import type { GlyphTemplate, StrokePoint } from './templates.ts';

/** A row of pen positions: x, y (pixels) and the pen's radius (pixels) for each. */
export interface PenPath {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly radii: readonly number[];
}

/** How far the hands differ; the numbers of `handwriting` are tuned, see its comment. */
export interface HandStyle {
  /** Deviation of each point from its template, in hundredths of the figure's box. */
  readonly jitter: number;
  /** Deviation of the smooth warp of the whole figure, as a fraction of its half size. */
  readonly warp: number;
  /** Deviations of rotation and slant, as tangents; slant leans to the right on average. */
  readonly rotation: number;
  readonly slant: number;
  readonly lean: number;
  /** Range of the figure's height (pixels) and of width over height. */
  readonly height: readonly [number, number];
  readonly aspect: readonly [number, number];
  /** Deviation of the figure's centre, in pixels. */
  readonly shift: number;
  /** Range of the pen's radius, in pixels. */
  readonly pen: readonly [number, number];
  /** Deviation of the pen's wobble along a stroke, in pixels. */
  readonly wobble: number;
}

type Point = readonly [x: number, y: number];

const samplesPerSpan = 6;
const wobblePeriod = 7;

/** Writes `template` once with the hand that `random` draws from `style`, into an image `size` wide. */
export function writeGlyph(
  template: GlyphTemplate,
  random: Random,
  style: HandStyle,
  size: number,
): readonly PenPath[] {
  const place = drawPlacement(random, style);
  const pen = between(random, style.pen[0], style.pen[1]);
  const paths = template.strokes.map((stroke) => {
    const points = stroke.map((point): Point => {
      const x = (point.x - 50 + style.jitter * bell(random)) / 50;
      const y = (point.y - 50 + style.jitter * bell(random)) / 50;
      return place(x, y);
    });
    return trace(stroke, points, random, pen, style.wobble);
  });
  return recentre(paths, size - 2 * pen - 2, size, [
    style.shift * bell(random),
    style.shift * bell(random),
  ]);
}

/** The map from the figure's box (-1 to 1 both ways) to pixels around the origin. */
function drawPlacement(random: Random, style: HandStyle): (x: number, y: number) => Point {
  const warp = (): number => style.warp * bell(random);
  const [xyx, yyx, xxx] = [warp(), warp(), warp()];
  const [xyy, xxy, yyy] = [warp(), warp(), warp()];
  const half = between(random, style.height[0], style.height[1]) / 2;
  const wide = half * between(random, style.aspect[0], style.aspect[1]);
  const slant = style.lean + style.slant * bell(random);
  // Rotation by the angle whose half has tangent t: no trigonometry needed.
  const t = (style.rotation * bell(random)) / 2;
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  return (x, y) => {
    const u = wide * (x + xyx * x * y + yyx * y * y + xxx * x * x);
    const v = half * (y + xyy * x * y + xxy * x * x + yyy * y * y);
    const leaning = u - slant * v;
    return [cosine * leaning - sine * v, sine * leaning + cosine * v];
  };
}

/** Walks the Catmull-Rom curve through the points, with a wobbling pen that lifts off at the end. */
function trace(
  stroke: readonly StrokePoint[],
  points: readonly Point[],
  random: Random,
  pen: number,
  wobble: number,
): PenPath {
  const xs: number[] = [];
  const ys: number[] = [];
  const radii: number[] = [];
  const waver = smoothNoise(random);
  const swerve = smoothNoise(random);
  const press = smoothNoise(random);
  const last = points.length - 1;
  const lift = between(random, 0.55, 1);
  for (let span = 0; span < last; span++) {
    const curve = spanCurve(stroke, points, span);
    for (let step = span === 0 ? 0 : 1; step <= samplesPerSpan; step++) {
      const [x, y] = curve(step / samplesPerSpan);
      const done = (span + step / samplesPerSpan) / last;
      xs.push(x + wobble * waver());
      ys.push(y + wobble * swerve());
      const lifted = done < 0.7 ? 1 : 1 + (lift - 1) * ((done - 0.7) / 0.3);
      radii.push(pen * lifted * (1 + 0.14 * press()));
    }
  }
  return { xs, ys, radii };
}

/** The curve from point `span` to the next; at corners the tangent follows the chord. */
function spanCurve(
  stroke: readonly StrokePoint[],
  points: readonly Point[],
  span: number,
): (t: number) => Point {
  const at = (index: number): Point => points[index] ?? [0, 0];
  const [x1, y1] = at(span);
  const [x2, y2] = at(span + 1);
  const startsFree = span === 0 || stroke[span]?.corner === true;
  const endsFree = span + 2 >= points.length || stroke[span + 1]?.corner === true;
  const [x0, y0] = startsFree ? [x1, y1] : at(span - 1);
  const [x3, y3] = endsFree ? [x2, y2] : at(span + 2);
  return (t) => [cubic(x0, x1, x2, x3, t), cubic(y0, y1, y2, y3, t)];
}

/** Catmull-Rom interpolation (E. Catmull, R. Rom, 1974) between `p1` and `p2`. */
function cubic(p0: number, p1: number, p2: number, p3: number, t: number): number {
  const linear = p2 - p0;
  const square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
  const third = 3 * (p1 - p2) + p3 - p0;
  return p1 + 0.5 * t * (linear + t * (square + t * third));
}

/** Nearly normal noise that drifts smoothly from draw to draw. */
function smoothNoise(random: Random): () => number {
  let from = bell(random);
  let to = bell(random);
  let count = 0;
  return () => {
    if (count === wobblePeriod) {
      from = to;
      to = bell(random);
      count = 0;
    }
    const t = count++ / wobblePeriod;
    return from + (to - from) * t * t * (3 - 2 * t);
  };
}

/**
 * Puts the figure's box in the middle of the image, then shifts it as far as the inner frame of width
 * `frame` allows.
 */
function recentre(
  paths: readonly PenPath[],
  frame: number,
  size: number,
  shift: Point,
): readonly PenPath[] {
  const place = (positions: readonly number[], by: number): number => {
    const [low, high] = extent(positions);
    const room = Math.max(0, (frame - (high - low)) / 2);
    return (size - low - high) / 2 + Math.max(-room, Math.min(room, by));
  };
  const right = place(
    paths.flatMap((path) => path.xs),
    shift[0],
  );
  const down = place(
    paths.flatMap((path) => path.ys),
    shift[1],
  );
  return paths.map(({ xs, ys, radii }) => ({
    xs: xs.map((x) => x + right),
    ys: ys.map((y) => y + down),
    radii,
  }));
}

function extent(positions: readonly number[]): readonly [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const position of positions) {
    low = Math.min(low, position);
    high = Math.max(high, position);
  }
  return [low, high];
}
