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
  const next = /[{}[\]"]/g;
  const colon = /\s*:/y;
  for (let found = next.exec(json); found !== null; found = next.exec(json)) {
    const [token] = found;
    if (token !== '"') {
      yield [token, false];
      continue;
    }
    const end = endOfString(json, found.index);
    colon.lastIndex = end;
    yield [json.slice(found.index, end), colon.test(json)];
    next.lastIndex = end;
  }
}

/** Behind the quote that closes the string. A pattern for all of it would overflow the stack on long ones. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') return at + 1;
    if (sign === '\\') at += 1;
  }
  return json.length;
}
