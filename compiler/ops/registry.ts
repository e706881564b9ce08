/**
 * Every built-in op record. Passes never look here: it is for reading printed graphs back, and for
 * the conformance tests. A record that is not in the list works all the same.
 */
import type { Op } from '../graph/node.ts';
import { contract } from './contract.ts';
import { copy } from './copy.ts';
import { customVjp, ruleArgument } from './custom-vjp.ts';
import { gather, scatterAdd } from './gather.ts';
import { input, iota, literalOp, sizeOp } from './leaf.ts';
import { cast, mapOps } from './map.ts';
import { orthonormal } from './orthonormal.ts';
import { prefixOp } from './prefix.ts';
import { prod } from './prod.ts';
import { argmax, argmin, expand, reduceMax, reduceMin, sum } from './reduce.ts';
import { argsort } from './sort.ts';
import { concat, pad, permute, reshape, slice, stopGradient, variableOp } from './view.ts';

export const builtinOps: readonly Op[] = [
  input,
  literalOp,
  sizeOp,
  iota,
  ...mapOps,
  cast,
  copy,
  reshape,
  permute,
  expand,
  slice,
  pad,
  concat,
  stopGradient,
  variableOp,
  customVjp,
  ruleArgument,
  sum,
  prod,
  reduceMax,
  reduceMin,
  argmax,
  argmin,
  contract,
  gather,
  scatterAdd,
  argsort,
  orthonormal,
  prefixOp('sum'),
  prefixOp('prod'),
  prefixOp('max'),
];
