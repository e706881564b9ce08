/** Special functions: a value in f64 where JavaScript has none, WGSL text where WGSL has none or one with traps. */
import { type WgslHelper, wgslFunction } from './define-intrinsic.ts';
import type { WgslType } from './scalar.ts';

/**
 * erf in f64: Taylor series for |x| < 2.5, continued fraction of erfc beyond
 * (Abramowitz & Stegun 7.1.6 and 7.1.14); relative error about 1e-15.
 */
export function erf64(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      sum += term;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum;
  }
  let fraction = a;
  for (let k = 60; k >= 1; k--) fraction = a + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}

/**
 * erf in f32. |x| < 1: the Taylor series, whose first omitted term is below 1e-8; beyond: 1 - erfc by
 * Abramowitz & Stegun 7.1.26, absolute error 1.5e-7.
 */
export const erfWgsl: WgslHelper = wgslFunction(
  'erf',
  ['x'],
  (T) => `
  let a = abs(x);
  let s = x * x;
  let near = x * (${T}(1.1283791671) + s * (${T}(-0.3761263890) + s * (${T}(0.1128379167) + s * (${T}(-0.0268661706) + s * (${T}(0.0052239776) + s * (${T}(-0.0008548327) + s * (${T}(0.0001205533) + s * (${T}(-0.0000149256) + s * ${T}(0.0000016447)))))))));
  let k = ${T}(1) / (${T}(1) + ${T}(0.3275911) * a);
  let p = k * (${T}(0.254829592) + k * (${T}(-0.284496736) + k * (${T}(1.421413741) + k * (${T}(-1.453152027) + k * ${T}(1.061405429)))));
  let far = sign(x) * (${T}(1) - p * exp(-min(s, ${T}(80))));
  return select(far, near, a < ${T}(1));
`,
);

/**
 * WGSL leaves the logarithm of what is not positive open, and drivers return finite nonsense (SwiftShader
 * log|x|). Below 0 it is NaN, at 0 minus infinity, made from bits at run time since WGSL has no literals for them.
 */
const guardedLogarithm = (
  T: string,
  { dtype, width }: WgslType,
  x: string,
  value: string,
): string => {
  if (dtype !== 'f32') return `return ${value};`;
  const U = width === 1 ? 'u32' : `vec${width}<u32>`;
  return `let zero = bitcast<${U}>(${x}) & ${U}(0u);
  let nan = bitcast<${T}>(zero | ${U}(0x7fc00000u));
  let minus_infinity = bitcast<${T}>(zero | ${U}(0xff800000u));
  return select(select(${value}, minus_infinity, ${x} == ${T}(0)), nan, ${x} < ${T}(0));`;
};

export const logWgsl: WgslHelper = wgslFunction(
  'log',
  ['x'],
  (T, type) => `
  ${guardedLogarithm(T, type, 'x', 'log(x)')}
`,
);
export const log2Wgsl: WgslHelper = wgslFunction(
  'log2',
  ['x'],
  (T, type) => `
  ${guardedLogarithm(T, type, 'x', 'log2(x)')}
`,
);

/** log(1+x): near zero, where 1+x loses digits, the series of 2·artanh(x/(2+x)). */
export const log1pWgsl: WgslHelper = wgslFunction(
  'log1p',
  ['x'],
  (T, type) => `
  let s = x / (${T}(2) + x);
  let q = s * s;
  let near = ${T}(2) * s * (${T}(1) + q * (${T}(0.3333333333) + q * (${T}(0.2) + q * (${T}(0.1428571429) + q * (${T}(0.1111111111) + q * ${T}(0.0909090909))))));
  let y = ${T}(1) + x;
  let value = select(log(y), near, (x > ${T}(-0.4)) & (x < ${T}(0.7)));
  ${guardedLogarithm(T, type, 'y', 'value')}
`,
);

/** exp(x)-1: for |x| < 0.5, where the difference would cancel, the Taylor series. */
export const expm1Wgsl: WgslHelper = wgslFunction(
  'expm1',
  ['x'],
  (T) => `
  let near = x * (${T}(1) + x * (${T}(0.5) + x * (${T}(0.1666666667) + x * (${T}(0.0416666667) + x * (${T}(0.0083333333) + x * (${T}(0.0013888889) + x * (${T}(0.0001984127) + x * ${T}(0.0000248016))))))));
  return select(exp(x) - ${T}(1), near, abs(x) < ${T}(0.5));
`,
);

/**
 * x**y for any sign of x: |x|**y, negative for an odd whole y, NaN for a fraction (0/0 made at run
 * time). At 0 the built-in goes through log2(0), so a positive power of it is said outright.
 */
export const powWgsl: WgslHelper = wgslFunction(
  'pow',
  ['x', 'y'],
  (T) => `
  let m = select(pow(abs(x), y), ${T}(0), (x == ${T}(0)) & (y > ${T}(0)));
  let whole = floor(y) == y;
  let odd = floor(y * ${T}(0.5)) * ${T}(2) != y;
  let signed_power = select(m, -m, odd);
  let undefined_power = (x - x) / (x - x);
  let negative_base = select(undefined_power, signed_power, whole);
  return select(select(m, negative_base, x < ${T}(0)), ${T}(1), y == ${T}(0));
`,
);
