/** What follows a value: calls, indices, fields, trailing blocks. */
import type { Arg, Expr, Index, Span } from '../ast.ts';
import type {
  ArgumentCstNode,
  BlockCstNode,
  CallCstNode,
  FieldCstNode,
  IndexCstNode,
  PostfixCstNode,
  SliceCstNode,
  SubscriptCstNode,
} from '../cst.ts';
import { narrowerType } from '../element-types.ts';
import { spanOf } from '../scan/token-stream.ts';
import { block, primary } from './atoms.ts';
import {
  after,
  all,
  type Build,
  complain,
  cover,
  first,
  intact,
  missing,
  nameOf,
  nodeSpan,
  words,
} from './build.ts';

type Suffix = CallCstNode | SubscriptCstNode | FieldCstNode | BlockCstNode;

/** Calls and indices in a row, which nest to the left. */
const chainLimit = 200;

export function postfix(build: Build, node: PostfixCstNode | undefined, at: number): Expr {
  const head = primary(build, first(node?.children.primary), at);
  const suffixes = inOrder(node);
  const tooMany = suffixes[chainLimit];
  if (tooMany !== undefined) {
    const span = nodeSpan(tooMany, at);
    complain(build, 'NN0111', { limit: chainLimit }, span);
    return missing(cover(head.span, span));
  }
  return suffixes.reduce((value, suffix) => withSuffix(build, value, suffix), head);
}

/** The concrete tree keeps the children of each rule apart; their offsets give back the order. */
function inOrder(node: PostfixCstNode | undefined): readonly Suffix[] {
  const { call, subscript, field, block } = node?.children ?? {};
  const suffixes: Suffix[] = [...all(call), ...all(subscript), ...all(field), ...all(block)];
  return suffixes.sort((a, b) => start(a) - start(b));
}

function start(node: Suffix): number {
  return nodeSpan(node, Number.MAX_SAFE_INTEGER).start;
}

function withSuffix(build: Build, value: Expr, node: Suffix): Expr {
  const span = cover(value.span, nodeSpan(node, value.span.end));
  switch (node.name) {
    case 'call': {
      const args = all(node.children.argument).map((child) => argument(build, child));
      const checked = isCast(value) ? args.map((arg) => withDtype(build, arg)) : args;
      return intact(build, { kind: 'call', callee: value, args: checked, span }, [value, ...args]);
    }
    case 'subscript': {
      const indices = all(node.children.index).map((child) => index(build, child));
      return intact(build, { kind: 'index', value, indices, span }, [value, ...indices]);
    }
    case 'field': {
      const word = first(node.children.Word);
      if (word === undefined) return missing(span);
      return { kind: 'field', value, name: nameOf(word), span };
    }
    case 'block': {
      const body = block(build, node, span.end);
      return intact(build, { kind: 'trailing', callee: value, block: body, span }, [
        value,
        body.value,
      ]);
    }
    default:
      return node satisfies never;
  }
}

function argument(build: Build, node: ArgumentCstNode): Arg {
  const equals = first(node.children.Equals);
  const word = equals === undefined ? undefined : first(node.children.Word);
  const at = after(equals, nodeSpan(node, 0).end);
  const value = build.expression(first(node.children.expression), at);
  if (word === undefined) return { value, span: value.span };
  return { name: nameOf(word), value, span: cover(spanOf(word), value.span) };
}

function isCast(callee: Expr): boolean {
  return callee.kind === 'name' && callee.name === 'cast';
}

/** `cast(x, f64)`: a dtype is an ordinary name there. */
function withDtype(build: Build, arg: Arg): Arg {
  const { value } = arg;
  if (value.kind !== 'name') return arg;
  const instead = narrowerType(value.name);
  if (instead === undefined) return arg;
  complain(build, 'NN0105', { name: value.name, instead }, value.span, {
    fix: { span: value.span, text: instead },
  });
  return { ...arg, value: { ...value, name: instead } };
}

function index(build: Build, node: IndexCstNode): Index {
  const span = nodeSpan(node, 0);
  if (first(node.children.Ellipsis) !== undefined) return { kind: 'ellipsis', span };
  const value = first(node.children.expression);
  const colon = first(node.children.slice);
  if (colon !== undefined) {
    const from = value === undefined ? undefined : build.expression(value, span.start);
    return slice(build, from, colon, span);
  }
  // The one place where `None` means something: a new axis.
  if (words(build, span) === 'None') {
    return { kind: 'at', value: { kind: 'name', name: 'None', span }, span };
  }
  return { kind: 'at', value: build.expression(value, span.start), span };
}

function slice(build: Build, from: Expr | undefined, node: SliceCstNode, span: Span): Index {
  const last = first(node.children.step);
  const [stop, step] = [first(node.children.expression), first(last?.children.expression)].map(
    (part) => (part === undefined ? undefined : build.expression(part, span.end)),
  );
  return {
    kind: 'slice',
    ...(from === undefined ? {} : { start: from }),
    ...(stop === undefined ? {} : { stop }),
    ...(step === undefined ? {} : { step }),
    span,
  };
}
