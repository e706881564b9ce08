/** A small classifier and rows for it: what tests train, evaluate and ask. */

export const tinyText = `
input x: f32[batch, 5]
input label: u8[batch]
let logits = x |> dense(8) |> tanh |> dense(3)
output probs = softmax(logits)
output digit = argmax(logits, axis=-1)
output rows = sum(probs)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: adam(lr=0.02)  batch: 8  epochs: 2  seed: 3 }
`;

/** Three classes around three points; every value is exact in f32. */
export function tinyData(rows: number): {
  readonly x: Float32Array<ArrayBuffer>;
  readonly label: Uint8Array<ArrayBuffer>;
} {
  const x = Float32Array.from({ length: rows * 5 }, (_, i) => {
    const noise = (((i * 7919) % 64) - 32) / 64;
    return ((Math.floor(i / 5) % 3) - 1) * ((i % 5) - 2) + noise;
  });
  return { x, label: Uint8Array.from({ length: rows }, (_, row) => row % 3) };
}

/** The same as a list of rows. */
export function tinyRows(
  rows: number,
): readonly { readonly x: Float32Array; readonly label: number }[] {
  const { x, label } = tinyData(rows);
  return Array.from(label, (value, row) => ({ x: x.slice(row * 5, row * 5 + 5), label: value }));
}
