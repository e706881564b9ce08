/** How a file opens, for the message that it is not what it should be: its letters where it has only letters, else bytes. */
export function opening(bytes: Uint8Array<ArrayBuffer>): string {
  const some = bytes.subarray(0, 16);
  const isText = some.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
  if (isText) return JSON.stringify(new TextDecoder().decode(some));
  return [...some.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
