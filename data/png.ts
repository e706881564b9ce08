/**
 * Grey pictures as PNG files (ISO/IEC 15948), small and plain: 8 bits a pixel, no filter, one
 * data chunk. `CompressionStream('deflate')` writes the zlib format that PNG asks for, in Node
 * and in the browser.
 */
import { concatenate } from './concatenate.ts';
import { crc32 } from './crc32.ts';

/** A grey picture, row after row, 0 black to 255 white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const signature: readonly number[] = [137, 80, 78, 71, 13, 10, 26, 10];

/** The bytes of a PNG file that shows `image`. */
export async function encodePng(image: GreyImage): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, pixels } = image;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits, grey, deflate, no filter, not interlaced
  const lines = new Uint8Array(height * (width + 1)); // each line opens with its filter type, 0
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return concatenate([
    Uint8Array.from(signature),
    chunk('IHDR', header),
    chunk('IDAT', await deflate(lines)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
