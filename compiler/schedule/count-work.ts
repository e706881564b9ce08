/** What an invocation of a lowered kernel does, counted over its IR: the input of the cost model. */
import { type Expr, type KernelIr, operandsOf, type Stmt } from '../kernel/ir.ts';

/** Counts of one invocation, loops multiplied out; `sites`, `siteElements` and `statements` are of the text. */
export interface Work {
  /** Loads and stores of storage at addresses that are not constants, of one element and of four. */
  readonly narrow: number;
  readonly wide: number;
  /** Reads and writes of workgroup memory. */
  readonly shared: number;
  /** Scalar operations; a vector's count four times, a function's as its `cost` says. */
  readonly operations: number;
  /** Values taken from another lane. */
  readonly exchanged: number;
  readonly barriers: number;
  /** Places in the text that access storage at an address that is not a constant, and the elements they access. */
  readonly sites: number;
  readonly siteElements: number;
  readonly statements: number;
}

/** Exchanges of an operation over a subgroup: about the logarithm of its lanes. */
const SUBGROUP_STEPS = 4;

type Counts = { -readonly [K in keyof Work]: Work[K] };

export const noWork: Work = {
  narrow: 0,
  wide: 0,
  shared: 0,
  operations: 0,
  exchanged: 0,
  barriers: 0,
  sites: 0,
  siteElements: 0,
  statements: 0,
};

export function countWork(ir: KernelIr): Work {
  const counts: Counts = { ...noWork };
  countStatements(ir, ir.body, 1, new Map(), counts);
  return counts;
}

function countStatements(
  ir: KernelIr,
  body: readonly Stmt[],
  times: number,
  named: Map<string, Expr>,
  counts: Counts,
): void {
  const add = (e: Expr): void => countExpr(e, times, counts);
  for (const s of body) {
    counts.statements += 1;
    switch (s.kind) {
      case 'let':
        named.set(s.name, s.value);
        add(s.value);
        break;
      case 'var':
      case 'assign':
        add(s.value);
        break;
      case 'for':
        countStatements(ir, s.body, times * tripsOf(ir, s, named), named, counts);
        break;
      case 'if':
        add(s.condition);
        countStatements(ir, s.then, times, named, counts);
        break;
      case 'return-unless':
        add(s.condition);
        break;
      case 'store':
        access(s.index, s.value.type.width, times, counts);
        add(s.index);
        add(s.value);
        break;
      case 'shared-store':
        counts.shared += times;
        add(s.index);
        add(s.value);
        break;
      case 'barrier':
        counts.barriers += times;
        break;
      case 'part':
        countStatements(ir, s.body, times, named, counts);
        break;
      default:
        s satisfies never;
    }
  }
}

/** Trips of a loop whose end is known: a literal, or a word of the uniform. */
function tripsOf(
  ir: KernelIr,
  loop: Extract<Stmt, { kind: 'for' }>,
  named: ReadonlyMap<string, Expr>,
): number {
  const to = loop.to.kind === 'name' ? (named.get(loop.to.name) ?? loop.to) : loop.to;
  const end = to.kind === 'bound' ? ir.bounds[to.word] : to.kind === 'literal' ? to.value : 1;
  return Math.ceil((end ?? 1) / loop.step);
}

function countExpr(e: Expr, times: number, counts: Counts): void {
  switch (e.kind) {
    case 'load':
      access(e.index, e.type.width, times, counts);
      break;
    case 'shared':
      counts.shared += times * e.type.width;
      break;
    case 'broadcast':
      counts.exchanged += times * e.type.width;
      break;
    case 'subgroup':
      counts.exchanged += times * SUBGROUP_STEPS;
      break;
    case 'apply':
      counts.operations += times * e.type.width * Math.max(1, e.fn.cost);
      break;
    case 'cast':
    case 'index':
      counts.operations += times * e.type.width;
      break;
    case 'within':
      counts.operations += times * e.bounds.length;
      break;
    case 'literal':
    case 'name':
    case 'compose':
    case 'splat':
    case 'component':
    case 'bound':
      break;
    default:
      e satisfies never;
  }
  for (const operand of operandsOf(e)) countExpr(operand, times, counts);
}

/** Constant addresses are as cheap as registers on every device that was measured. */
function access(index: Expr, width: 1 | 4, times: number, counts: Counts): void {
  if (index.kind === 'literal') {
    counts.operations += times * width;
    return;
  }
  counts.sites += 1;
  counts.siteElements += width;
  if (width === 4) counts.wide += times;
  else counts.narrow += times;
}
