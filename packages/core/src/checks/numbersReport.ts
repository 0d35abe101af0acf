import type { Phase } from "../program/data.ts";
import { type Dtype, isWhole } from "../shape/block.ts";
import { elementText } from "../shape/place.ts";
import { python } from "../text/scalar.ts";
import type { Slip } from "./slips.ts";

/** The first number in which a learner and a trace part, and the line that computes it, unless a batch was given it. */
export type Parting = PartingNumber &
  (
    | { readonly line: string; readonly phase: Phase }
    | { readonly line?: undefined; readonly phase?: undefined }
  );

/** A number that is another for a learner than in a trace. */
export interface PartingNumber {
  readonly array: string;
  readonly dtype: Dtype;
  readonly element: readonly number[];
  readonly theirs: number;
  readonly ours: number;
  /** The usual slips that give the learner's whole array. */
  readonly slips: readonly Slip[];
}

/** What a comparison of a learner's numbers with a trace found. */
export class NumbersReport {
  /** The arrays that agree, in the order of the program, up to the first that parts. */
  readonly agreed: readonly string[];
  readonly tolerance: number;
  /** Where they part; undefined where all agree. */
  readonly parting?: Parting;

  constructor(agreed: readonly string[], tolerance: number, parting?: Parting) {
    this.agreed = agreed;
    this.tolerance = tolerance;
    if (parting !== undefined) this.parting = parting;
  }

  /** Whether all numbers agree. */
  get passed(): boolean {
    return this.parting === undefined;
  }

  /** What parts first, in which line, and the slips that would give it. */
  toString(): string {
    const agreed =
      this.agreed.length === 0
        ? "nothing before it was given"
        : `${this.agreed.join(", ")} ${this.agreed.length === 1 ? "agrees" : "agree"}`;
    if (this.parting === undefined) return `${agreed} with the trace, to ${this.tolerance.toExponential()}`;
    const { array, dtype, element, theirs, ours, line, phase, slips } = this.parting;
    const what = elementText(array, element);
    const number = (value: number) =>
      python(value, isWhole(dtype) && Number.isInteger(value) ? dtype : "float64");
    return [
      `${what} is ${number(ours)}, but you have ${number(theirs)}; ${agreed}`,
      ...(line === undefined ? [] : [`  in ${phase}: ${line}`]),
      ...slips.map(
        (slip) =>
          `  ${slip.says} would give your numbers${slip.line === undefined || slip.line === line ? "" : `, in ${slip.line}`}`,
      ),
      ...(slips.length === 0 ? ["  none of the usual slips gives your numbers"] : []),
    ].join("\n");
  }
}
