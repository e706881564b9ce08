/** The checksum of PNG, gzip and zip: CRC-32 with polynomial 0xedb88320. */

/** Continues `from`, the checksum of the bytes before, or begins anew. */
export function crc32(bytes: Uint8Array, from = 0): number {
  let remainder = ~from;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] ?? 0);
  return ~remainder >>> 0;
}

const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return remainder;
});
