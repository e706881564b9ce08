/** How fast rows are learned from, over the last seconds. Times are milliseconds. */

export interface Rate {
  /** Tells how many rows have been done altogether at a time. */
  record(rows: number, at: number): void;
  /** Leaves out a time in which something else was done. */
  pause(milliseconds: number): void;
  /** Undefined until there are two records at different times. */
  readonly rowsPerSecond: number | undefined;
}

const WINDOW_MS = 5000;

export function createRate(): Rate {
  const records: { readonly rows: number; at: number }[] = [];
  return {
    record(rows, at) {
      records.push({ rows, at });
      // The last record before the window stays, so that slow steps are measured too.
      while (records.length > 2 && (records[1]?.at ?? at) < at - WINDOW_MS) records.shift();
    },
    pause(milliseconds) {
      for (const one of records) one.at += milliseconds;
    },
    get rowsPerSecond() {
      const [first] = records;
      const last = records.at(-1);
      if (first === undefined || last === undefined || last.at <= first.at) return undefined;
      return ((last.rows - first.rows) / (last.at - first.at)) * 1000;
    },
  };
}
