/** A program that opens a session, trains, and ends without closing anything. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

test('it ends by itself', () => {
  const program = `
    import { useHost } from '${root}/api/host.ts';
    import { nodeHost } from '${root}/api/node-host.ts';
    import { parts } from '${root}/test/api/tiny.ts';
    import { tinyData } from '${root}/test/support/tiny.ts';
    import { openModel } from '${root}/api/session/index.ts';
    useHost(nodeHost);
    const { model, origin } = parts('input x: f32[batch, 5]\\ninput label: u8[batch]\\nloss = softmax_crossentropy(x |> dense(3), label)\\ntrain { optimizer: sgd() }');
    const session = await openModel(model, {}, origin);
    const { outcome, steps } = await session.fit(tinyData(20), { epochs: 2 });
    console.log(outcome, steps);
  `;
  const { status, stdout, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', program],
    { encoding: 'utf8', timeout: 50_000, cwd: root },
  );
  expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: 'complete 2\n' });
});
