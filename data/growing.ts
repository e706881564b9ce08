/** Numbers that come one by one, before it is known how many there are. */

export interface Growing {
  push(value: number): void;
  /** All so far; looks at the memory that grows. */
  values(): Float64Array;
}

export function createGrowing(): Growing {
  let memory = new Float64Array(64);
  let length = 0;
  return {
    push(value) {
      if (length === memory.length) {
        const larger = new Float64Array(2 * length);
        larger.set(memory);
        memory = larger;
      }
      memory[length++] = value;
    },
    values: () => memory.subarray(0, length),
  };
}
