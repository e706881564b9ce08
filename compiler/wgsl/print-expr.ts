/** Prints expressions of the kernel IR: literals that every driver takes, loads by how the tensor lies in memory. */
import type { DType } from '../graph/dtype.ts';
import { InternalError } from '../internal-error.ts';
import type { Expr, ValueType } from '../kernel/ir.ts';
import type { PrintContext } from './print-kernel.ts';

export const typeName = ({ dtype, width }: ValueType): string =>
  width === 4 ? `vec4<${dtype}>` : dtype;

export function printExpr(e: Expr, c: PrintContext): string {
  const p = (x: Expr): string => printExpr(x, c);
  switch (e.kind) {
    case 'name':
      return e.name;
    case 'literal':
      return e.type.width === 4
        ? `${typeName(e.type)}(${printLiteral(e.value, e.type.dtype, c)})`
        : printLiteral(e.value, e.type.dtype, c);
    case 'apply': {
      const operand = e.args[e.fn.name === 'select' ? 1 : 0]?.type ?? e.type;
      const type = { name: typeName(operand), dtype: operand.dtype, width: operand.width };
      const helper = e.fn.helper?.(type);
      if (helper !== undefined && helper.name !== '') c.helpers.set(helper.name, helper.text);
      return e.fn.wgsl(e.args.map(p), type);
    }
    case 'cast':
      return printCast(p(e.arg), e.arg.type, e.type);
    case 'index':
      return `(${p(e.left)} ${e.op} ${p(e.right)})`;
    case 'load':
      return printLoad(e, p(e.index), c);
    case 'shared':
      return `${e.array}[${p(e.index)}]`;
    case 'within':
      return e.bounds.map((b) => `(${p(b.index)} < ${b.size}u)`).join(' && ');
    case 'compose':
      return `${typeName(e.type)}(${e.parts.map(p).join(', ')})`;
    case 'splat':
      return `${typeName(e.type)}(${p(e.arg)})`;
    case 'component':
      return `${p(e.arg)}.${'xyzw'[e.lane]}`;
    case 'broadcast':
      return `subgroupBroadcast(${p(e.arg)}, ${e.lane}u)`;
    case 'subgroup':
      return `subgroup${e.op}(${p(e.arg)})`;
    case 'bound':
      return `bounds[${e.word >> 2}].${'xyzw'[e.word & 3]}`;
  }
}

function printCast(text: string, from: ValueType, to: ValueType): string {
  if (from.dtype === to.dtype) return text;
  if (to.dtype === 'bool') return `(${text} != ${typeName(from)}(0))`;
  return `${typeName(to)}(${text})`;
}

/** Rounding a decimal past this is an error in WGSL, even where it would round back. */
const LARGEST_F32 = 3.4028234663852886e38;

/** WGSL has no literal for infinities and NaN, and may fold them away: they are made from bits at run time. */
const fromBits = 'fn nn_from_bits(bits: u32) -> f32 {\n  return bitcast<f32>(bits);\n}';

function printLiteral(value: number, dtype: DType, c: PrintContext): string {
  switch (dtype) {
    case 'bool':
      return value !== 0 ? 'true' : 'false';
    case 'u32':
      return `${value >>> 0}u`;
    case 'i32':
      return value === -2147483648
        ? '(-2147483647i - 1i)'
        : value < 0
          ? `(${value | 0}i)`
          : `${value | 0}i`;
    case 'f32':
    case 'f16':
      return printFloat(value, dtype, c);
  }
}

function printFloat(value: number, dtype: 'f32' | 'f16', c: PrintContext): string {
  const x = Math.fround(value);
  if (!Number.isFinite(x)) {
    c.helpers.set('nn_from_bits', fromBits);
    const bits = Number.isNaN(x) ? '0x7fc00000u' : x > 0 ? '0x7f800000u' : '0xff800000u';
    return dtype === 'f32' ? `nn_from_bits(${bits})` : `f16(nn_from_bits(${bits}))`;
  }
  const suffix = dtype === 'f16' ? 'h' : 'f';
  // The shortest digits that give the same f32 back: some browsers refuse long literals.
  for (let digits = 1; digits <= 17; digits++) {
    const text = Number(x.toPrecision(digits));
    if (Math.fround(text) === x && Math.abs(text) <= LARGEST_F32) {
      const plain = `${Object.is(x, -0) ? '-0' : String(text)}${suffix}`;
      return x < 0 || Object.is(x, -0) ? `(${plain})` : plain;
    }
  }
  throw new InternalError('wgsl', `no literal for ${value}`);
}

function printLoad(e: Extract<Expr, { kind: 'load' }>, index: string, c: PrintContext): string {
  const binding = c.bindings[e.binding];
  if (binding === undefined) throw new InternalError('wgsl', `a load from binding ${e.binding}`);
  const b = `b${e.binding}`;
  const four = e.type.width === 4;
  switch (binding.storage) {
    case 'u8':
      return four
        ? `vec4<i32>((vec4<u32>(${b}[${index}]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u))`
        : `i32((${b}[${index} / 4u] >> (${index} % 4u * 8u)) & 255u)`;
    case 'i8':
      return four
        ? `(vec4<i32>(vec4<u32>(${b}[${index}]) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u))`
        : `(i32(${b}[${index} / 4u] << (24u - ${index} % 4u * 8u)) >> 24u)`;
    case 'u16':
      return four
        ? `vec4<i32>((vec4<u32>(${b}[${index} * 2u], ${b}[${index} * 2u], ${b}[${index} * 2u + 1u], ${b}[${index} * 2u + 1u]) >> vec4<u32>(0u, 16u, 0u, 16u)) & vec4<u32>(65535u))`
        : `i32((${b}[${index} / 2u] >> (${index} % 2u * 16u)) & 65535u)`;
    case 'i16':
      return four
        ? `(vec4<i32>(vec4<u32>(${b}[${index} * 2u], ${b}[${index} * 2u], ${b}[${index} * 2u + 1u], ${b}[${index} * 2u + 1u]) << vec4<u32>(16u, 0u, 16u, 0u)) >> vec4<u32>(16u))`
        : `(i32(${b}[${index} / 2u] << (16u - ${index} % 2u * 16u)) >> 16u)`;
    case 'bf16':
      return four
        ? `bitcast<vec4<f32>>((vec4<u32>(${b}[${index} * 2u], ${b}[${index} * 2u], ${b}[${index} * 2u + 1u], ${b}[${index} * 2u + 1u]) << vec4<u32>(16u, 0u, 16u, 0u)) & vec4<u32>(4294901760u))`
        : `bitcast<f32>((${b}[${index} / 2u] >> (${index} % 2u * 16u)) << 16u)`;
    case 'bool':
    case 'f32':
    case 'f16':
    case 'i32':
    case 'u32': {
      const element =
        !four && binding.width === 4 ? `${b}[${index} / 4u][${index} % 4u]` : `${b}[${index}]`;
      if (binding.storage !== 'bool') return element;
      return four ? `(${element} != vec4<u32>(0u))` : `(${element} != 0u)`;
    }
  }
}
