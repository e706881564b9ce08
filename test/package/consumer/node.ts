/** In Node: what came of it as JSON, and that a program of CommonJS can load the package too. */
import { createRequire } from 'node:module';
import { loadData } from 'nnc';
import { use } from './use.ts';

const require = createRequire(import.meta.url);
const runtime = require('nnc/runtime') as typeof import('nnc/runtime');
const { version } = require('nnc/package.json') as { version: string };
console.log(
  JSON.stringify({
    ...(await use()),
    version,
    required: typeof runtime.readPlan,
    loadData: typeof loadData,
  }),
);
