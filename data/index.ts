// The data side: data sets in, named columns out, gathered into batches. Nothing here needs Node except
// node-files.ts, which is therefore not exported from this file.

export { groupColumns, renameColumn } from './columns.ts';
export { type ContactSheetOptions, contactSheet } from './contact-sheet.ts';
export { decodeCsv } from './csv.ts';
export { DataError } from './data-error.ts';
export {
  type Column,
  type ColumnValues,
  createDataset,
  type DataSplits,
  type Dataset,
  rowElements,
  split,
  take,
} from './dataset.ts';
export type { Files } from './files.ts';
export { type GlyphOptions, glyphs } from './glyphs/glyphs.ts';
export { gunzip, isGzip } from './gzip.ts';
export { decodeIdx, type IdxArray } from './idx.ts';
export { decodeMnist, type IdxFiles, type NamedBytes } from './mnist.ts';
export { epochOrder } from './order.ts';
export { encodePng, type GreyImage } from './png.ts';
export { type DataPlaces, resolveDataset } from './resolve.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export type { StoredTensor, TensorValues } from './safetensors-elements.ts';
