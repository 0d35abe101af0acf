import { type Block, count, type Dtype, type Shape } from "../shape/block.ts";
import { checkedBlock } from "../shape/checkedBlock.ts";
import { shown } from "../shape/shown.ts";
import { elements } from "./elements.ts";
import { corners, layout } from "./layout.ts";
import { python } from "./scalar.ts";

/** How arrays print, as `np.set_printoptions` has it. */
export interface PrintOptions {
  /** The most digits after the point of a float; 8 unless given. */
  readonly precision?: number;
  /** Arrays of more elements than this show only their corners; 1000 unless given, `Infinity` for never. */
  readonly threshold?: number;
  /** How many elements to show at either end of an axis then, at least 1; 3 unless given. */
  readonly edgeitems?: number;
  /** The length that lines wrap at; 75 unless given. */
  readonly linewidth?: number;
  /** Write small numbers and wide ranges without exponents, as zeros if need be; false unless given. */
  readonly suppress?: boolean;
}

/** How `repr` prints an array. */
export interface ReprOptions extends PrintOptions {
  /**
   * The integer type that `repr` does not mention; none unless given. NumPy's own is int64, which no block has:
   * with "int32" integer arrays print as those of a Python session do.
   */
  readonly defaultInteger?: "int32" | "uint8";
}

/**
 * An array as NumPy's `str` (and so `print`) shows it: `[-0.          0.51828245]`. A 0-d array prints as
 * its number does. Throws a RangeError for options out of range.
 */
export function str(array: Block, options: PrintOptions = {}): string {
  const block = checkedBlock("array", array);
  const setting = { ...complete(options), separator: " ", indent: 0 };
  if (block.shape.length === 0) return python(block.data[block.offset]!, block.dtype);
  return body(block, setting);
}

/**
 * An array as NumPy's `repr` shows it: `array([[ 1.5, -2. ]])`. The type is added where the digits do not imply
 * it (`dtype=int32`), the shape where elements are left out or there are none (since NumPy 2.2). Throws a
 * RangeError for options out of range.
 */
export function repr(array: Block, options: ReprOptions = {}): string {
  const block = checkedBlock("array", array);
  const { linewidth, ...rest } = complete(options);
  const prefix = "array(";
  const indent = prefix.length;
  const text = prefix + body(block, { ...rest, linewidth: linewidth - 1, separator: ", ", indent });

  const size = count(block.shape);
  const extras: string[] = [];
  if (size > rest.threshold || (size === 0 && block.shape.length !== 1)) {
    extras.push(`shape=${tuple(block.shape)}`);
  }
  if (size === 0 || !impliedByDigits(block.dtype, options?.defaultInteger)) {
    extras.push(`dtype=${block.dtype}`);
  }
  if (extras.length === 0) return `${text})`;

  const suffix = `${extras.join(", ")})`;
  const lastLine = text.length - (text.lastIndexOf("\n") + 1);
  const fits = lastLine + ", ".length + suffix.length <= linewidth;
  return `${text},${fits ? " " : `\n${" ".repeat(indent)}`}${suffix}`;
}

type Setting = Required<PrintOptions> & { readonly separator: string; readonly indent: number };

function body(block: Block, setting: Setting): string {
  const size = count(block.shape);
  if (size === 0) return "[]";
  const edge = size > setting.threshold ? setting.edgeitems : Number.POSITIVE_INFINITY;
  const words = elements(corners(block, edge), block.dtype, setting);
  if (block.shape.length === 0) return words[0]!.trimStart(); // nothing beside it to align with
  return layout(block.shape, words, { ...setting, edge });
}

function impliedByDigits(dtype: Dtype, defaultInteger: Dtype | undefined): boolean {
  return dtype === "float64" || dtype === "bool" || dtype === defaultInteger;
}

function tuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function complete(options: PrintOptions): Required<PrintOptions> {
  const { precision = 8, threshold = 1000, edgeitems = 3, linewidth = 75, suppress = false } = options ?? {};
  if (!Number.isInteger(precision) || precision < 0) {
    throw new RangeError(`precision must be an integer of at least 0, not ${shown(precision)}`);
  }
  if (!Number.isInteger(edgeitems) || edgeitems < 1) {
    throw new RangeError(`edgeitems must be an integer of at least 1, not ${shown(edgeitems)}`);
  }
  if (typeof threshold !== "number" || Number.isNaN(threshold))
    throw new RangeError("threshold must be a number; Infinity never summarises");
  if (typeof linewidth !== "number" || Number.isNaN(linewidth))
    throw new RangeError("linewidth must be a number");
  return { precision, threshold, edgeitems, linewidth, suppress };
}
