/**
 * Builds kernel IR statement by statement. Every expression is named once (`bind`) and placed in the
 * outermost scope where all it needs exists, so common subexpressions are shared and loop
 * invariants are hoisted as they are made.
 */
import type { StorageDType } from '../graph/dtype.ts';
import { InternalError } from '../internal-error.ts';
import {
  type Binding,
  type Expr,
  exprKey,
  type KernelIr,
  name,
  operandsOf,
  type Stmt,
  type SubgroupOperation,
  u32,
  u32Literal,
  type ValueType,
} from './ir.ts';
import type { KernelSpec, SingleSpec } from './spec.ts';

interface Scope {
  readonly statements: Stmt[];
  readonly named: Map<string, Expr>;
}

export interface BuilderOptions {
  /** Trip counts above 8, or of large bodies, are read from a uniform, for a device whose compiler would unroll literal ones. */
  readonly boundsFromUniform: boolean;
  /** Whether the device's compiler takes long over text, so that loops should stay loops. */
  readonly compilesSlowly: boolean;
  /** What the parts of one kernel share; one of its own unless told. */
  readonly frame?: KernelFrame;
  /** Where each operand lies; unless told, operand i at the beginning of binding i. */
  readonly places?: readonly OperandPlace[];
}

/** An operand within what the kernel binds. Operands that lie in one GPU buffer share a binding. */
export interface OperandPlace {
  readonly binding: number;
  /** Elements from the beginning of the binding, a multiple of four where it is accessed by vectors. */
  readonly offset: number;
}

/** What there is once a kernel, whatever number of parts it has. */
export class KernelFrame {
  /** Of each binding that some access makes one of vectors. */
  readonly widths: Map<number, 1 | 4> = new Map();
  readonly bounds: number[] = [];
  readonly shared: { name: string; type: ValueType; size: number }[] = [];
  names = 0;
  usesSubgroups = false;
}

export class KernelBuilder {
  readonly #scopes: Scope[] = [{ statements: [], named: new Map() }];
  readonly #depthOf = new Map<string, number>();
  readonly #options: BuilderOptions;
  readonly #spec: SingleSpec;
  readonly #frame: KernelFrame;

  constructor(spec: SingleSpec, options: BuilderOptions) {
    this.#spec = spec;
    this.#options = options;
    this.#frame = options.frame ?? new KernelFrame();
  }

  /** Whether the device's compiler takes long over text, so that loops should stay loops. */
  get compilesSlowly(): boolean {
    return this.#options.compilesSlowly;
  }

  get depth(): number {
    return this.#scopes.length - 1;
  }

  #scope(depth = this.depth): Scope {
    const scope = this.#scopes[depth];
    if (scope === undefined) throw new InternalError('lower', `no scope at depth ${depth}`);
    return scope;
  }

  #depth(e: Expr): number {
    if (e.kind === 'name') return this.#depthOf.get(e.name) ?? 0;
    let depth = 0;
    for (const x of operandsOf(e)) depth = Math.max(depth, this.#depth(x));
    return depth;
  }

  fresh(hint: string): string {
    return `${hint}${this.#frame.names++}`;
  }

  /** Names an expression, in the outermost scope possible; `here` keeps it in the current one (shared memory changes at barriers). */
  bind(e: Expr, hint = 'v', here = false): Expr {
    if (e.kind === 'name' || e.kind === 'literal') return e;
    const key = exprKey(e);
    const depth = here ? this.depth : this.#depth(e);
    for (let d = this.depth; d >= 0; d--) {
      const seen = this.#scopes[d]?.named.get(key);
      if (seen !== undefined && (!here || d === this.depth)) return seen;
    }
    const named = name(this.fresh(hint), e.type);
    if (named.kind === 'name') this.#depthOf.set(named.name, depth);
    const scope = this.#scope(depth);
    scope.statements.push({ kind: 'let', name: (named as { name: string }).name, value: e });
    if (!here) scope.named.set(key, named);
    return named;
  }

  /** A mutable variable in the current scope. Its reads are never hoisted past this scope. */
  variable(hint: string, initial: Expr): Expr {
    const text = this.fresh(hint);
    this.#depthOf.set(text, this.depth);
    this.#scope().statements.push({ kind: 'var', name: text, value: initial });
    return name(text, initial.type);
  }

  assign(target: Expr, value: Expr): void {
    if (target.kind !== 'name') throw new InternalError('lower', 'only variables are assigned');
    this.#scope().statements.push({ kind: 'assign', name: target.name, value });
  }

  push(statement: Stmt): void {
    this.#scope().statements.push(statement);
  }

  /** `for (name = 0; name < count; name += 1)`. A single trip is no loop. A `large` body must not be unrolled, however few the trips. */
  loop(hint: string, count: number, body: (index: Expr) => void, size?: 'large'): void {
    if (count === 0) return;
    if (count === 1) {
      this.block(() => body(u32Literal(0)));
      return;
    }
    const text = this.fresh(hint);
    const to =
      this.#options.boundsFromUniform && (size === 'large' || count > 8)
        ? this.bind(this.#bound(count), 'trips')
        : u32Literal(count);
    this.#enter();
    this.#depthOf.set(text, this.depth);
    body(name(text, u32));
    const inner = this.#leave();
    this.push({ kind: 'for', name: text, from: u32Literal(0), to, step: 1, body: inner });
  }

  when(condition: Expr, body: () => void): void {
    this.#enter();
    body();
    const then = this.#leave();
    this.push({ kind: 'if', condition, then });
  }

  /** A scope of its own, spliced into the current one: names inside are not seen after it. */
  block(body: () => void): void {
    this.#enter();
    body();
    for (const s of this.#leave()) this.push(s);
  }

  #enter(): void {
    this.#scopes.push({ statements: [], named: new Map() });
  }
  #leave(): readonly Stmt[] {
    const scope = this.#scopes.pop();
    if (scope === undefined) throw new InternalError('lower', 'scopes do not match');
    return scope.statements;
  }

  #bound(count: number): Expr {
    let word = this.#frame.bounds.indexOf(count);
    if (word < 0) word = this.#frame.bounds.push(count) - 1;
    return { kind: 'bound', word, type: u32 };
  }

  sharedArray(hint: string, type: ValueType, size: number): string {
    const text = this.fresh(hint);
    this.#frame.shared.push({ name: text, type, size });
    return text;
  }

  storageOf(operand: number): StorageDType {
    return this.#spec.operands[operand]?.tensor.storage ?? 'f32';
  }

  /** Element `index` of an operand, or its four elements from 4·index on. */
  load(operand: number, index: Expr, type: ValueType): Expr {
    return this.bind({ kind: 'load', ...this.#access(operand, index, type.width), type });
  }

  store(operand: number, index: Expr, value: Expr): void {
    this.push({ kind: 'store', ...this.#access(operand, index, value.type.width), value });
  }

  /** The place of an access in what is bound. */
  #access(operand: number, index: Expr, width: 1 | 4): { binding: number; index: Expr } {
    const { binding, offset } = this.#place(operand);
    if (width === 4) this.#frame.widths.set(binding, 4);
    if (offset === 0) return { binding, index };
    if (offset % width !== 0)
      throw new InternalError('lower', `operand ${operand} begins within a vector`);
    const by = offset / width;
    if (index.kind === 'literal') return { binding, index: u32Literal(index.value + by) };
    const moved: Expr = {
      kind: 'index',
      op: '+',
      left: index,
      right: u32Literal(by),
      type: u32,
    };
    return { binding, index: this.bind(moved, 'x') };
  }

  #place(operand: number): OperandPlace {
    return this.#options.places?.[operand] ?? { binding: operand, offset: 0 };
  }

  broadcast(arg: Expr, lane: number): Expr {
    this.#frame.usesSubgroups = true;
    return { kind: 'broadcast', arg, lane, type: arg.type };
  }

  /** In the current scope: the lanes must meet here. */
  acrossSubgroup(op: SubgroupOperation, arg: Expr): Expr {
    this.#frame.usesSubgroups = true;
    return this.bind({ kind: 'subgroup', op, arg, type: arg.type }, 'total', true);
  }

  finish(workgroup: number, workgroups: number): KernelIr {
    const { shared, bounds, usesSubgroups } = this.#frame;
    const { operands } = this.#spec;
    const places = operands.map((_, i) => this.#place(i));
    return {
      bindings: bindingsOf(operands, places, this.#frame),
      workgroup,
      workgroups,
      shared,
      bounds,
      usesSubgroups,
      body: this.#scope(0).statements,
    };
  }
}

/** What the operands bind, by binding. */
export function bindingsOf(
  operands: KernelSpec['operands'],
  places: readonly OperandPlace[],
  { widths }: KernelFrame,
): readonly Binding[] {
  const bindings: Binding[] = [];
  operands.forEach(({ tensor, access }, operand) => {
    const binding = places[operand]?.binding ?? operand;
    const { storage } = tensor;
    const seen = bindings[binding];
    if (seen !== undefined && seen.storage !== storage)
      throw new InternalError('lower', `${seen.storage} and ${storage} in one binding`);
    bindings[binding] = {
      storage,
      access: access === 'read' && seen?.access !== 'read_write' ? 'read' : 'read_write',
      width: widths.get(binding) ?? 1,
    };
  });
  return bindings;
}
