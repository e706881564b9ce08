/**
 * Who computes a row of a row kernel: one invocation, the lanes of a subgroup, or a workgroup. A team says
 * which elements of the row each of its members takes, and how their partial results become one.
 */
import { add, addConstant, constant, type Index, scale, variable } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { type Accumulator, mergeLanes } from './accumulate.ts';
import { placeOf } from './axes.ts';
import { emitIndex, type Place, scalarPlace, vectorPlace } from './emit-value.ts';
import { boolean, type Expr, name, u32, u32Literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import { mergeInvocations } from './merge-invocations.ts';
import { mergeSubgroup } from './merge-subgroup.ts';
import { type KernelSpec, sizeOfAxes } from './spec.ts';

export type RowSpec = KernelSpec & { kind: 'row' };
export type RowSchedule = Schedule & { kind: 'row' };

/** Elements of a row that a member takes at once: one, or four neighbours. */
export interface Chunk {
  /** Its number in the row, over physical variables. */
  readonly index: Index;
  readonly physical: ReadonlyMap<string, Expr>;
}

export interface Team {
  readonly workgroups: number;
  /** Lanes of a value: four rows or four elements of one. */
  readonly width: 1 | 4;
  /** Where values are evaluated: of the row itself, or at elements of it. */
  place(chunk?: Chunk): Place;
  /** Runs the body for every chunk that this member takes: in a loop, or one after another where the row is held. */
  eachChunk(body: (chunk: Chunk) => void): void;
  /** The element's number in the row, as an i32. */
  position(chunk: Chunk): Expr;
  /** A finished reduction, as every member needs it. */
  total(acc: Accumulator): Expr;
  /** Runs where the row's own results are stored, once a row. */
  oncePerRow(body: () => void): void;
}

const within = (index: Expr, size: number): Expr => ({
  kind: 'within',
  bounds: [{ index, size }],
  type: boolean,
});

/** `reduced`: the results of reductions so far, which places see. Ends the invocations that have no row. */
export function teamFor(
  b: KernelBuilder,
  spec: RowSpec,
  s: RowSchedule,
  reduced: ReadonlyMap<number, Expr>,
): Team {
  const [rows, elements] = [sizeOfAxes(spec.axes), sizeOfAxes(spec.reducedAxes)];
  const [rowLanes, elementLanes] = [s.lanes === 'rows' ? 4 : 1, s.lanes === 'elements' ? 4 : 1];
  const teams = rows / rowLanes;
  const chunks = elements / elementLanes;
  if (!Number.isInteger(teams) || !Number.isInteger(chunks))
    throw new InternalError('lower', 'four lanes do not divide these rows');
  const { members, number, member } = membersOf(s);
  const workgroups = Math.ceil((teams * members) / s.workgroup);
  if (workgroups * s.workgroup !== teams * members)
    b.push({ kind: 'return-unless', condition: within(name('gid', u32), teams) });

  const ofTeam = new Map<string, Expr>([
    ['g', teams === 1 ? u32Literal(0) : number],
    ...(members === 1 ? [] : [['m', member] as const]),
  ]);
  const g = scale(variable('g', teams), rowLanes);
  const m = members === 1 ? constant(0) : variable('m', members);
  /** Chunks that every member has; the rest is for some of them. */
  const full = Math.floor(chunks / members);

  return {
    workgroups,
    width: s.lanes === 'none' ? 1 : 4,
    place(chunk) {
      const physical = chunk?.physical ?? ofTeam;
      const vars = (lane: number): ReadonlyMap<string, Index> =>
        new Map([
          ...placeOf(spec.axes, addConstant(g, rowLanes === 4 ? lane : 0)),
          ...(chunk === undefined
            ? []
            : placeOf(
                spec.reducedAxes,
                addConstant(scale(chunk.index, elementLanes), elementLanes === 4 ? lane : 0),
              )),
        ]);
      const oneLane = s.lanes === 'none' || (s.lanes === 'elements' && chunk === undefined);
      return oneLane
        ? scalarPlace(vars(0), physical, reduced)
        : vectorPlace(vars, physical, reduced);
    },
    eachChunk(body) {
      const at = (done: number): Chunk => ({
        index: addConstant(m, done * members),
        physical: ofTeam,
      });
      if (s.held) for (let done = 0; done < full; done++) body(at(done));
      else
        b.loop('c', full, (counter) =>
          body({
            index: add(scale(variable('c', full), members), m),
            physical: new Map([...ofTeam, ['c', counter]]),
          }),
        );
      const rest = chunks - full * members;
      if (rest > 0) b.when(within(member, rest), () => body(at(full)));
    },
    position: (chunk) => b.bind({ kind: 'cast', arg: emitIndex(b, chunk.index, chunk), type: i32 }),
    total(acc) {
      const merged = s.lanes === 'elements' ? { ...acc, best: mergeLanes(b, acc) } : acc;
      switch (s.by) {
        case 'invocation':
          return merged.where ?? merged.best;
        case 'subgroup':
          return mergeSubgroup(b, merged);
        case 'workgroup':
          return mergeInvocations(b, merged, s.workgroup);
      }
    },
    oncePerRow(body) {
      if (members === 1) {
        body();
        return;
      }
      // The others may still be reading, element by element, what is overwritten here.
      if (s.by === 'workgroup' || overwrites(spec)) b.push({ kind: 'barrier' });
      b.when(within(member, 1), body);
    },
  };
}

const i32 = { dtype: 'i32', width: 1 } as const;

/** How many invocations share a row, which team an invocation is of, and which member it is. */
function membersOf(s: RowSchedule): { members: number; number: Expr; member: Expr } {
  switch (s.by) {
    case 'invocation':
      return { members: 1, number: name('gid', u32), member: u32Literal(0) };
    // One subgroup a workgroup: which invocations form a subgroup of a larger one is not told.
    case 'subgroup':
      return { members: s.workgroup, number: name('wg', u32), member: name('lane', u32) };
    case 'workgroup':
      return { members: s.workgroup, number: name('wg', u32), member: name('lid', u32) };
  }
}

const overwrites = (spec: RowSpec): boolean =>
  spec.stores.some(
    (store) => store.over === 'row' && spec.operands[store.operand]?.access === 'read_write',
  );
