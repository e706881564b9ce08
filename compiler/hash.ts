/**
 * A short mark of texts and bytes: 64 bits, two multiplicative hashes over 32-bit words (the rounds of
 * MurmurHash3, A. Appleby). It tells accidents, not forgeries.
 */
export interface Hash {
  text(text: string): void;
  bytes(values: ArrayBufferView): void;
  /** 16 hexadecimal digits. */
  digest(): string;
}

export function createHash(): Hash {
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  let length = 0;
  const word = (value: number): void => {
    const k = Math.imul(value, 0xcc9e2d51);
    a = Math.imul(rotated(a ^ Math.imul(rotated(k, 15), 0x1b873593), 13), 5) + 0xe6546b64;
    const l = Math.imul(value, 0x239b961b);
    b = Math.imul(rotated(b ^ Math.imul(rotated(l, 16), 0x38b34ae5), 17), 5) + 0x0bcaa747;
  };
  return {
    text(text) {
      length += text.length;
      for (let at = 0; at < text.length; at += 1) word(text.charCodeAt(at));
    },
    bytes({ buffer, byteOffset, byteLength }) {
      const view = new DataView(buffer, byteOffset, byteLength);
      const words = byteLength >> 2;
      for (let at = 0; at < words; at += 1) word(view.getInt32(at * 4, true));
      for (let at = words * 4; at < byteLength; at += 1) word(view.getUint8(at));
      length += byteLength;
    },
    digest: () => [a ^ length, b ^ length].map((half) => hex(finished(half))).join(''),
  };
}

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

function finished(x: number): number {
  const mixed = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return again ^ (again >>> 16);
}
