/** `nn 0.1`: the version of the language that a file is written in. */
import type { File } from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';

/** A later one may mean something else by the same words. */
const known = '0.1';

/** A file that says nothing is taken to be of this version. */
export function checkVersion(run: Run, { version }: File, source: Source): void {
  if (version === undefined || version.text === known) return;
  const what = `this nnc knows version ${known} of the language, not ${version.text}`;
  const help = `write \`nn ${known}\`, or use another nnc`;
  complain(run, 'NN0313', { what, help }, { source, span: version.span });
}
