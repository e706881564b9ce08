/** How much of a data file is kept in memory before its rows are read one batch at a time. */
import os from 'node:os';
import { UserError } from './failure.ts';

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Two GB, or a quarter of the machine's memory. */
const most = 2e9;

/** In bytes: NNC_MEMORY (`500MB`), else what suits the machine. Throws UserError for another spelling. */
export function dataMemory(env: NodeJS.ProcessEnv): number {
  const given = env['NNC_MEMORY'];
  if (given === undefined || given === '') return Math.min(most, Math.floor(os.totalmem() / 4));
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(given) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits !== undefined && factor !== undefined) return Math.floor(Number(digits) * factor);
  throw new UserError(
    `NNC_MEMORY is ${JSON.stringify(given)}`,
    'it takes a size: NNC_MEMORY=500MB',
  );
}
