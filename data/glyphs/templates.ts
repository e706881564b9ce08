/**
 * How people write the ten digits: for each digit several variants, each a few strokes of the
 * pen. A stroke is a list of `x,y` points (a box 100 by 100, y down) that a smooth curve passes
 * through; `!` after a point marks a sharp corner.
 */

/** One point of a stroke; `corner` says that the curve has a kink there. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  readonly corner: boolean;
}

/** The strokes of one way to write a digit, and how often it is met among the variants. */
export interface GlyphTemplate {
  readonly weight: number;
  readonly strokes: readonly (readonly StrokePoint[])[];
}

function template(weight: number, ...strokes: readonly string[]): GlyphTemplate {
  return { weight, strokes: strokes.map(parseStroke) };
}

function parseStroke(text: string): readonly StrokePoint[] {
  return text.split(' ').map((point) => {
    const corner = point.endsWith('!');
    const [x = 0, y = 0] = (corner ? point.slice(0, -1) : point).split(',').map(Number);
    return { x, y, corner };
  });
}

/** The variants of each digit 0 to 9. */
export const glyphTemplates: readonly (readonly GlyphTemplate[])[] = [
  [
    // 0: closed oval, slim oval, one that crosses itself at the top, one left open
    template(4, '58,4 40,5 27,20 21,42 22,66 31,88 47,97 64,91 75,72 79,50 75,26 64,10 48,5'),
    template(2, '55,3 43,8 36,26 33,48 34,72 41,91 52,97 62,88 67,68 68,44 65,20 56,5'),
    template(2, '68,9 52,3 36,13 26,34 23,58 29,82 44,96 62,92 74,72 77,46 71,22 57,9 42,11'),
    template(1, '46,6 32,18 23,42 24,68 34,90 51,97 68,87 77,64 78,38 71,18 60,9'),
  ],
  [
    // 1: a bar, a bar with a flag, flag and foot, a leaning bar
    template(4, '51,2 50,34 50,66 49,98'),
    template(3, '34,24 44,14 53,2! 52,50 51,98'),
    template(1, '36,20 53,3! 52,50 51,95', '30,96 50,95 71,96'),
    template(2, '62,3 54,34 46,66 38,97'),
  ],
  [
    // 2: sharp foot, looped foot, wavy foot, a swan's neck
    template(3, '24,26 34,9 55,3 71,14 72,33 54,61 25,94! 50,92 79,94'),
    template(3, '25,24 38,6 60,5 72,22 65,46 46,72 29,92 20,86 30,75 48,84 64,94 83,88'),
    template(2, '22,30 31,10 52,2 70,12 70,36 50,66 24,93! 42,87 60,94 80,90'),
    template(1, '30,16 50,4 68,16 64,42 44,66 24,86 34,92 56,86 82,93'),
  ],
  [
    // 3: two round bows, flat top, a small loop in the waist, a large lower bow
    template(4, '25,14 44,3 66,9 69,26 58,41 42,47! 64,51 76,68 69,88 47,97 24,88'),
    template(1, '27,6 48,7 70,5! 46,41! 66,47 75,67 66,89 45,97 24,88'),
    template(2, '26,13 46,3 66,11 66,29 50,45 39,47 44,41 62,48 74,66 67,89 45,97 25,87'),
    template(1, '30,10 50,4 62,16 54,34 38,42! 62,44 78,62 74,86 50,98 22,90'),
  ],
  [
    // 4: open with two strokes, closed, written in one go, an angular open one
    template(4, '30,5 26,24 22,52! 50,55 80,51', '68,8 65,40 62,97'),
    template(2, '60,3 40,32 20,63! 50,65 82,62', '62,5 61,50 60,98'),
    template(2, '28,6 23,32 30,51 50,54 66,42', '71,4 67,50 63,98'),
    template(1, '62,98 63,50 64,3! 42,32 20,66! 50,67 84,64'),
  ],
  [
    // 5: in one stroke, with the roof set on later, round like an s, a steep one
    template(3, '72,5 54,6 35,7! 30,43! 52,38 71,50 74,74 58,94 38,97 21,88'),
    template(3, '36,9 30,45! 52,39 74,53 73,79 52,97 24,90', '36,9 56,8 79,5'),
    template(2, '75,9 52,5 35,17 35,36 53,45 70,59 69,82 50,96 25,90'),
    template(1, '78,3 60,8 46,10! 34,44! 56,44 66,62 56,86 38,97 20,92'),
  ],
  [
    // 6: bowed back, straight back, hooked start, a small bowl
    template(3, '65,4 44,22 29,50 27,80 45,97 66,90 72,71 58,55 40,61 29,77'),
    template(2, '46,2 34,34 28,68 38,94 60,95 72,77 61,59 42,62 30,78'),
    template(2, '73,12 58,3 38,18 26,50 28,84 50,98 70,86 69,64 51,55 33,68'),
    template(1, '58,2 40,28 30,60 34,90 52,97 62,84 54,72 38,78 33,86'),
  ],
  [
    // 7: plain, with a bar, with a serif, with a bowed roof
    template(4, '23,9 50,8 76,6! 61,44 46,97'),
    template(2, '24,9 50,8 77,6! 62,44 48,97', '36,51 56,49 76,48'),
    template(2, '24,20 25,8! 50,8 76,7! 63,36 53,66 49,97'),
    template(2, '22,15 36,6 56,10 77,5! 58,46 42,97'),
  ],
  [
    // 8: an S closed by a second bow, two rings, open at the top, a slim one
    template(4, '67,15 50,3 33,13 36,33 54,46 71,65 69,88 50,97 30,88 29,67 46,48 63,33 67,15'),
    template(
      1,
      '50,3 35,12 35,33 50,45 65,33 65,12 50,3',
      '50,46 29,61 29,86 50,97 71,86 71,61 50,46',
    ),
    template(2, '72,12 50,4 33,17 40,37 59,54 71,74 60,95 39,95 29,77 40,56 60,35 76,16'),
    template(2, '60,8 48,3 40,17 46,36 57,52 64,74 55,95 42,95 35,77 44,54 56,35 62,16 56,6'),
  ],
  [
    // 9: straight leg, bowed leg, slanted leg, a wide open ring
    template(4, '69,14 50,4 31,15 28,37 43,49 62,40 71,17! 69,56 66,98'),
    template(2, '70,18 52,4 33,14 28,36 43,50 62,42 71,22 72,52 65,82 47,97 28,90'),
    template(2, '66,8 46,5 30,22 34,42 52,46 67,28 71,10! 61,54 48,98'),
    template(1, '74,10 52,3 32,18 32,40 52,46 70,30 74,10! 70,50 70,97'),
  ],
];
