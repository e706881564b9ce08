/**
 * The graph of a program in sections: a layer with all that belongs to it, its gradients and the update of its parameters
 * too, so that the page can show them beside each other. Forward edges never lead back to an earlier section.
 */
import { type Lane, lanes, type Role } from './inspection.ts';

/** What is asked of a node to find its section. */
export interface SectionNode {
  readonly role: Role;
  /** The layer; of an update, the parameter. */
  readonly path: string;
  /** Where it stands in the sources, as one word. */
  readonly line: string;
  /** Of data: what it is called. */
  readonly name?: string;
  /** Numbers of earlier nodes. */
  readonly inputs: readonly number[];
}

export interface Sections {
  readonly names: readonly string[];
  /** By node. */
  readonly sectionOf: readonly number[];
  readonly laneOf: readonly Lane[];
}

/** For what belongs to no layer and no line, as the count of steps. */
const REST = 'each step';

/** Inputs come before the nodes that read them. */
export function sectionsOf(nodes: readonly SectionNode[]): Sections {
  const found = new Finder();
  const sectionOf: (number | undefined)[] = nodes.map(() => undefined);
  const inputsIn = (node: SectionNode, role: Role): number[] =>
    node.inputs.flatMap((input) => (nodes[input]?.role === role ? (sectionOf[input] ?? []) : []));
  const assign = (role: Role, section: (node: SectionNode) => number): void => {
    nodes.forEach((node, i) => {
      if (node.role === role) sectionOf[i] = section(node);
    });
  };
  assign('forward', (node) => found.forward(node, Math.max(-1, ...inputsIn(node, 'forward'))));
  // Gradients come from below: of several sections with a layer's name, the last above what the gradient comes from.
  assign('gradient', (node) => {
    const from = Math.min(found.count - 1, ...inputsIn(node, 'gradient'));
    return found.gradient(node, from);
  });
  const readers = readersOf(nodes);
  const laneOf = nodes.map(({ role }, i): Lane => {
    if (role !== 'data') return role;
    const roles = (readers[i] ?? []).map((reader) => nodes[reader]?.role);
    return lanes.find((lane) => roles.includes(lane)) ?? 'forward';
  });
  // Data stand where they are read first; a parameter's update, where the parameter does.
  const nearest = (node: number): number | undefined => {
    const all = (readers[node] ?? []).flatMap((reader) =>
      nodes[reader]?.role === laneOf[node] ? (sectionOf[reader] ?? []) : [],
    );
    return all.length === 0 ? undefined : Math.min(...all);
  };
  const placeData = (): void =>
    nodes.forEach(({ role }, i) => {
      if (role === 'data') sectionOf[i] ??= nearest(i);
    });
  placeData();
  const ofData = new Map(
    nodes.flatMap(({ name }, i) => (name === undefined ? [] : [[name, sectionOf[i]] as const])),
  );
  assign('optimizer', ({ path }) => ofData.get(path.replace(/\/.*$/, '')) ?? found.rest());
  // What several layers' updates share, as a rate that changes with the steps, belongs to none of them.
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (nodes[i]?.role !== 'optimizer') continue;
    const sections = (readers[i] ?? []).map((reader) => sectionOf[reader]);
    if (new Set(sections).size > 1) sectionOf[i] = found.rest();
    else if (sections[0] !== undefined && sections[0] === found.knownRest)
      sectionOf[i] = sections[0];
  }
  placeData();
  return {
    names: found.names,
    sectionOf: sectionOf.map((section) => section ?? found.rest()),
    laneOf,
  };
}

function readersOf(nodes: readonly SectionNode[]): readonly (readonly number[])[] {
  const readers: number[][] = nodes.map(() => []);
  nodes.forEach(({ inputs }, node) => {
    for (const input of inputs) readers[input]?.push(node);
  });
  return readers;
}

class Finder {
  readonly names: string[] = [];
  /** Sections by what lies in them: `dense`, or a line. */
  readonly #byKey = new Map<string, number[]>();
  readonly #linesOf: Set<string>[] = [];
  #rest: number | undefined;

  get count(): number {
    return this.names.length;
  }

  /** A node of a layer goes to the layer's section; one of none to that of its inputs if it stands in the same line. */
  forward({ path, line }: SectionNode, least: number): number {
    const key = keyOf(path, line);
    const own = this.#byKey.get(key)?.at(-1);
    if (own !== undefined && own >= least) return this.#note(own, key, line);
    const joins = path === '' && this.#linesOf[least]?.has(line) === true;
    return this.#note(joins ? least : this.#add(path, line), key, line);
  }

  gradient({ path, line }: SectionNode, from: number): number {
    const all = this.#byKey.get(keyOf(path, line)) ?? [];
    return all.findLast((section) => section <= from) ?? all[0] ?? (from >= 0 ? from : this.rest());
  }

  get knownRest(): number | undefined {
    return this.#rest;
  }

  rest(): number {
    this.#rest ??= this.names.push(REST) - 1;
    return this.#rest;
  }

  #add(path: string, line: string): number {
    const name = path !== '' ? path : line === '' ? REST : `line ${line.replace(/^.*:/, '')}`;
    const section = this.names.push(name) - 1;
    if (name === REST) this.#rest ??= section;
    return section;
  }

  #note(section: number, key: string, line: string): number {
    const known = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, known);
    if (!known.includes(section)) known.push(section);
    this.#linesOf[section] ??= new Set();
    this.#linesOf[section].add(line);
    return section;
  }
}

const keyOf = (path: string, line: string): string => (path !== '' ? path : `:${line}`);
