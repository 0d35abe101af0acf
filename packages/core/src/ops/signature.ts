import { type Dtype, isWhole, type WholeDtype } from "../shape/block.ts";
import { DtypeError, type OperandRow, ShapeError } from "../shape/shapeError.ts";
import { formatShape, type Size, type SizeShape } from "../shape/size.ts";

/** One operand's part of a signature: `left[n k]` has the pattern `["n", "k"]`. */
interface Operand {
  readonly name: string;
  readonly pattern: readonly string[];
  /** The whole numbers that it must be; without one it must be of the program's precision. */
  readonly dtype: WholeDtype | undefined;
}

/**
 * `left[n k] right[k m] -> [n m]`: letters unify, `...` matches the sizes that are left over. `labels[n]:int32` takes whole
 * numbers, and an operand without a type the program's precision, which results always have.
 */
export interface Signature {
  readonly operands: readonly Operand[];
  readonly result: readonly string[];
}

const parsed = new Map<string, Signature>();

/** Reads a signature; the same text is read once. */
export function signature(text: string): Signature {
  const known = parsed.get(text);
  if (known) return known;
  const [left, right] = text.split("->");
  const operands = [...(left ?? "").matchAll(/(\w+)\[([^\]]*)\](?::(\w+))?/g)].map((match) => ({
    name: match[1]!,
    pattern: symbols(match[2]!),
    dtype: match[3] as WholeDtype | undefined,
  }));
  const result = symbols(/\[([^\]]*)\]/.exec(right ?? "")?.[1] ?? "");
  const signature = { operands, result };
  parsed.set(text, signature);
  return signature;
}

function symbols(text: string): string[] {
  return text.split(" ").filter((symbol) => symbol !== "");
}

export interface Argument {
  readonly name: string;
  readonly shape: SizeShape;
  /** Left out, the program's precision, as the types of floating point all are. */
  readonly dtype?: Dtype | undefined;
}

/** An error shows no more operands than this; no op has as many. */
const mostRows = 8;

/**
 * The shape that an operation gives for these arguments. `sizes` binds letters that only the result has
 * (how far a spread goes). Throws `ShapeError` naming the letter that clashes and who gave it which size, and `DtypeError`
 * for whole numbers where none are taken or the other way round.
 */
export function resultShape(
  op: string,
  text: string,
  given: readonly Argument[],
  sizes: Readonly<Record<string, Size>> = {},
): SizeShape {
  const { operands, result } = signature(text);
  const rows = (): OperandRow[] =>
    given.slice(0, mostRows).map(({ name, shape, dtype }, position) => {
      const { name: operand, pattern, dtype: needed } = operands[position] ?? { name: "", pattern: [] };
      return {
        operand,
        name,
        shape,
        ...(isWhole(dtype) ? { dtype } : {}),
        pattern: `[${pattern.join(" ")}]${needed === undefined ? "" : `:${needed}`}`,
      };
    });
  const fail = (problem: string, Kind = ShapeError): never => {
    const call = `${op}(${given.map((argument) => argument.name).join(", ")})`;
    throw new Kind(`${call}: ${problem}`, rows());
  };

  if (given.length !== operands.length)
    fail(`takes ${operands.length} operand${operands.length === 1 ? "" : "s"}, not ${given.length}`);
  for (const [position, argument] of given.entries()) {
    const found = isWhole(argument.dtype) ? argument.dtype : undefined;
    const needed = operands[position]!.dtype;
    if (found === needed) continue;
    const mend =
      needed === undefined
        ? `take it through ${found === "uint8" ? "fromBytes" : "oneHot"} first`
        : "declare an input or a target of that type";
    fail(
      `${argument.name} is ${found ?? "of the program's precision"}, ${needed ?? "the program's precision"} needed: ${mend}`,
      DtypeError,
    );
  }

  const bound = new Map<string, { size: Size; by: { readonly name: string } }>();
  for (const [letter, size] of Object.entries(sizes))
    bound.set(letter, { size, by: { name: "its parameter" } });
  let rest: { sizes: SizeShape; by: Argument } | undefined;
  for (const [position, argument] of given.entries()) {
    const { shape } = argument;
    const { pattern } = operands[position]!;
    const open = pattern.includes("...");
    const letters = pattern.filter((symbol) => symbol !== "...");
    if (open ? shape.length < letters.length : shape.length !== letters.length)
      fail(`${argument.name} has ${axes(shape.length)}, ${open ? "at least " : ""}${letters.length} needed`);
    for (const [axis, letter] of letters.entries()) {
      const earlier = bound.get(letter);
      const size = shape[axis]!;
      if (earlier === undefined) bound.set(letter, { size, by: argument });
      else if (earlier.size !== size)
        fail(`${letter} is ${earlier.size} in ${earlier.by.name} but ${size} in ${argument.name}`);
    }
    if (!open) continue;
    const sizes = shape.slice(letters.length);
    if (rest === undefined) rest = { sizes, by: argument };
    else if (rest.sizes.length !== sizes.length)
      fail(
        `${rest.by.name} is ${formatShape(rest.sizes)} but ${argument.name} is ${formatShape(sizes)}; ` +
          "the smaller is spread over the larger only where its sizes are the last of the larger's",
      );
    else
      for (const [axis, size] of sizes.entries())
        if (size !== rest.sizes[axis])
          fail(`size ${axis + 1} is ${rest.sizes[axis]} in ${rest.by.name} but ${size} in ${argument.name}`);
  }
  return result.flatMap((symbol) => (symbol === "..." ? (rest?.sizes ?? []) : [bound.get(symbol)!.size]));
}

function axes(rank: number): string {
  return rank === 0 ? "no axis" : rank === 1 ? "1 axis" : `${rank} axes`;
}
