/**
 * The graph owns interning: structurally equal nodes are the same object, so common subexpressions
 * are shared by construction. Provenance is a side table: two layers that compute the same thing are
 * one node that lists both.
 */
import { dimKey, isSymbolic } from './dim.ts';
import type { Attr, Attrs, LibraryCall, Node, Op, Origin } from './node.ts';

/** Makes and owns nodes: equal ones are one object. */
export class Graph {
  readonly #interned = new Map<string, Node>();
  readonly #opIds = new Map<Op, number>();
  readonly #origins = new WeakMap<Node, Origin[]>();
  readonly #calls = new WeakMap<Node, LibraryCall>();
  #next = 0;
  #scope: Origin = { path: '', role: 'forward' };

  /** Applies an op: infers the type, and returns the node that is already there if there is one. */
  make(op: Op, inputs: readonly Node[], attrs: Attrs = {}): Node {
    const key = this.#key(op, inputs, attrs);
    const seen = this.#interned.get(key);
    if (seen !== undefined) {
      this.note(seen, this.#scope);
      return seen;
    }
    const type = op.infer(
      inputs.map((n) => n.type),
      attrs,
    );
    const node: Node = { id: this.#next++, op, inputs, attrs, type };
    this.#interned.set(key, node);
    this.note(node, this.#scope);
    return node;
  }

  #key(op: Op, inputs: readonly Node[], attrs: Attrs): string {
    let id = this.#opIds.get(op);
    if (id === undefined) {
      id = this.#opIds.size;
      this.#opIds.set(op, id);
    }
    return `${id}(${inputs.map((n) => n.id).join()})${attrsKey(attrs)}`;
  }

  /** Whether this very node was made here. */
  owns(node: Node): boolean {
    return this.#interned.get(this.#key(node.op, node.inputs, node.attrs)) === node;
  }

  /** Nodes made while `body` runs come from `origin`. */
  from<T>(origin: Origin, body: () => T): T {
    const outer = this.#scope;
    this.#scope = origin;
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  /** Remembers one more place that a node comes from. */
  note(node: Node, origin: Origin): void {
    const list = this.#origins.get(node);
    if (list === undefined) this.#origins.set(node, [origin]);
    else if (
      list.length < 8 &&
      !list.some((o) => o.path === origin.path && o.role === origin.role && o.line === origin.line)
    )
      list.push(origin);
  }

  /** The places that a node comes from. */
  originsOf(node: Node): readonly Origin[] {
    return this.#origins.get(node) ?? [];
  }

  /** Remembers what a node is the result of; of calls within calls the outermost, which ends last. */
  noteCall(result: Node, call: LibraryCall): void {
    this.#calls.set(result, call);
  }

  /** The call of the library that a node is the result of. */
  callOf(node: Node): LibraryCall | undefined {
    return this.#calls.get(node);
  }

  get scope(): Origin {
    return this.#scope;
  }
}

function attrsKey(attrs: Attrs): string {
  const names = Object.keys(attrs).sort();
  return names.length === 0
    ? ''
    : `{${names.map((n) => `${n}:${attrKey(attrs[n] ?? null)}`).join()}}`;
}

function attrKey(a: Attr): string {
  if (isSymbolic(a)) return `<${dimKey(a)}>`;
  if (Array.isArray(a)) return `[${a.map(attrKey).join()}]`;
  if (typeof a === 'number') return Object.is(a, -0) ? '-0' : String(a);
  return JSON.stringify(a);
}
