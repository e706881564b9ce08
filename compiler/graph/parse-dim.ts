/** Reads sizes as `dim.ts` writes them: polynomials over symbols, `floor((a)/(b))`, `((a) mod (b))`. */
import { addDims, type Dim, floorDims, modDims, mulDims, subDims, symbol } from './dim.ts';
import { type Cursor, expectWord, fail, take, takeWord } from './text-cursor.ts';

export function parseDim(c: Cursor): Dim {
  let sum = takeWord(c, '-') ? subDims(0, product(c)) : product(c);
  for (;;) {
    if (takeWord(c, '+')) sum = addDims(sum, product(c));
    else if (takeWord(c, '-')) sum = subDims(sum, product(c));
    else return sum;
  }
}

function product(c: Cursor): Dim {
  let result = power(c);
  while (takeWord(c, '*')) result = mulDims(result, power(c));
  return result;
}

function power(c: Cursor): Dim {
  const base = atom(c);
  if (!takeWord(c, '**')) return base;
  const n = Number(take(c, /\d+/) ?? fail(c, 'an exponent'));
  let result: Dim = 1;
  for (let i = 0; i < n; i++) result = mulDims(result, base);
  return result;
}

function atom(c: Cursor): Dim {
  const digits = take(c, /\d+/);
  if (digits !== undefined) return Number(digits);
  if (takeWord(c, 'floor((')) return pair(c, ')/(', '))', floorDims);
  if (takeWord(c, '((')) return pair(c, ') mod (', '))', modDims);
  return symbol(take(c, /[A-Za-z_$][\w$.?']*/) ?? fail(c, 'a size'));
}

function pair(c: Cursor, middle: string, end: string, make: (a: Dim, b: Dim) => Dim): Dim {
  const a = parseDim(c);
  expectWord(c, middle);
  const b = parseDim(c);
  expectWord(c, end);
  return make(a, b);
}
