/** The example programs of the language's reference, and the excerpt of its library, parse. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../grammar/ast.ts';
import { printAst } from '../../grammar/print-ast.ts';
import { parseText } from './marked.ts';

const folder = new URL('examples/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.nn'));

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

describe('examples', () => {
  it('are all there', () => expect(names).toHaveLength(19));

  it.each(names)('%s parses without a diagnostic', (name) => {
    const { file, diagnostics } = parseText(read(name));
    expect(diagnostics).toEqual([]);
    expect(printAst(file)).not.toContain('<missing>');
  });

  it.each([
    ['mlp.nn', ['chain']],
    ['naive.nn', ['layer', 'layer', 'chain']],
    [
      'scalar.nn',
      [
        'let',
        'param',
        'param',
        'let',
        'let',
        'loss',
        'output',
        'output',
        'expect',
        'let',
        'output',
        'expect',
        'expect',
      ],
    ],
    ['mnist.nn', ['input', 'input', 'let', 'output', 'output', 'loss', 'metric', 'train']],
    [
      'gan.nn',
      [
        'input',
        'let',
        'let',
        'let',
        'let',
        'let',
        'let',
        'loss',
        'loss',
        'output',
        'train',
        'train',
        'train',
      ],
    ],
  ] satisfies [string, Item['kind'][]][])(
    '%s has the items that one reads in it',
    (name, kinds) => {
      expect(parseText(read(name)).file.items.map((item) => item.kind)).toEqual(kinds);
    },
  );

  it('the one-liner prints as one chain', () => {
    expect(printAst(parseText(read('mlp.nn')).file)).toBe(
      '(chain (|> (|> (|> (call dense 784 100) relu) (call dense 10)) log_softmax))\n',
    );
  });

  it('nested blocks of the U-Net', () => {
    const { file } = parseText(read('ddpm.nn'));
    const denoiser = file.items.find(
      (item) => item.kind === 'layer' && item.name.text === 'denoiser',
    );
    if (denoiser === undefined) throw new Error('denoiser');
    expect(printAst({ ...file, items: [denoiser] })).toMatchInlineSnapshot(`
      "(layer denoiser
        ()
        ((x (: (f32 b 32 32 3))) (t (: (i32 b))))
        (let temb (|> (|> (|> (call sinusoidal t 64) (call dense 256)) silu) (call dense 256)))
        (return
          (|>
            (|>
              (|>
                (|>
                  (|>
                    (|> (|> x (call conv2d 64 3)) (call (call stage 64) temb))
                    (trailing skip
                      (block
                        (|>
                          (|>
                            (|>
                              (|> (call max_pool2d 2) (call (call stage 128) temb))
                              (trailing skip
                                (block
                                  (|>
                                    (|>
                                      (|> (call max_pool2d 2) (call (call stage 256) temb))
                                      (call (call stage 256) temb))
                                    (call upsample2d 2)))))
                            (call (call stage 128) temb))
                          (call upsample2d 2)))))
                  (call (call stage 64) temb))
                (call group_norm 8))
              silu)
            (call conv2d 3 3))))
      "
    `);
  });
});
