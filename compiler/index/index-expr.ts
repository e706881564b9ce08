/**
 * Index expressions, as the rest of the compiler sees them. A view is a function from the index
 * vector of its result to that of its input, so a chain of views is one expression per axis, and the
 * simplifier in `arithmetic.ts` is all there is of strides and layouts.
 */
export { add, addConstant, divide, modulo, scale, subtract } from './arithmetic.ts';
export { constant, type Index, linear, variable } from './expression.ts';
export { divisibleBy, evaluateIndex, variablesOf } from './properties.ts';
export { flatten, substitute, unflatten } from './reindex.ts';
export { remember } from './remember.ts';
