/** Every process that used the GPU ends by itself, with the right code and nothing on stderr. */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

interface Ending {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
  readonly milliseconds: number;
}

const script = new URL('./train-and-exit.ts', import.meta.url).pathname;

function start(how: string): Promise<Ending> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, how],
      { timeout: 30_000 },
      (_, stdout, stderr) => {
        const milliseconds = performance.now() - begun;
        // `exitCode` is null when a signal ended it: a crash, or the time-out above.
        resolve({ code: child.exitCode, stdout, stderr, milliseconds });
      },
    );
  });
}

test.each([
  ['close', 20],
  ['abandon', 5],
  ['compile', 5],
  ['exit', 5],
])(
  '%s: %i processes end with code 0, in time, and print no warning',
  async (how, runs) => {
    for (let run = 0; run < runs; run += 1) {
      const { code, stderr, stdout, milliseconds } = await start(how);
      expect({ run, code, stderr }).toEqual({ run, code: 0, stderr: '' });
      expect(milliseconds).toBeLessThan(15_000);
      if (how === 'close') expect(Number(stdout)).toBeGreaterThan(0);
    }
  },
  120_000,
);

test('an error after the GPU was used ends with code 1 and the message', async () => {
  const { code, stderr } = await start('throw');
  expect(code).toBe(1);
  expect(stderr).toContain('a mistake of the test');
});
