/** Finding calls in the text of a program, against TypeScript's own parser; and that no text makes it throw or hang. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Node, Project, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { callAt, optionIn } from '../../api/call-text.ts';
import { randomFrom } from '../fuzz/random.ts';

const root = path.resolve(import.meta.dirname, '../..');
const programs = ['models', 'test/api', 'api/session'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(root, folder, file)),
);

/** A word just before a bracket is a call; `new`, `as` and what stands behind it are left to the parser. */
describe('calls of real programs', () => {
  const project = new Project({ useInMemoryFileSystem: true });
  test.each(programs.map((file) => [path.relative(root, file), file] as const))('%s', (_, file) => {
    const text = readFileSync(file, 'utf8');
    const source = project.createSourceFile(path.basename(file), text, { overwrite: true });
    const between = (node: Node): string => text.slice(node.getStart(), node.getEnd());
    for (const call of source.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const callee = call.getExpression();
      const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
      // Type arguments, and receivers that are neither names, calls nor brackets, are beyond it.
      if (
        Node.isCallExpression(callee) &&
        !/[`'"/!\n]|\bnew\b|\bawait\b|=>|</.test(between(call))
      ) {
        const open = callee.getEnd();
        const found = callAt(text, open);
        expect(found && text.slice(found.whole.start, found.whole.end)).toBe(between(call));
        expect(found?.args).toHaveLength(call.getArguments().length);
      }
      if (!Node.isIdentifier(name) || call.getTypeArguments().length > 0) continue;
      const receiver = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : undefined;
      if (receiver !== undefined && /[`'"/!]|\bnew\b|\bawait\b|=>|</.test(between(receiver)))
        continue;
      const found = callAt(text, name.getStart());
      const at = `line ${call.getStartLineNumber()}: ${between(call).slice(0, 60)}`;
      if (/\/\*|\/\/|`|\/[^ ]/.test(between(call))) continue;
      expect(
        found?.args.map(({ start, end }) => text.slice(start, end)),
        at,
      ).toEqual(call.getArguments().map(between));
      expect(found && text.slice(found.whole.start, found.whole.end), at).toBe(between(call));
      expect(found?.receiver && text.slice(found.receiver.start, found.receiver.end), at).toBe(
        receiver && between(receiver),
      );
    }
    for (const object of source.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression)) {
      const span = { start: object.getStart(), end: object.getEnd() };
      if (/\/\*|\/\/|\/[^ ]/.test(between(object))) continue;
      for (const entry of object.getProperties()) {
        const isShort = Node.isShorthandPropertyAssignment(entry);
        if (!isShort && !Node.isPropertyAssignment(entry)) continue;
        const found = optionIn(text, span, entry.getName().replaceAll(/['"]/g, ''));
        const value = isShort ? entry : entry.getInitializer();
        if (!/^['"\w]/.test(between(entry))) continue;
        expect(found && text.slice(found.name.start, found.name.end)).toBe(entry.getName());
        expect(found && text.slice(found.value.start, found.value.end)).toBe(
          value && between(value),
        );
      }
    }
  });
});

test('what is called may have no name', () => {
  const text = 'const y = nn.dense(4)(x, z[0]) + 1;';
  const found = callAt(text, text.indexOf('(x'));
  expect(found && text.slice(found.whole.start, found.whole.end)).toBe('nn.dense(4)(x, z[0])');
  expect(found?.args.map(({ start, end }) => text.slice(start, end))).toEqual(['x', 'z[0]']);
});

test('any text at any place', () => {
  const random = randomFrom(2026);
  const integer = (least: number, most: number): number => least + random(most - least + 1);
  const parts = [
    'a',
    'b.',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    "'",
    '"',
    '`',
    '${',
    '//',
    '/*',
    '*/',
    ' ',
    '\n',
    '\\',
    '?.',
    '=>',
    'é',
  ];
  for (let i = 0; i < 3000; i++) {
    const text = Array.from(
      { length: integer(0, 40) },
      () => parts[integer(0, parts.length - 1)],
    ).join('');
    const found = callAt(text, integer(0, text.length));
    const option = optionIn(text, { start: integer(0, text.length), end: text.length }, 'a');
    const spans =
      found === undefined
        ? []
        : [found.whole, ...(found.receiver ? [found.receiver] : []), ...found.args];
    for (const span of [...spans, ...(option === undefined ? [] : [option.name, option.value])]) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
  }
});
