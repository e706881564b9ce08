/**
 * The 16 bits of the two narrow floats: f16 is IEEE 754 binary16, bf16 the upper half of an f32. Numbers are
 * rounded to the nearest, ties to the even one; what is too large becomes infinite.
 */

const bytes = new DataView(new ArrayBuffer(4));

function singleBits(value: number): number {
  bytes.setFloat32(0, value);
  return bytes.getUint32(0);
}

/** Of a number that is rounded to f32 first, as every number of the device is. */
export function brainFloatBits(value: number): number {
  const bits = singleBits(value);
  if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

export function brainFloat(bits: number): number {
  bytes.setUint32(0, (bits << 16) >>> 0);
  return bytes.getFloat32(0);
}

export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // Numbers below 2^-14 are counted in steps of 2^-24, the others in 1024 steps between powers of two.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  return sign | ((exponent + 14) * 1024 + roundToEven(size / 2 ** (exponent - 10)));
}

export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0);
}
