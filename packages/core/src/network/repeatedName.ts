/** The first name that an object of a valid JSON text has twice; of two such members `JSON.parse` keeps the last without a word. */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, name] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g))
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) {
      const spelt: string = JSON.parse(name);
      const names = open[open.length - 1]!;
      if (names.has(spelt)) return spelt;
      names.add(spelt);
    }
  return undefined;
}
