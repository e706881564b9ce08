/**
 * Whether everything holds of a text that must hold of any, and of a generated program what must hold of it
 * besides. The first thing that does not is the failure.
 */
import { renderAll } from '../../../grammar/index.ts';
import { checkAgreement, checkFormat, checkMeaning, modelOf } from './check-canonical.ts';
import { checkEdits, checkMessages, type Must } from './check-messages.ts';
import { computeAll } from './compute.ts';

/** Edited texts, programs from the grammar, and programs that should mean something. */
export type Kind = 'edit' | 'grammar' | 'typed';

export interface Outcome {
  /** Absent where all is well. */
  readonly failure?: { readonly property: string; readonly message: string };
  /** The codes of its errors. */
  readonly errors: readonly string[];
  /** What finding them took. */
  readonly milliseconds: number;
}

/** Of programs from the grammar. A shorter text may be none, so one that breaks this is not shrunk. */
export const isInLanguage = 'a program from the grammar has no syntax error';

/** More than this for the mistakes of one text is a failure. */
const mostMilliseconds = 2000;

export function checkText(text: string, kind: Kind): Outcome {
  let property = '';
  let found: Omit<Outcome, 'failure'> = { errors: [], milliseconds: 0 };
  const must: Must = (name) => {
    property = name;
  };
  try {
    check(text, kind, must, (one) => {
      found = one;
    });
    return found;
  } catch (error) {
    const message = error instanceof Error ? String(error.stack ?? error.message) : String(error);
    return { ...found, failure: { property, message } };
  }
}

/** Throws where a property does not hold. */
function check(
  text: string,
  kind: Kind,
  must: Must,
  tell: (found: Omit<Outcome, 'failure'>) => void,
): void {
  const source = { name: 'fuzz.nn', text };
  const [messages, milliseconds] = timed(() => checkMessages(source, must));
  must(`mistakes are found within ${mostMilliseconds} ms`);
  const errors = messages.all.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
  tell({ errors, milliseconds });
  if (milliseconds > mostMilliseconds) throw new Error(`it took ${milliseconds.toFixed(0)} ms`);

  const { file, elaborated, isBroken } = messages;
  must(isInLanguage);
  if (kind === 'grammar' && isBroken) throw new Error(renderAll(messages.all, () => source));
  checkEdits(source, messages, must);
  if (isBroken) return;
  const canonical = checkFormat(source, file, must);
  if (elaborated.model === undefined) return;
  checkMeaning(elaborated.model, canonical, must);
  checkAgreement(text, elaborated.model, must);
  if (kind !== 'typed') return;
  must('the interpreter runs it');
  computeAll(modelOf(source));
}

/** The time that this thread computes: the machine may be at something else too. */
function timed<T>(run: () => T): [T, number] {
  const start = process.threadCpuUsage();
  const value = run();
  const { user, system } = process.threadCpuUsage(start);
  return [value, (user + system) / 1000];
}
