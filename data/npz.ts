/** NPZ, NumPy's archive: a zip file of NPY files, whose names are those of the arrays. */
import {
  type ArrayLayout,
  arrayColumn,
  checkLength,
  decodeArray,
  storedArrayColumn,
} from './array-layout.ts';
import { arraySet } from './array-set.ts';
import { DataError, grouped } from './data-error.ts';
import type { AnyColumn, DataSplits } from './dataset.ts';
import type { OpenFile } from './files.ts';
import { NPY_HEADER_BYTES, readNpyHeader } from './npy.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip.ts';

/** `memory`: bytes that may be kept; arrays of a larger archive stay in the file, unless they are packed. */
export async function readNpz(
  source: OpenFile,
  file: string,
  memory: number,
): Promise<DataSplits<AnyColumn>> {
  const entries = await readZipDirectory(source, file);
  const arrays = entries.filter(({ name }) => name.endsWith('.npy'));
  const others = entries.filter((entry) => !arrays.includes(entry));
  const notes = others.map(({ name }) => `\`${name}\` in the archive is no array: left out`);
  const total = arrays.reduce((sum, { size }) => sum + size, 0);
  const columns: AnyColumn[] = [];
  for (const entry of arrays) {
    const part = `${file}/${entry.name}`;
    const name = entry.name.replace(/\.npy$/, '');
    if (total > memory) {
      const layout = await storedLayout(source, entry, part, total);
      columns.push(await storedArrayColumn(name, layout, source, part));
      continue;
    }
    const bytes = await readZipEntry(source, entry, file);
    const layout = readNpyHeader(bytes, bytes.length, part);
    checkLength(layout, bytes.length, part);
    const values = decodeArray(layout, bytes.subarray(layout.start), part);
    columns.push(arrayColumn(name, layout, values, part));
  }
  return arraySet(file, columns, notes);
}

async function storedLayout(
  source: OpenFile,
  { from, size, method }: ZipEntry,
  file: string,
  total: number,
): Promise<ArrayLayout> {
  if (method === 'deflated') {
    throw new DataError(
      file,
      `the arrays of this archive unpack to ${grouped(total)} bytes, more than are kept in memory`,
      'save them without packing, `np.savez`, and they are read piece by piece',
    );
  }
  const layout = readNpyHeader(
    await source.read(from, Math.min(size, NPY_HEADER_BYTES)),
    size,
    file,
  );
  checkLength(layout, size, file);
  return { ...layout, start: from + layout.start };
}
