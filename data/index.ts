/**
 * The data side: data sets in, named columns and an order of their rows out. Nothing here needs Node
 * except node-files.ts, which is therefore not exported from this file.
 */
export { type ContactSheetOptions, contactSheet } from './contact-sheet.ts';
export { DataError } from './data-error.ts';
export {
  type Column,
  createDataset,
  type DataSplits,
  type Dataset,
  rowElements,
  split,
  take,
} from './dataset.ts';
export type { Files } from './files.ts';
export { epochOrder } from './order.ts';
export { type DataPlaces, resolveDataset } from './resolve.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export type { StoredTensor } from './safetensors-elements.ts';
