/** Prints kernel IR as a WGSL module with one entry point, `main`. Local names come from structure only, so equal kernels have equal text. */
import { InternalError } from '../internal-error.ts';
import type { Binding, Expr, KernelIr, Stmt } from '../kernel/ir.ts';
import { printExpr, typeName } from './print-expr.ts';

/** WebGPU's bound on workgroups in one dimension. */
export const MAX_WORKGROUPS = 65535;

/** Workgroups in x, y, z: near-square past the limit of one dimension. */
export function foldGrid(workgroups: number): readonly [number, number, number] {
  if (workgroups <= MAX_WORKGROUPS) return [workgroups, 1, 1];
  const y = Math.ceil(Math.sqrt(workgroups));
  const x = Math.ceil(workgroups / y);
  if (x > MAX_WORKGROUPS || y > MAX_WORKGROUPS)
    throw new InternalError('wgsl', `a grid of ${workgroups} workgroups`);
  return [x, y, 1];
}

export function printKernel(ir: KernelIr): string {
  const helpers = new Map<string, string>();
  const context = { bindings: ir.bindings, helpers };
  const parts = ir.body.filter((s) => s.kind === 'part');
  const functions = parts.map((s) => printPart(s, ir, context));
  const body =
    parts.length > 0
      ? callParts(parts, ir)
      : [
          `  let gid = wg * ${ir.workgroup}u + lid;`,
          ...ir.body.flatMap((s) => printStmt(s, context, '  ')),
        ];
  const [x, y] = foldGrid(ir.workgroups);
  const folded = y > 1;
  const builtins = [
    '@builtin(workgroup_id) group: vec3u',
    '@builtin(local_invocation_index) lid: u32',
    ...(ir.usesSubgroups ? ['@builtin(subgroup_invocation_id) lane: u32'] : []),
  ];
  const lines = [
    ...ir.bindings.map(
      (b, i) =>
        `@group(0) @binding(${i}) var<storage, ${b.access}> b${i}: array<${elementType(b)}>;`,
    ),
    ...(ir.bounds.length > 0
      ? [
          `@group(0) @binding(${ir.bindings.length}) var<uniform> bounds: array<vec4<u32>, ${Math.ceil(ir.bounds.length / 4)}>;`,
        ]
      : []),
    ...ir.shared.map((s) => `var<workgroup> ${s.name}: array<${typeName(s.type)}, ${s.size}>;`),
    '',
    ...[...helpers.values()].flatMap((h) => [h, '']),
    ...functions.flatMap((f) => [f, '']),
    `@compute @workgroup_size(${ir.workgroup})`,
    `fn main(${builtins.join(', ')}) {`,
    `  let wg = ${folded ? `group.x + group.y * ${x}u` : 'group.x'};`,
    ...(folded ? [`  if (wg >= ${ir.workgroups}u) { return; }`] : []),
    ...body,
    '}',
    '',
  ];
  const usesHalf = lines.some((line) => /\bf16\b/.test(line));
  const enables = [
    ...(usesHalf ? ['enable f16;'] : []),
    ...(ir.usesSubgroups ? ['enable subgroups;'] : []),
  ];
  return [...enables, ...(enables.length > 0 ? [''] : []), ...lines].join('\n');
}

/** A part as a function of its own, so that names and returns stay in it. */
function printPart(s: Extract<Stmt, { kind: 'part' }>, ir: KernelIr, c: PrintContext): string {
  const parameters = ['wg: u32', 'lid: u32', ...(ir.usesSubgroups ? ['lane: u32'] : [])];
  return [
    `fn ${s.name}(${parameters.join(', ')}) {`,
    `  let gid = wg * ${ir.workgroup}u + lid;`,
    ...s.body.flatMap((x) => printStmt(x, c, '  ')),
    '}',
  ].join('\n');
}

/** Calls the part that a workgroup belongs to. */
function callParts(parts: readonly Extract<Stmt, { kind: 'part' }>[], ir: KernelIr): string[] {
  const lane = ir.usesSubgroups ? ', lane' : '';
  return parts.flatMap((s, i) => [
    ...(i === 0
      ? [`  if (wg < ${s.workgroups}u) {`]
      : i < parts.length - 1
        ? [`  } else if (wg < ${s.from + s.workgroups}u) {`]
        : ['  } else {']),
    `    ${s.name}(${s.from === 0 ? 'wg' : `wg - ${s.from}u`}, lid${lane});`,
    ...(i === parts.length - 1 ? ['  }'] : []),
  ]);
}

function elementType(b: Binding): string {
  switch (b.storage) {
    case 'u8':
    case 'i8':
    case 'u16':
    case 'i16':
    case 'bf16':
      return 'u32';
    case 'bool':
      return b.width === 4 ? 'vec4<u32>' : 'u32';
    case 'f32':
    case 'f16':
    case 'i32':
    case 'u32':
      return b.width === 4 ? `vec4<${b.storage}>` : b.storage;
  }
}

export interface PrintContext {
  readonly bindings: readonly Binding[];
  /** WGSL functions that the body calls, by name. */
  readonly helpers: Map<string, string>;
}

function printStmt(s: Stmt, c: PrintContext, indent: string): string[] {
  const e = (x: Expr): string => printExpr(x, c);
  switch (s.kind) {
    case 'let':
      return [`${indent}let ${s.name} = ${e(s.value)};`];
    case 'var':
      return [`${indent}var ${s.name} = ${e(s.value)};`];
    case 'assign':
      return [`${indent}${s.name} = ${e(s.value)};`];
    case 'for':
      return [
        `${indent}for (var ${s.name} = ${e(s.from)}; ${s.name} < ${e(s.to)}; ${s.name} += ${s.step}u) {`,
        ...s.body.flatMap((x) => printStmt(x, c, `${indent}  `)),
        `${indent}}`,
      ];
    case 'if':
      return [
        `${indent}if (${e(s.condition)}) {`,
        ...s.then.flatMap((x) => printStmt(x, c, `${indent}  `)),
        `${indent}}`,
      ];
    case 'return-unless':
      return [`${indent}if (!(${e(s.condition)})) { return; }`];
    case 'store':
      return [`${indent}${printStore(s, c)}`];
    case 'shared-store':
      return [`${indent}${s.array}[${e(s.index)}] = ${e(s.value)};`];
    case 'part':
      throw new InternalError('wgsl', 'a part inside another');
    case 'barrier':
      return [`${indent}workgroupBarrier();`, `${indent}storageBarrier();`];
  }
}

function printStore(s: Extract<Stmt, { kind: 'store' }>, c: PrintContext): string {
  const binding = c.bindings[s.binding];
  if (binding === undefined) throw new InternalError('wgsl', `a store into binding ${s.binding}`);
  const { width, dtype } = s.value.type;
  const text = printExpr(s.value, c);
  const value =
    dtype !== 'bool'
      ? text
      : width === 4
        ? `select(vec4<u32>(0u), vec4<u32>(1u), ${text})`
        : `select(0u, 1u, ${text})`;
  const index = printExpr(s.index, c);
  if (binding.width === 4 && width === 1)
    return `b${s.binding}[${index} / 4u][${index} % 4u] = ${value};`;
  return `b${s.binding}[${index}] = ${value};`;
}
