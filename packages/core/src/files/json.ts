import { FileError } from "./fileError.ts";
import { type Bounds, checkDepth, checkMemory, checkSize } from "./limits.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openRecord = 0x7b;
const closeRecord = 0x7d;

/** About what the parts of a JSON text take when it has been read, in bytes: V8's, while it reads. */
const bytesOfItem = 40;
const bytesOfList = 80;
const bytesOfRecord = 100;
const bytesOfName = 100;
const bytesOfText = 24;

/** A record of more names than this is stored as a table, in which each takes twice as much. */
const fewNames = 20;

/**
 * Reads JSON of unknown origin. Before anything is made of it, one pass over the text sees how deep it is, what it would take and
 * whether a record has a name twice, of which `JSON.parse` would keep the last without a word. Throws `FileError`.
 */
export function readJson(text: unknown, bounds: Bounds): unknown {
  if (typeof text !== "string") throw new FileError(`its text is needed, not ${typeof text}`);
  checkSize(text.length, bounds);
  try {
    checkForm(text, bounds);
    return JSON.parse(text);
  } catch (error) {
    throw error instanceof FileError ? error : new FileError(`this is no JSON: ${(error as Error).message}`);
  }
}

function checkForm(text: string, bounds: Bounds): void {
  /** For each list or record that is open, the names that it has so far. */
  const open: (Set<string> | undefined)[] = [];
  let bytes = 0;
  let last = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma) bytes += bytesOfItem;
    else if (code === quote) {
      const start = at;
      at = endOfText(text, start);
      bytes += bytesOfText + at - start;
      // What is no name may be long, and is not looked at.
      let next = at + 1;
      while (text.charCodeAt(next) <= 0x20) next++;
      if (text.charCodeAt(next) === colon) last = JSON.parse(text.slice(start, at + 1));
    } else if (code === colon) {
      const place = open.length - 1;
      const names = open[place] ?? new Set();
      if (place >= 0) open[place] = names;
      if (names.has(last)) throw new FileError(`${JSON.stringify(last)} stands twice in one record`);
      names.add(last);
      bytes += names.size > fewNames ? 2 * bytesOfName : bytesOfName;
    } else if (code === openList || code === openRecord) {
      checkDepth(open.push(undefined), bounds);
      bytes += code === openList ? bytesOfList : bytesOfRecord;
    } else if (code === closeList || code === closeRecord) open.pop();
    if (bytes > bounds.memory) checkMemory(bytes, text.length, bounds);
  }
}

/** Where the text that begins at a quotation mark ends: at the next one before which stands an even number of backslashes. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json.charCodeAt(before - 1) === backslash) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
}
