/**
 * The data side: data sets in, named columns and an order of their rows out. Nothing here needs Node
 * except node-files.ts, which is therefore not exported from this file.
 */
export { classesIn, classMetadata } from './class-metadata.ts';
export { stackColumns } from './columns.ts';
export { type ContactSheetOptions, contactSheet } from './contact-sheet.ts';
export { crc32 } from './crc32.ts';
export type { ClassNames } from './csv-field.ts';
export { DataError } from './data-error.ts';
export {
  type AnyColumn,
  type AnyDataset,
  type Column,
  type ColumnInfo,
  type ColumnValues,
  createDataset,
  type DataSplits,
  type Dataset,
  isStored,
  rowElements,
  type StoredColumn,
  type StoredRows,
  split,
  take,
} from './dataset.ts';
export type { Files, OpenFile } from './files.ts';
export { classesOf } from './folder.ts';
export { npyHeader, type WrittenType } from './npy.ts';
export { epochOrder } from './order.ts';
export type { RowOrder } from './permutation.ts';
export { createRandom, pick } from './random.ts';
export { residentRows } from './resident.ts';
export { type DataPlaces, resolveDataset } from './resolve.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export type { StoredTensor } from './safetensors-elements.ts';
export { splitBySeed } from './split-rows.ts';
export { zipDirectory, zipLocalHeader } from './zip.ts';
