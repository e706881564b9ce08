/** Plans that a page may be handed in place of `plan.json`: what `readPlan` says. */
import { smallPlan } from '../fixtures/small-plan.ts';

export type HostilePlan = readonly [wrong: string, json: string, says: string];

/** The text of a sound plan with one stretch replaced. */
function plan(from: string | RegExp, to: string): string {
  const text = JSON.stringify(smallPlan);
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${from} is not in the plan`);
  return changed;
}

export const planFiles: readonly HostilePlan[] = [
  ['null', 'null', 'PlanError: the plan is broken: expected an object, found null'],
  ['a list', '[]', 'PlanError: the plan is broken: expected an object, found a list of 0'],
  ['an empty object', '{}', 'PlanError: this plan has version nothing; this runtime reads 2'],
  [
    'a version to come',
    plan('"version":2', '"version":99'),
    'PlanError: this plan has version 99; this runtime reads 2',
  ],
  [
    'lists in lists, 100,000 deep',
    plan(/"buffers":\[.*\],"tensors"/, `"buffers":${'['.repeat(1e5)}${']'.repeat(1e5)},"tensors"`),
    "PlanError: the plan's `buffers[0]` is broken: expected an object, found a list of 1",
  ],
  [
    'a buffer of 2^53 bytes',
    plan('"bytes":80', '"bytes":9007199254740992'),
    "PlanError: the plan's `buffers[0].bytes` is broken: expected a multiple of 16 at least 16, found 9007199254740992",
  ],
  [
    'a buffer of minus 16 bytes',
    plan('"bytes":80', '"bytes":-16'),
    "PlanError: the plan's `buffers[0].bytes` is broken: expected a multiple of 16 at least 16, found -16",
  ],
  [
    'a buffer of 80 bytes in words',
    plan('"bytes":80', '"bytes":"80"'),
    'PlanError: the plan\'s `buffers[0].bytes` is broken: expected a multiple of 16 at least 16, found "80"',
  ],
  [
    'a tensor of 2^80 elements',
    plan('"shape":[5]', '"shape":[1099511627776,1099511627776]'),
    "PlanError: the plan's `tensors[0].shape` is broken: expected fewer than 2^53 elements, found 1099511627776 · 1099511627776",
  ],
  [
    'a tensor past its buffer',
    plan('"shape":[5]', '"shape":[5000]'),
    "PlanError: the plan's `tensors[0].offset` is broken: expected a range within the 80 bytes of buffer 0 (parameters), found one that ends at 20000",
  ],
  [
    'a buffer that there is not',
    plan('"buffer":0', '"buffer":77'),
    "PlanError: the plan's `tensors[0].buffer` is broken: expected the id of a buffer, found 77",
  ],
  [
    'a kernel that there is not',
    plan('"kernel":10', '"kernel":3'),
    "PlanError: the plan's `programs[2].dispatches[0].kernel` is broken: expected the id of a kernel, found 3",
  ],
  [
    'a grid of 2^32 groups',
    plan(/"grid":\[\d+/, '"grid":[4294967296'),
    "PlanError: the plan's `programs[0].dispatches[0].grid[0]` is broken: expected an integer from 0 to 65535, found 4294967296",
  ],
  [
    'a role of a megabyte',
    plan('"role":"param"', `"role":"${'p'.repeat(1e6)}"`),
    'PlanError: the plan\'s `tensors[0].role` is broken: expected one of `param`, `state`, `counter`, `metric`, `input`, `output`, found "pppppppppppppppppppppppppppppppppppppppppppppppppppppppp…',
  ],
  [
    'a copy onto itself',
    plan(/("copies":\[\{"from":(\d+),.*?"to":)\d+/, '$1$2'),
    "PlanError: the plan's `programs[1].copies[0].to` is broken: expected another buffer than `from`, found 0",
  ],
  [
    'a pair of a buffer that there is not',
    plan('"swaps":[]', '"swaps":[[0,1e9]]'),
    "PlanError: the plan's `programs[0].swaps[0][1]` is broken: expected the id of a buffer, found 1000000000",
  ],
  [
    'a pair of different sizes',
    plan('"swaps":[]', '"swaps":[[0,7]]'),
    "PlanError: the plan's `programs[0].swaps[0][1]` is broken: expected a buffer of 80 bytes, as the first, found 32",
  ],
  [
    'a pair that is one buffer',
    plan('"swaps":[]', '"swaps":[[7,7]]'),
    "PlanError: the plan's `programs[0].swaps[0][1]` is broken: expected another buffer than the first, found 7",
  ],
];
