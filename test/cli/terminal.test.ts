/** Colours, widths and the live line, on streams that only remember what was written. */
import { describe, expect, test } from 'vitest';
import { Ended, EXIT, reportFailure, UserError } from '../../cli/failure.ts';
import { createLiveLine } from '../../cli/live-line.ts';
import { InternalError } from '../../compiler/internal-error.ts';
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { AdapterNotFoundError } from '../../host/node.ts';
import { DeviceLostError, KernelError } from '../../runtime/index.ts';
import { placeAt } from '../../train/fit-event.ts';
import { memoryTerminal } from './memory-terminal.ts';

const CLEAR = '\u001b[K';

describe('colours', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s, coloured: %s', (env, isTTY, coloured) => {
    const { paint } = memoryTerminal(env, isTTY).errors;
    expect(paint('x', 'error') !== 'x').toBe(coloured);
  });
});

describe('the live line', () => {
  const progress = (step: number) => ({
    place: placeAt(step, 100, 50),
    values: new Map([['loss', 1 / step]]),
    rowsPerSecond: 1000,
    secondsLeft: 5,
  });

  test('is redrawn at most ten times a second, never longer than the terminal, and goes away', () => {
    const terminal = memoryTerminal({ LANG: 'C', NO_COLOR: '1' }, true);
    let now = 0;
    const live = createLiveLine(terminal, () => now);
    for (; now <= 1000; now += 10) live.show(progress(1 + now / 100));
    live.clear();
    live.clear();
    const drawn = terminal.err().split('\r').slice(1);
    expect(drawn).toHaveLength(11 + 1);
    expect(drawn.at(-1)).toBe(CLEAR);
    const [first = ''] = drawn;
    expect(first.endsWith(CLEAR)).toBe(true);
    expect(first).toContain('-   2 %  loss 1.0000  1,000 samples/s  5.0 s left');
    expect(first).toMatch(/^epoch 1\/2 {2}-+ /);
    for (const line of drawn) expect(line.replace(CLEAR, '').length).toBeLessThan(80);
    expect(terminal.out()).toBe('');
  });

  test('becomes a plain line every ten seconds where nobody looks', () => {
    const terminal = memoryTerminal({}, false);
    let now = 0;
    const live = createLiveLine(terminal, () => now);
    for (; now <= 25_000; now += 1000) live.show(progress(1 + now / 1000));
    expect(terminal.out().split('\n')).toEqual([
      'epoch 1/2  22 %   loss 0.0909   1,000 samples/s  5.0 s left',
      'epoch 1/2  42 %   loss 0.0476   1,000 samples/s  5.0 s left',
      '',
    ]);
    expect(terminal.err()).toBe('');
  });
});

describe('failures as text', () => {
  const told = (error: unknown): { readonly code: number; readonly text: string } => {
    const terminal = memoryTerminal({}, false);
    return { code: reportFailure(error, terminal, false), text: terminal.err() };
  };

  test('a user’s mistake has its message and help, no stack', () => {
    const { code, text } = told(new UserError('no such thing', 'try another', EXIT.usage));
    expect(code).toBe(2);
    expect(text).toBe('error: no such thing\nhelp: try another\n');
  });

  test.each([
    [new InternalError('fuse', 'lost a node'), 'error: internal error in fuse: lost a node'],
    [new KernelError('k01', 'k01 does not compile'), 'error: k01 does not compile'],
    [new TypeError('x is undefined'), 'error: unexpected TypeError: x is undefined'],
  ])('our own mistake says that it is one: %s', (error, first) => {
    const { code, text } = told(error);
    expect(code).toBe(1);
    expect(text.split('\n')[0]).toBe(first);
    expect(text).toContain('this is a bug in nnc');
    expect(text).not.toMatch(/\n\s+at /);
  });

  test('limits, devices and their absence', () => {
    const capacity = told(
      new CapacityError('`logits` needs 3.2 GB; this device binds at most 2 GB', 'smaller'),
    );
    expect(capacity.text).toBe(
      'error[NN0503]: `logits` needs 3.2 GB; this device binds at most 2 GB\nhelp: smaller\n',
    );
    const lost = told(
      new DeviceLostError({ reason: 'unknown', message: 'reset' } as GPUDeviceLostInfo),
    );
    expect(lost.text).toContain('error: the GPU device was lost: reset');
    const none = told(
      new AdapterNotFoundError([{ how: 'Vulkan', reason: 'not there' }], 'install one'),
    );
    expect(none.text).toBe(
      'error: no WebGPU adapter was found\n  Vulkan: not there\nhelp: install one\n',
    );
  });

  test('an interrupted command has said so already', () => {
    expect(told(new Ended(EXIT.interrupted))).toEqual({ code: 130, text: '' });
  });
});
