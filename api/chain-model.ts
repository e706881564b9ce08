/** A layer as a whole model: its input `x` is `f32[batch, ?]`, whose width the layer decides, and its output `y`. */
import { chainInput } from '../compiler/elaborate/bare-chain.ts';
import { lift, naturalDType } from '../compiler/elaborate/lift.ts';
import { complain } from '../compiler/elaborate/report.ts';
import { hasOpenSize } from '../compiler/elaborate/sizes.ts';
import { tensor } from '../compiler/elaborate/value.ts';
import { applied, type Building } from './building.ts';
import type { CallSite } from './call-site.ts';
import { toValue } from './convert.ts';

export function buildChain(building: Building, site: CallSite, layer: unknown): void {
  const { run } = building;
  const place = site.arg(1);
  const x = chainInput(run, place.span);
  const value = tensor(x, { what: 'input', place });
  const at = { ...site, whole: place };
  const result = applied(building, at, toValue(building, layer, place), [{ value, place }]);
  if (result.kind === 'unknown') return;
  const lifted = lift(run.graph, result, naturalDType(result));
  if (lifted.kind === 'node')
    run.results.outputs.push({ name: 'y', node: lifted.node, span: place.span });
  if (x.type.shape.some(hasOpenSize)) complain(run, 'NN0230', { example: undefined }, place);
}
