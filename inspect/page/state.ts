/** What the page shows at the moment, and who is told when that changes. */
import type { InspectedProgram, Inspection } from '../inspection.ts';

export type View = 'kernels' | 'graph' | 'memory';

/** Lines, and what belongs to them. */
export interface Chosen {
  /** `source:line`. */
  readonly lines: ReadonlySet<string>;
  readonly kernels: ReadonlySet<number>;
  readonly nodes: ReadonlySet<number>;
  /** Told beside the tabs. */
  readonly said: string;
  /** The kernel whose text is shown. */
  readonly kernel?: number;
  /** `buffer:tensor`. */
  readonly region?: string;
}

export const nothing: Chosen = { lines: new Set(), kernels: new Set(), nodes: new Set(), said: '' };

export interface State {
  readonly chosen: Chosen;
  readonly view: View;
  readonly program: InspectedProgram;
  /** Lower case. */
  readonly sought: string;
}

export interface Page {
  readonly data: Inspection;
  readonly state: State;
  /** Draws what the change concerns. */
  change(part: Partial<State>): void;
}

export type Listener = (before: State) => void;

export function createPage(data: Inspection, program: InspectedProgram, listener: Listener): Page {
  let state: State = { chosen: nothing, view: 'kernels', program, sought: '' };
  return {
    data,
    get state() {
      return state;
    },
    change(part) {
      const before = state;
      state = { ...state, ...part };
      listener(before);
    },
  };
}
