/**
 * Finds a key that a JSON object has twice. `JSON.parse` would keep the last one silently, so
 * that two readers of one file could disagree.
 */

/** The first key that occurs twice in one object of `json`, which must be valid JSON. */
export function duplicateKey(json: string): string | undefined {
  // One set of keys for each object that is open, undefined for each open array.
  const open: (Set<string> | undefined)[] = [];
  for (const [token, isKey] of tokens(json)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (isKey) {
      const key = String(JSON.parse(token));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** Brackets and strings of `json`, and whether a string is a key: a colon follows it. */
function* tokens(json: string): Generator<readonly [string, boolean]> {
  for (const match of json.matchAll(/[{}[\]]|("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    yield [match[1] ?? match[0], match[2] !== undefined];
  }
}
