import type { Session } from "../engines/engine.ts";
import type { Program } from "../program/program.ts";
import { named, type Side } from "../train/split.ts";

/** Rows that are not learnt from, and the program that computes metrics over them. */
export class HeldOut {
  readonly #session: Session;
  readonly #evaluator: Program;
  readonly #side: Side;
  readonly #metrics: readonly string[];
  readonly rows: number;
  readonly #atOnce: number;

  constructor(session: Session, evaluator: Program, side: Side, atOnce: number) {
    this.#atOnce = atOnce;
    this.#session = session;
    this.#evaluator = evaluator;
    this.#side = side;
    this.#metrics = evaluator.data.arrays.filter(({ role }) => role === "metric").map(({ name }) => name);
    this.rows = side.inputs.shape[0]!;
  }

  /** The metrics' totals, from a part of the rows at a time. */
  evaluate(): Record<string, number> {
    const session = this.#session;
    session.write(Object.fromEntries(this.#metrics.map((name) => [name, 0])));
    for (let from = 0; from < this.rows; from += this.#atOnce) {
      session.write(named(this.#evaluator, this.#side, from, Math.min(this.rows, from + this.#atOnce)));
      session.run({ program: this.#evaluator.name, batch: from / this.#atOnce, accumulate: true });
    }
    return Object.fromEntries(this.#metrics.map((name) => [name, session.read(name).at()]));
  }
}
