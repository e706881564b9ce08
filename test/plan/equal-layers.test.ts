/** Equal layers are equal kernels at different places, also where an update writes a parameter together with its slots. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { parse } from '../../grammar/index.ts';

const LAYERS = 5;
const text = `nn 0.1
input x: f32[batch, 256]
input y: i32[batch]
let logits = x ${'|> dense(256) |> relu '.repeat(LAYERS)}|> dense(10)
loss = softmax_crossentropy(logits, y)
train { optimizer: adam(lr=1e-3), batch: 64 }
`;

test('weights of inner layers are updated by one kernel, which binds each of them once', () => {
  const source = { name: 'deep.nn', text };
  const { model } = elaborate(parse(source).file, { source });
  if (model === undefined) throw new Error('the model has errors');
  const { plan } = compile(model, {
    device: portable,
    programs: [{ kind: 'train', dims: { batch: 64 } }],
    // Which small kernels run beside which is another question.
    off: new Set(['side-by-side']),
  });
  const inner = plan.tensors.filter(({ name }) => /^dense_[123]\.W$/.test(name));
  expect(new Set(inner.map((t) => t.buffer)).size).toBe(3);
  const updates = inner.map(({ buffer }) => {
    const dispatches = plan.programs
      .flatMap((program) => program.dispatches)
      .filter(({ kernel, binds }) => {
        const { bindings = [] } = plan.kernels.find(({ id }) => id === kernel) ?? {};
        return binds.some((b, i) => b.buffer === buffer && bindings[i]?.access === 'read_write');
      });
    expect(dispatches).toHaveLength(1);
    // W, m and v, as one range.
    const [binds] = dispatches.map((d) => d.binds.filter((b) => b.buffer === buffer));
    expect(binds).toEqual([{ buffer, offset: 0, bytes: 3 * 256 * 256 * 4 }]);
    return dispatches[0]?.kernel;
  });
  expect(new Set(updates).size).toBe(1);
});
