/** Small words of WGSL that the hand-written kernels are made of. */

/** A kernel's text and how many workgroups of it run. */
export interface Kernel {
  readonly name: string;
  readonly wgsl: string;
  readonly grid: readonly [number, number];
}

/** `0 .. count - 1`, for text that is written out once for each. */
export const range = (count: number): number[] => [...Array(count).keys()];
export const unrolled = (count: number, line: (i: number) => string): string =>
  range(count).map(line).join('\n');

/** Declares storage bindings in order: `A: vec4f`, or `!A: vec4f` where the kernel writes it. */
function bindings(...list: readonly string[]): string {
  return list
    .map((item, binding) => {
      const access = item.startsWith('!') ? 'read_write' : 'read';
      const [name, type] = item.replace('!', '').split(': ');
      return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;`;
    })
    .join('\n');
}

/** A kernel whose workgroups are one subgroup of `lanes` invocations each: `lane`, and `tile` of the grid. */
export const subgroupKernel = (
  lanes: number,
  list: readonly string[],
  body: string,
): string => `enable subgroups;
${bindings(...list)}
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(subgroup_invocation_id) lane: u32) {
${body}
}`;

/** A kernel of independent invocations, `i` of them in x. */
export const plainKernel = (
  workgroup: number,
  list: readonly string[],
  body: string,
): string => `${bindings(...list)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) id: vec3u) {
let i = id.x;
${body}
}`;

/**
 * Float `element` of a run of vec4 values that the lanes hold together: value v of lane l is vec4
 * number `v * lanes + l` of the run, in the variable `<name>v`.
 */
export function fromLanes(name: string, element: number, lanes: number): string {
  const vector = Math.floor(element / 4);
  return `subgroupBroadcast(${name}${Math.floor(vector / lanes)}${component(element)}, ${vector % lanes}u)`;
}

export const component = (element: number): string => `.${'xyzw'[element % 4]}`;
