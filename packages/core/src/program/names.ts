import { ops } from "../ops/table.ts";
import { shown } from "../shape/shown.ts";

/** A name that cannot be used, or that the program does not have. */
export class NameError extends Error {
  override readonly name = "NameError";
}

/** Python's and TypeScript's reserved words, and the names that printed programs use themselves. */
const reserved = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield match case type print range len " +
    "arguments boolean catch const debugger default delete do enum eval export extends false function implements " +
    "instanceof interface let new null number package private protected public static string super switch this throw true " +
    "typeof undefined var void any symbol never object NaN Infinity Math Array Number console np " +
    "batch dropout_mask dropoutMask mix order rows round float int min dot each iteration random row seed state start i k m n s " +
    "Uint32Array twister twisterPosition twisterWord seedBy seedByList"
  ).split(" "),
);

/** `squaredError` as Python writes names: `squared_error`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The functions that printed programs define. */
const functions = new Set(Object.keys(ops).flatMap((op) => [op, snakeCase(op)]));

/** Whether neither an op nor a language has the name. */
export function isFree(name: string): boolean {
  return !functions.has(name) && !reserved.has(name);
}

/** So errors that name arrays stay short. */
const longestName = 200;

/** Throws `NameError` unless the name is an identifier in Python and TypeScript and free in both. */
export function checkName(name: string, what = "an array"): void {
  if (typeof name === "string" && name.length > longestName)
    throw new NameError(
      `"${name.slice(0, 40)}..." has ${name.length} letters, but a name for ${what} at most ${longestName}`,
    );
  if (typeof name !== "string" || !/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
    throw new NameError(
      `${quoted(name)} is not a name for ${what}: use letters, digits and _, a letter first, as in layer_1`,
    );
  if (functions.has(name))
    throw new NameError(`"${name}" is an op: choose another name, such as ${name}_result`);
  if (reserved.has(name))
    throw new NameError(`"${name}" is a word of Python, TypeScript or printed programs: choose another name`);
}

function quoted(name: unknown): string {
  return typeof name === "string" ? `"${name}"` : shown(name);
}

/** Pairs of letters that a search for the nearest name compares: among very many, it looks at the first. */
const mostWork = 0x1000000;

/** The nearest of `names` to a mistyped one, if it is near. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > longestName) return undefined;
  let work = 0;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    work += name.length * candidate.length;
    if (work > mostWork) break;
    const distance = edits(name, candidate);
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** Levenshtein's distance: insertions, deletions and substitutions. */
function edits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++)
      current.push(
        Math.min(
          above[column]! + 1,
          current[column - 1]! + 1,
          above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1),
        ),
      );
    above = current;
  }
  return above[to.length]!;
}

/** `there is no array "layr_1" in train; did you mean "layer_1"?` */
export function unknownName(kind: string, name: string, place: string, names: Iterable<string>): NameError {
  const known = [...names];
  const near = typeof name === "string" ? nearest(name, known) : undefined;
  const help = near === undefined ? `; there are ${known.join(", ")}` : `; did you mean "${near}"?`;
  return new NameError(`there is no ${kind} ${quoted(name)} in ${place}${help}`);
}

/** What a derivative is called: that by `weights_0_1` is `weight_delta_0_1`, that by `bias_1` is `bias_delta_1`. */
export function gradientName(weights: string): string {
  const book = /^(.*_)?(weights|bias|scale|shift)_(\d+(?:_\d+)?)$/.exec(weights);
  if (!book) return `${weights}_delta`;
  const [, prefix = "", kind, layers] = book;
  return `${prefix}${kind === "weights" ? "weight" : kind}_delta_${layers}`;
}
