/** Statements of files, layers and fns, in order; the value of a body is that of its `return`. */
import type { Expr, Let, LossStmt, MetricStmt, OutputStmt, Stmt } from '../../grammar/ast.ts';
import * as build from '../builder.ts';
import { shapeText } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { declareInput, declareTensor, updateTensor } from './declarations.ts';
import { covers, isClass, isCompute } from './element-type.ts';
import { lift, naturalDType } from './lift.ts';
import { typeAsExpected } from './misfit.ts';
import { bindName, bindPattern } from './pattern.ts';
import { isLayerExpression } from './pipe.ts';
import { complain, misplaced, note, textAt, typeText, wordsAt } from './report.ts';
import { countUp, from, type Run } from './run.ts';
import { matchShape, shapeOf } from './type-sizes.ts';
import { type Place, type Scope, type Tensor, tensor, unknown, type Value } from './value.ts';

export function executeStatements(
  run: Run,
  stmts: readonly Stmt[],
  scope: Scope,
): Value | undefined {
  for (const stmt of stmts) {
    const place: Place = { source: scope.source, span: stmt.span };
    if (stmt.kind === 'return') {
      if (isFile(scope)) {
        complain(
          run,
          'NN0313',
          { what: '`return` stands outside of any layer or fn', help: 'a file has `output`s' },
          place,
        );
        continue;
      }
      return run.evaluate(stmt.value, scope);
    }
    from(run, place, () => execute(run, stmt, scope));
  }
  return undefined;
}

function execute(run: Run, stmt: Exclude<Stmt, { kind: 'return' }>, scope: Scope): void {
  const place: Place = { source: scope.source, span: stmt.span };
  const { kind } = scope.body;
  if (kind === 'fn' && (stmt.kind === 'param' || stmt.kind === 'state' || stmt.kind === 'update')) {
    complain(run, 'NN0310', { fn: scope.body.name, what: stmt.kind }, place);
    if (stmt.kind !== 'update') bindName(run, scope, stmt.name, unknown, stmt.kind);
    return;
  }
  if (!isFile(scope) && isFileStatement(stmt)) {
    refuseInside(run, stmt, kind === 'fn' ? 'fn' : 'layer', scope);
    return;
  }
  switch (stmt.kind) {
    case 'let':
      executeLet(run, stmt, scope);
      break;
    case 'input':
      declareInput(run, stmt, scope);
      break;
    case 'param':
    case 'state':
      declareTensor(run, stmt, scope);
      break;
    case 'update':
      updateTensor(run, stmt, scope);
      break;
    case 'output':
      executeOutput(run, stmt, scope);
      break;
    case 'loss':
    case 'metric':
      executeReported(run, stmt, scope);
      break;
    case 'expect':
      executeExpect(run, stmt.value, scope);
      break;
    default:
      stmt satisfies never;
  }
}

const isFile = ({ body }: Scope): boolean => body.kind === 'file' || body.kind === 'import';

/** What a result of the whole program is called inside a layer: an argument, a value that is returned. */
const insideHelp = {
  input: 'tensors come in as arguments: `layer f()(x) { ... }`',
  output: '`return` gives a value, a tuple several; the file makes outputs of them',
  loss: 'return the value, and write `loss = ...` in the file',
  metric: 'return the value, and write `metric ... = ...` in the file',
  expect: 'write it in the file, about the value of a call',
} as const;

function refuseInside(
  run: Run,
  stmt: Extract<Stmt, { kind: keyof typeof insideHelp }>,
  body: 'fn' | 'layer',
  scope: Scope,
): void {
  const place: Place = { source: scope.source, span: stmt.span };
  const what = `\`${stmt.kind}\` stands at file level, not inside a ${body}`;
  complain(run, 'NN0313', { what, help: insideHelp[stmt.kind] }, place);
  const names =
    stmt.kind === 'output' && stmt.value !== undefined
      ? stmt.names
      : stmt.kind === 'input' || stmt.kind === 'metric'
        ? [stmt.name]
        : stmt.kind === 'loss' && stmt.name !== undefined
          ? [stmt.name]
          : [];
  for (const name of names) bindName(run, scope, name, unknown, 'let');
}

const isFileStatement = (stmt: Stmt): stmt is Extract<Stmt, { kind: keyof typeof insideHelp }> =>
  stmt.kind === 'input' ||
  stmt.kind === 'output' ||
  stmt.kind === 'loss' ||
  stmt.kind === 'metric' ||
  stmt.kind === 'expect';

function executeLet(run: Run, stmt: Let, scope: Scope): void {
  const name = stmt.pattern.kind === 'name' ? stmt.pattern.name.text : undefined;
  const hint = name !== undefined && isLayerExpression(stmt.value, scope) ? name : undefined;
  const value = run.evaluate(stmt.value, scope, hint);
  const typed =
    stmt.type === undefined || value.kind === 'unknown'
      ? value
      : checkedLet(run, stmt, value, scope);
  bindPattern(run, scope, stmt.pattern, withIdentity(run, typed, name, scope), 'let');
}

/** `let h: f32[batch, 64] = …` checks, never casts; a static value becomes a constant of that type. */
function checkedLet(run: Run, stmt: Let, value: Value, scope: Scope): Value {
  const { type } = stmt;
  if (type === undefined) return value;
  const place: Place = { source: scope.source, span: stmt.value.span };
  const element = type.name.text;
  if (value.kind === 'tensor') {
    const { node } = value;
    const rank = type.axes === undefined && node.type.shape.length > 0;
    const bad = rank
      ? ({ kind: 'rank' } as const)
      : matchShape(run, type, node.type.shape, scope, false);
    if (bad?.kind === 'reported') return unknown;
    if (bad === undefined && covers(element, node.type.dtype)) return value;
    const declared: Place = { source: scope.source, span: type.span };
    const name = textAt({ source: scope.source, span: stmt.pattern.span });
    const help =
      bad === undefined && isCompute(element)
        ? `\`cast(${textAt(place)}, ${element})\``
        : undefined;
    return complain(
      run,
      'NN0206',
      {
        argument: name,
        callee: 'this `let`',
        problem: `is ${typeText(node.type)}, declared ${typeAsExpected(type, scope, declared)}`,
        help,
      },
      place,
      { notes: [note(declared, 'declared here')] },
    );
  }
  const shape = shapeOf(run, type, scope, false);
  if (shape === undefined) return unknown;
  const dtype = isCompute(element)
    ? element
    : isClass(element) && element !== 'int'
      ? 'f32'
      : 'i32';
  const constant = lift(run.graph, value, dtype);
  if (constant.kind !== 'node')
    return misplaced(run, value, place, `it does not become ${typeText({ dtype, shape })}`);
  const filled = fill(run, constant.node, shape);
  if (filled === undefined)
    return misplaced(run, tensor(constant.node), place, `declared ${typeText({ dtype, shape })}`);
  return tensor(filled);
}

/** A scalar fills the shape; anything else must have it. */
function fill(run: Run, node: Node, shape: Node['type']['shape']): Node | undefined {
  if (node.type.shape.length === 0) return build.broadcastTo(run.graph, node, shape);
  return shapeText(node.type.shape) === shapeText(shape) ? node : undefined;
}

/**
 * A constant that gets a name is a tensor of its own, to differentiate by: two such lets are two
 * variables even where their values are equal.
 */
function withIdentity(run: Run, value: Value, name: string | undefined, scope: Scope): Value {
  if (name === undefined || value.kind !== 'tensor' || value.node.type.dtype !== 'f32')
    return value;
  if (!isConstant(run, value.node)) return value;
  const n = countUp(run, `let ${scope.body.prefix}${name}`);
  const label = `${scope.body.prefix}${name}${n === 0 ? '' : `#${n}`}`;
  return { ...value, node: build.variable(run.graph, value.node, label) };
}

/**
 * No input or variable below it. Most tensors have one near: the walk goes down first, and stops there,
 * or at what an earlier `let` asked about.
 */
function isConstant({ constants }: Run, node: Node): boolean {
  const seen = new Set<Node>();
  const open = [node];
  let constant = true;
  for (let n = open.pop(); n !== undefined && constant; n = open.pop()) {
    const known = constants.get(n);
    if (known === false) constant = false;
    if (known !== undefined || seen.has(n)) continue;
    seen.add(n);
    const { lowering, name } = n.op;
    if (name === 'variable' || (lowering.kind === 'leaf' && lowering.leaf === 'input'))
      constant = false;
    open.push(...n.inputs);
  }
  constants.set(node, constant);
  return constant;
}

function executeOutput(run: Run, stmt: OutputStmt, scope: Scope): void {
  for (const name of stmt.names) {
    const at: Expr = stmt.value ?? { kind: 'name', name: name.text, span: name.span };
    const value = asTensor(run, run.evaluate(at, scope, undefined), {
      source: scope.source,
      span: at.span,
    });
    if (stmt.value !== undefined) bindName(run, scope, name, value, 'output');
    if (scope.body.kind === 'import') continue;
    if (run.results.outputs.some((o) => o.name === name.text)) continue;
    if (value.kind === 'tensor')
      run.results.outputs.push({ name: name.text, node: value.node, span: stmt.span });
  }
}

/** A result: static values become constants, callables are reported. */
function asTensor(run: Run, value: Value, place: Place): Tensor | typeof unknown {
  if (value.kind === 'tensor' || value.kind === 'unknown') return value;
  const lifted = lift(run.graph, value, naturalDType(value));
  return lifted.kind === 'node'
    ? tensor(lifted.node)
    : misplaced(run, value, place, 'a result is a tensor');
}

/** `loss` and `metric`: scalars. */
function executeReported(run: Run, stmt: LossStmt | MetricStmt, scope: Scope): void {
  const place: Place = { source: scope.source, span: stmt.value.span };
  const value = asTensor(run, run.evaluate(stmt.value, scope), place);
  const name = stmt.name ?? {
    text: 'loss',
    span: { start: stmt.span.start, end: stmt.span.start + 4 },
  };
  const scalar = value.kind === 'tensor' ? scalarOf(run, stmt, value, place) : value;
  bindName(run, scope, name, scalar, stmt.kind);
  if (scope.body.kind === 'import') return;
  const list = stmt.kind === 'loss' ? run.results.losses : run.results.metrics;
  if (scalar.kind === 'tensor' && !list.some((l) => l.name === name.text))
    list.push({ name: name.text, node: scalar.node, span: stmt.span });
}

function scalarOf(run: Run, stmt: LossStmt | MetricStmt, value: Tensor, place: Place): Value {
  const { dtype, shape } = value.node.type;
  if (shape.length > 0) {
    const instead = `mean(${textAt(place)})`;
    return complain(
      run,
      'NN0420',
      { type: typeText(value.node.type), instead, what: stmt.kind },
      place,
      {
        fix: { span: place.span, text: `mean(${wordsAt(place)})` },
      },
    );
  }
  if (dtype === 'f32') return value;
  if (stmt.kind === 'loss' && dtype !== 'f16')
    return complain(run, 'NN0401', { what: `this ${dtype} loss` }, place);
  return tensor(build.cast(run.graph, value.node, 'f32'), value.origin);
}

function executeExpect(run: Run, expr: Expr, scope: Scope): void {
  const place: Place = { source: scope.source, span: expr.span };
  const value = asTensor(run, run.evaluate(expr, scope), place);
  if (value.kind === 'unknown') return;
  if (value.node.type.dtype !== 'bool') {
    misplaced(run, value, place, '`expect` takes a bool');
    return;
  }
  run.results.expects.push({ node: value.node, text: textAt(place, 200), span: expr.span });
}
