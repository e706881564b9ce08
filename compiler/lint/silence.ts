/**
 * `# allow NN0910`: a comment that silences warnings, on the line where one stands or alone on the
 * line above. Several codes may follow each other.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { lineStarts, lineText, positionAt, type Source } from '../../grammar/source.ts';

export function isAllowed({ code, span }: Diagnostic, { text }: Source): boolean {
  const starts = lineStarts(text);
  const { line } = positionAt(starts, span.start);
  const own = lineText(text, starts, line);
  const above = line > 1 ? lineText(text, starts, line - 1).trim() : '';
  return (
    allowedOn(own).includes(code) || (above.startsWith('#') && allowedOn(above).includes(code))
  );
}

function allowedOn(line: string): readonly string[] {
  const [, codes = ''] = /#\s*allow\s+((?:NN\d{4}[\s,]*)+)/.exec(line) ?? [];
  return codes.match(/NN\d{4}/g) ?? [];
}
