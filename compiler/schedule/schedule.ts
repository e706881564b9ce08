/** A schedule says how a kernel runs. It is data: chosen by device class, printed, and some day tuned. */
export type SingleSchedule =
  | {
      readonly kind: 'map';
      readonly workgroup: number;
      /** Elements that an invocation computes as one vector. */
      readonly width: 1 | 4;
      /** Vectors that an invocation computes, one after another. */
      readonly per: number;
    }
  | {
      readonly kind: 'row';
      /** Who computes a row. */
      readonly by: 'invocation' | 'subgroup' | 'workgroup';
      readonly workgroup: number;
      /** What four lanes run over: neighbouring rows, or neighbouring elements of the row. */
      readonly lanes: 'none' | 'rows' | 'elements';
      /** A row's values stay in registers from stage to stage, so that each is read once; else every stage reads them. */
      readonly held: boolean;
    }
  | {
      readonly kind: 'contract';
      /** `direct`: registers only. `subgroup`: one subgroup, operands spread by broadcast. `shared`: tiles in workgroup memory. `team`: a workgroup shares the depth. */
      readonly variant: 'direct' | 'subgroup' | 'shared' | 'team';
      readonly workgroup: number;
      /** Rows that an invocation computes. */
      readonly rows: number;
      /** Four-wide column groups that an invocation computes. */
      readonly columns: number;
      /** Rows and columns change places: the lanes run over what the spec calls m. */
      readonly swapped: boolean;
      /** Depths that one trip of the loop covers. */
      readonly depth: number;
      /** Of `shared`: with two, the next stage is loaded while this one is multiplied. */
      readonly buffers?: 1 | 2;
    }
  | { readonly kind: 'prefix'; readonly workgroup: number };

export type Schedule =
  | SingleSchedule
  | {
      readonly kind: 'side-by-side';
      /** Of every part. */
      readonly workgroup: number;
      readonly parts: readonly SingleSchedule[];
    };

export function printSchedule(s: Schedule): string {
  if (s.kind === 'side-by-side') return `side-by-side (${s.parts.map(printSchedule).join('; ')})`;
  const { kind, ...rest } = s;
  return `${kind} ${Object.entries(rest)
    .map(([k, v]) => `${k}=${String(v)}`)
    .join(' ')}`;
}
