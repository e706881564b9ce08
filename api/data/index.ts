/** Data for a model: pipelines over rows. */
export { Dataset } from './dataset.ts';
export { type ColumnNumbers, readColumn } from './read-column.ts';
export { dataset, type TableRow } from './rows-of.ts';
