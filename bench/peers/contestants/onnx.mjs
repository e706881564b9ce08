// Just enough protobuf to write an ONNX model: nodes, initialisers, typed inputs and outputs.
const te = new TextEncoder();
const varint = (n) => {
  const o = [];
  n = BigInt.asUintN(64, BigInt(n));
  do {
    let b = Number(n & 127n);
    n >>= 7n;
    if (n) b |= 128;
    o.push(b);
  } while (n);
  return Uint8Array.from(o);
};
const cat = (ps) => {
  let n = 0;
  for (const p of ps) n += p.length;
  const r = new Uint8Array(n);
  n = 0;
  for (const p of ps) {
    r.set(p, n);
    n += p.length;
  }
  return r;
};
const v = (f, n) => cat([varint(f << 3), varint(n)]);
const b = (f, u) => cat([varint((f << 3) | 2), varint(u.length), u]);
const s = (f, x) => b(f, te.encode(x));
const f32 = (f, x) => cat([varint((f << 3) | 5), new Uint8Array(Float32Array.of(x).buffer)]);
const FLOAT = 1,
  INT64 = 7;
const tensor = (name, dims, data) =>
  cat([
    ...dims.map((d) => v(1, d)),
    v(2, data instanceof BigInt64Array ? INT64 : FLOAT),
    s(8, name),
    b(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
const attr = (name, x) => {
  if (typeof x === 'string') return b(5, cat([s(1, name), s(4, x), v(20, 3)]));
  if (Array.isArray(x)) return b(5, cat([s(1, name), ...x.map((i) => v(8, i)), v(20, 7)]));
  if (typeof x === 'object') return b(5, cat([s(1, name), f32(2, x.f), v(20, 1)]));
  return b(5, cat([s(1, name), v(3, x), v(20, 2)]));
};
const valueInfo = (name, dims) =>
  cat([s(1, name), b(2, b(1, cat([v(1, FLOAT), b(2, cat(dims.map((d) => b(1, v(1, d)))))])))]);
// g.node(op, inputs, outputs, attrs); g.init(name, dims, Float32Array|BigInt64Array); g.build(inputs, outputs): {name: dims}
export function graph(opset = 17) {
  const nodes = [],
    inits = [];
  let n = 0;
  return {
    node(op, ins, outs, attrs = {}) {
      const o = outs ?? [`_${n++}`];
      nodes.push(
        b(
          1,
          cat([
            ...ins.map((i) => s(1, i)),
            ...o.map((i) => s(2, i)),
            s(3, `${op}_${nodes.length}`),
            s(4, op),
            ...Object.entries(attrs).map(([k, x]) => attr(k, x)),
          ]),
        ),
      );
      return o[0];
    },
    init(name, dims, data) {
      inits.push(b(5, tensor(name, dims, data)));
      return name;
    },
    build(ins, outs) {
      const g = cat([
        ...nodes,
        s(2, 'g'),
        ...inits,
        ...Object.entries(ins).map(([k, d]) => b(11, valueInfo(k, d))),
        ...Object.entries(outs).map(([k, d]) => b(12, valueInfo(k, d))),
      ]);
      return cat([v(1, 8), s(2, 'peer-bench'), b(7, g), b(8, cat([s(1, ''), v(2, opset)]))]);
    },
  };
}
