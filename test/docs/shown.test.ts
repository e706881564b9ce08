/** The test of the pages can fail: what is no block, no output and no match is told from what is. */
import { describe, expect, test } from 'vitest';
import { readPage, shownAfter } from './page.ts';
import { moduleOf } from './program.ts';
import { isShown, shownInComments } from './shown.ts';

const pageOf = (...lines: readonly string[]) => readPage('page.md', lines.join('\n'));
const blockOf = (...code: readonly string[]) => {
  const [block] = pageOf('```ts', ...code, '```').blocks;
  if (block === undefined) throw new Error('no block');
  return block;
};

describe('blocks', () => {
  const page = pageOf(
    '# P',
    '```nn a.nn errors="NN0202 NN0203"',
    'x',
    '```',
    '',
    '```ts',
    'a();',
    '```',
    'Then',
    '```text',
    'b',
    '```',
    '## Next',
    '```json',
    '{}',
    '```',
  );

  test('language, name, marks and place', () => {
    expect(page.blocks.map(({ language, name, line, end }) => [language, name, line, end])).toEqual(
      [
        ['nn', 'a.nn', 2, 4],
        ['ts', undefined, 6, 8],
        ['text', undefined, 10, 12],
        ['json', undefined, 14, 16],
      ],
    );
    expect(page.blocks[0]?.marks.get('errors')).toBe('NN0202 NN0203');
  });

  test('output belongs to the block before it under the same heading', () => {
    const shown = page.blocks.map((block) => shownAfter(page, block)?.text);
    expect(shown).toEqual([undefined, 'b\n', undefined, undefined]);
  });

  test('lines of a program are those of its page', () => {
    const program = page.blocks.filter((block) => block.language === 'ts');
    expect(moduleOf(page, program).split('\n').slice(0, 9)).toEqual([
      "import { $pause, $twin } from './pause.ts';",
      ...['', '', '', '', '', 'a();', 'await $pause(8);', ''],
    ]);
    const { blocks, ...twin } = pageOf('```ts twin="net.nn"', 'a();', '```');
    expect(
      moduleOf({ ...twin, blocks }, blocks)
        .split('\n')
        .slice(2, 3),
    ).toEqual(["$twin(net, 'net.nn'); await $pause(3);"]);
  });

  test('a block that would be overlooked is an error', () => {
    expect(() => pageOf('- item', '  ```ts', '  a();', '  ```')).toThrow('page.md:2');
    expect(() => pageOf('~~~', 'a', '~~~')).toThrow('page.md:1');
    expect(() => pageOf('```ts', 'a();')).toThrow('no end');
  });
});

describe('what is said to be printed', () => {
  test('comments behind and below the calls, no others', () => {
    const block = blockOf(
      '// why',
      'console.log(1); // 1',
      'const a = 2; // two',
      'console.log(',
      '  a,',
      '); // 2',
      'console.log(3);',
      '// 3',
      '//  3',
      '',
      '// more',
    );
    expect(shownInComments(block)).toBe('1\n2\n3\n 3');
    expect(shownInComments(blockOf('for (const x of [1]) console.log(x); // 1'))).toBe('1');
    expect(shownInComments(blockOf('const a = 1; // one', 'console.log(a);'))).toBeUndefined();
  });

  test.each([
    ['10', '10\n', true],
    ['10', '100', false],
    ['10', '1', false],
    ['0.5…', '0.512', true],
    ['0.5…', '0.612', false],
    ['a …, b', 'a 1, b', true],
    ['a …, b', 'a 1\n, b', false],
    ['a\n…\nb', 'a\nx\ny\nb', true],
    ['a\n…\nb', 'a\nb', true],
    ['a\n…\nb', 'a\nx\nc', false],
    ['a\n…', 'a\nx\ny', true],
    ['a\nb', 'a  \nb\n\n', true],
    [' a', 'a', false],
    ['f(x) [1.]', 'f(x) [1.]', true],
    ['f(x) [1.]', 'f(x) [1x]', false],
  ])('%j and %j: %s', (shown, printed, fits) => {
    expect(isShown(shown, printed)).toBe(fits);
  });
});
