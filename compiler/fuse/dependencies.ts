/**
 * Which compute nodes need which: through views and free maps, and for the sake of memory. A kernel
 * that overwrites an input in place comes after every other reader of it, so that too is an edge here.
 */
import type { Node } from '../graph/node.ts';
import { isCompute } from './dataflow.ts';

export class Dependencies {
  /** Compute nodes that have to be in some kernel. */
  readonly nodes: readonly Node[];
  readonly #producers = new Map<Node, readonly Node[]>();
  readonly #consumers = new Map<Node, Node[]>();
  readonly #inputs = new Map<Node, ReadonlySet<Node>>();
  readonly #successors = new Map<Node, Set<Node>>();
  /** Readers of the input that a result overwrites. */
  readonly #readers = new Map<Node, Node[]>();

  /** `order` is topological; `replaces` tells which input a result overwrites. */
  constructor(order: readonly Node[], free: ReadonlySet<Node>, replaces: ReadonlyMap<Node, Node>) {
    const placed = (n: Node): boolean => isCompute(n) && !free.has(n);
    this.nodes = order.filter(placed);
    for (const node of order) {
      const [producers, inputs] = [new Set<Node>(), new Set<Node>()];
      for (const x of node.inputs)
        if (placed(x)) producers.add(x);
        else if (x.op.lowering.kind === 'leaf') {
          if (x.op.lowering.leaf === 'input') inputs.add(x);
        } else {
          for (const p of this.#producers.get(x) ?? []) producers.add(p);
          for (const i of this.#inputs.get(x) ?? []) inputs.add(i);
        }
      this.#producers.set(node, [...producers]);
      this.#inputs.set(node, inputs);
      if (!placed(node)) continue;
      this.#successors.set(node, new Set());
      for (const p of producers) {
        this.#consumers.set(p, [...(this.#consumers.get(p) ?? []), node]);
        this.#successors.get(p)?.add(node);
      }
    }
    for (const [result, input] of replaces) this.#readersFirst(result, input);
  }

  /** Compute nodes whose values a node reads. */
  producersOf(node: Node): readonly Node[] {
    return this.#producers.get(node) ?? [];
  }
  /** Compute nodes that read its value. */
  consumersOf(node: Node): readonly Node[] {
    return this.#consumers.get(node) ?? [];
  }
  /** Inputs of the program that a node reads, through views and free maps. */
  inputsOf(node: Node): ReadonlySet<Node> {
    return this.#inputs.get(node) ?? new Set();
  }
  /** Tells that a node has got a kernel, also a free map: what it reads comes before. */
  place(node: Node): void {
    for (const p of this.producersOf(node)) this.#successors.get(p)?.add(node);
  }
  /** Consumers, and the results that overwrite what the node reads. */
  successorsOf(node: Node): Iterable<Node> {
    return this.#successors.get(node) ?? [];
  }

  /** What has to be computed before a node: the other way round. */
  predecessorsOf(node: Node): readonly Node[] {
    const readers = this.#readers.get(node);
    return readers === undefined ? this.producersOf(node) : [...this.producersOf(node), ...readers];
  }

  /** Every reader of the input before the result; a reader that needs the result itself would be a circle, and is left out. */
  #readersFirst(result: Node, input: Node): void {
    if (!this.#successors.has(result)) return;
    const readers = this.nodes.filter(
      (n) => n !== result && this.inputsOf(n).has(input) && !this.#reaches(result, n),
    );
    for (const reader of readers) this.#successors.get(reader)?.add(result);
    this.#readers.set(result, readers);
  }

  #reaches(from: Node, to: Node): boolean {
    const seen = new Set<Node>();
    const stack = [from];
    for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
      if (n === to) return true;
      if (seen.has(n)) continue;
      seen.add(n);
      stack.push(...this.successorsOf(n));
    }
    return false;
  }
}
