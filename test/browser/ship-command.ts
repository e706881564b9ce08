/** Modules for tests in a page: they are written by Node, where the runner is, and come as text. */
import { toScript } from '../../emit/assemble.ts';
import { type ShipOptions, ship } from '../emit/shipped.ts';

/** What a page is given; plain data. */
export interface ShippedToPage {
  readonly script: string;
  /** JSON of a plan. */
  readonly plan: string;
  readonly choices: readonly {
    readonly kind: 'train' | 'predict' | 'eval';
    readonly rows: number;
    readonly sections?: readonly string[];
  }[];
  readonly weights: readonly number[];
}

export async function shipToPage(
  _context: unknown,
  model: string,
  options: ShipOptions,
): Promise<ShippedToPage> {
  const { module, weights, text } = await ship(model, options);
  const { script } = await toScript(text);
  return {
    script,
    plan: JSON.stringify(module.plan),
    choices: module.choices.map(({ kind, rows, sections }) => ({
      kind,
      rows,
      ...(sections === undefined ? {} : { sections }),
    })),
    weights: [...weights],
  };
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    shipToPage(model: string, options: ShipOptions): Promise<ShippedToPage>;
  }
}
