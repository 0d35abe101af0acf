import type { Precision } from "../program/data.ts";
import { elementText } from "../shape/place.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { python } from "../text/scalar.ts";
import { table } from "./table.ts";

/** The derivative of the loss by one number of the weights, found in two ways. */
export interface PartialDerivative {
  /** The weights, and the number's place in them. */
  readonly array: string;
  readonly element: readonly number[];
  /** The array of the program that holds the derivative. */
  readonly gradient: string;
  readonly byBackpropagation: number;
  readonly byDifference: number;
  /** The distance of the two, relative to the larger of them or to what rounding lets a difference tell from 0. */
  readonly error: number;
  /** At a kink, such as relu's corner, the loss has no one slope, so the two may differ. */
  readonly verdict: "agrees" | "kink" | "differs";
}

/** How many rows of each array a report prints. */
const shownRows = 3;

/** What a check of gradients found. Printed, it shows the worst rows of each array. */
export class GradientReport {
  readonly loss: string;
  /** In the order of the program's weights, element after element. */
  readonly rows: readonly PartialDerivative[];
  readonly tolerance: number;
  /** How many partial derivatives there are; `rows` holds a sample of them if it has fewer. */
  readonly total: number;
  readonly #precision: Precision;

  constructor(
    loss: string,
    rows: readonly PartialDerivative[],
    tolerance: number,
    total: number,
    precision: Precision,
  ) {
    remember(this);
    this.loss = loss;
    this.rows = rows;
    this.tolerance = tolerance;
    this.total = total;
    this.#precision = precision;
  }

  /** Whether no partial derivative differs; kinks do not count. */
  get passed(): boolean {
    return this.rows.every(({ verdict }) => verdict !== "differs");
  }

  /** Whether only a sample of the derivatives was checked. */
  get sampled(): boolean {
    return this.rows.length < this.total;
  }

  /** The rows at a kink. */
  get kinks(): readonly PartialDerivative[] {
    return this.rows.filter(({ verdict }) => verdict === "kink");
  }

  /** The row with the largest error, kinks aside; undefined where there is none. */
  get worst(): PartialDerivative | undefined {
    return byError(this.rows.filter(({ verdict }) => verdict !== "kink"))[0];
  }

  /** A line that sums up, and a table of the three worst rows of each array. */
  toString(): string {
    const differing = this.rows.filter(({ verdict }) => verdict === "differs").length;
    const kinks = this.kinks.length;
    const parts = [
      `${this.rows.length - differing - kinks} agree to ${this.tolerance.toExponential()}`,
      ...(kinks > 0 ? [`${kinks} at a kink`] : []),
      ...(differing > 0 ? [`${differing} differ`] : []),
    ];
    const number = (value: number) => python(value, this.#precision);
    const arrays = [...new Set(this.rows.map(({ array }) => array))];
    const lines = arrays.flatMap((array) => {
      const own = byError(this.rows.filter((row) => row.array === array));
      const telling = own.filter(({ verdict }) => verdict !== "kink");
      return (telling.length > 0 ? telling : own)
        .slice(0, shownRows)
        .map((row) => [
          elementText(array, row.element),
          number(row.byBackpropagation),
          python(row.byDifference),
          row.error.toExponential(1),
          row.verdict,
        ]);
    });
    const head = ["", "by backpropagation", "by difference", "relative error", ""];
    return [
      `derivatives of ${this.loss}: ${parts.join(", ")}` +
        (this.sampled ? ` (a sample of ${this.rows.length} out of ${this.total})` : ""),
      ...(lines.length > 0 ? table([head, ...lines], [1, 2, 3]).map((line) => `  ${line}`) : []),
    ].join("\n");
  }
}

reachable(GradientReport);

/** The largest error first; equal ones stay in order. */
function byError(rows: readonly PartialDerivative[]): PartialDerivative[] {
  return [...rows].sort((a, b) => (a.error === b.error ? 0 : b.error - a.error));
}
