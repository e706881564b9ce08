/** In a page: what came of it is left where a test finds it. */
import { use } from './use.ts';

declare global {
  var used: ReturnType<typeof use> | undefined;
}
globalThis.used = use();
