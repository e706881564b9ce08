/** 3 x 3 convolution of the same size, 2 x 2 maximum, and their gradients in f64; [batch, channel, h, w]. */

type Numbers = ArrayLike<number>;

interface Sizes {
  readonly batch: number;
  readonly ins: number;
  readonly outs: number;
  /** Height and width. */
  readonly side: number;
}

/** Every product of an input and a kernel element, with the output that it belongs to. */
function eachProduct(
  { batch, ins, outs, side }: Sizes,
  visit: (input: number, kernel: number, output: number) => void,
): void {
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outs; o++)
      for (let i = 0; i < ins; i++)
        for (let dy = 0; dy < 3; dy++)
          for (let dx = 0; dx < 3; dx++) {
            const kernel = ((o * ins + i) * 3 + dy) * 3 + dx;
            for (let y = Math.max(0, 1 - dy); y < Math.min(side, side + 1 - dy); y++)
              for (let x = Math.max(0, 1 - dx); x < Math.min(side, side + 1 - dx); x++)
                visit(
                  ((n * ins + i) * side + y + dy - 1) * side + x + dx - 1,
                  kernel,
                  ((n * outs + o) * side + y) * side + x,
                );
          }
}

export function convolution(
  input: Numbers,
  kernel: Numbers,
  bias: Numbers,
  sizes: Sizes,
): Float64Array {
  const area = sizes.side ** 2;
  const output = new Float64Array(sizes.batch * sizes.outs * area);
  for (let i = 0; i < output.length; i++) output[i] = bias[Math.floor(i / area) % sizes.outs] ?? 0;
  eachProduct(sizes, (i, k, o) => {
    output[o] = (output[o] ?? 0) + (input[i] ?? 0) * (kernel[k] ?? 0);
  });
  return output;
}

export function convolutionGradients(
  input: Numbers,
  kernel: Numbers,
  gradient: Float64Array,
  sizes: Sizes,
) {
  const ofInput = new Float64Array(sizes.batch * sizes.ins * sizes.side ** 2);
  const ofKernel = new Float64Array(kernel.length);
  const ofBias = new Float64Array(sizes.outs);
  for (const [i, g] of gradient.entries()) {
    const channel = Math.floor(i / sizes.side ** 2) % sizes.outs;
    ofBias[channel] = (ofBias[channel] ?? 0) + g;
  }
  eachProduct(sizes, (i, k, o) => {
    const g = gradient[o] ?? 0;
    ofKernel[k] = (ofKernel[k] ?? 0) + g * (input[i] ?? 0);
    ofInput[i] = (ofInput[i] ?? 0) + g * (kernel[k] ?? 0);
  });
  return { input: ofInput, kernel: ofKernel, bias: ofBias };
}

/** Of `planes` planes; `winners` are the places of the greatest elements. */
export function maxPool(x: Float64Array, planes: number, side: number) {
  const half = side / 2;
  const values = new Float64Array(planes * half * half);
  const winners = Array.from(values, (_, at) => {
    const [plane, row, column] = [
      Math.floor(at / half ** 2),
      Math.floor(at / half) % half,
      at % half,
    ];
    const corner = (plane * side + 2 * row) * side + 2 * column;
    const places = [corner, corner + 1, corner + side, corner + side + 1];
    const best = places.reduce((a, b) => ((x[b] ?? 0) > (x[a] ?? 0) ? b : a));
    values[at] = x[best] ?? 0;
    return best;
  });
  return { values, winners };
}

/** The gradient before pooling and relu, of that behind them. */
export function unpool(
  gradient: Numbers,
  winners: readonly number[],
  active: Float64Array,
): Float64Array {
  const back = new Float64Array(active.length);
  for (const [at, winner] of winners.entries())
    if ((active[winner] ?? 0) > 0) back[winner] = (back[winner] ?? 0) + (gradient[at] ?? 0);
  return back;
}
