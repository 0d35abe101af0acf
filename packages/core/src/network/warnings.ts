import type { Program } from "../program/program.ts";
import { python } from "../text/scalar.ts";
import type { State } from "../trace/state.ts";
import { rowsBetween, type Side } from "../train/split.ts";
import type { Architecture } from "./architecture.ts";
import { Forward } from "./forward.ts";
import type { Epoch } from "./options.ts";
import type { ReportedMetric } from "./reported.ts";
import type { Warning } from "./warning.ts";

/** An error that is so many times what it was in the first epoch has not come down. */
const grown = 10;
/** A mean error of a row below this is rounding and noise, of which more or less says nothing. */
const noise = 1e-6;
/** Predictions so many times as large as the targets, or as 1, are not on their way to them. */
const beyond = 1e6;
/** So many rows are looked at together; mostly the first of them show that all units are alive. */
const together = 16;
/** What an epoch takes for a row beside its weights, and after how much of both a look is a small part of it. */
const [perRow, long] = [1000, 2e6];
/** What may be multiplied in any case, and as a share of what the training did. */
const [free, share] = [2e6, 1 / 50];
/** Of fewer rows than these nothing is said of units, unless they are all. */
const enough = 256;

const mend = "take a smaller step size, or scale the data";

/** Metrics that are not the better, the smaller they are. */
const notErrors: readonly string[] = ["rightSides", "rightClasses", "differenceSum", "runningTotal"];

type Values = Readonly<Record<string, number>>;

/**
 * Looks at a training once it has ended. A long one it looks at then, for a small part of what the training took; one as short as a
 * look itself when its report is asked for warnings.
 */
export class Look {
  readonly #architecture: Pick<Architecture, "predictor" | "prediction">;
  readonly #trainer: Program;
  readonly #side: Side;
  readonly #metrics: readonly ReportedMetric[];
  /** The metrics of the first epoch, and of the last. */
  #first: Values | undefined;
  #last: Values = {};
  #learntFrom = 0;

  constructor(
    architecture: Pick<Architecture, "predictor" | "prediction">,
    trainer: Program,
    side: Side,
    metrics: readonly ReportedMetric[],
  ) {
    this.#architecture = architecture;
    this.#trainer = trainer;
    this.#side = side;
    this.#metrics = metrics;
  }

  /** Notes an epoch's metrics, and its rows. */
  note(metrics: Values, rows: number): void {
    this.#first ??= metrics;
    this.#last = metrics;
    this.#learntFrom += rows;
  }

  /** The last report, with the warnings about what was learnt in the end; `isBack` where that is not of the last epoch. */
  told(report: Epoch, learnt: State, isBack: boolean): Epoch {
    let weights = 1;
    for (const { data } of learnt.values()) weights += data.length;
    if (this.#learntFrom * (perRow + weights) >= long || (!isBack && this.#growth())) {
      const warnings = this.#warnings(learnt, weights, isBack);
      return warnings === undefined ? report : { ...report, warnings };
    }
    let found: readonly Warning[] | undefined;
    let look: (() => readonly Warning[] | undefined) | undefined = () =>
      this.#warnings(learnt, weights, isBack);
    const get = () => {
      if (look) found = look();
      look = undefined;
      return found;
    };
    const { number, rows, metrics, validation, statistics, stopped } = report;
    if (validation || statistics || stopped)
      return Object.defineProperty(report, "warnings", { get, enumerable: true });
    // Many times as fast as a property that is defined later.
    const told = {
      number,
      rows,
      metrics,
      get warnings() {
        return get();
      },
    };
    return told as Epoch;
  }

  #warnings(learnt: State, weights: number, isBack: boolean): readonly Warning[] | undefined {
    const { predictor, prediction } = this.#architecture;
    const { inputs } = this.#side;
    const forward = forwardOf(predictor);
    const rows = inputs.shape[0]!;
    const affordable = Math.max(free, share * this.#learntFrom * 3 * weights) / weights;
    const silent = new Map(forward.relus.map((name) => [name, unitsOf(predictor, name)]));
    let largest = 0;
    let seen = 0;
    do {
      const to = Math.min(rows, seen + together);
      forward.run(learnt, rowsBetween(inputs, seen, to));
      if (seen === 0) largest = largestIn(forward.read(prediction).data);
      for (const [name, before] of silent) {
        const { data, shape } = forward.read(name);
        const units = silentIn(data, shape[1]!, before);
        if (units.length > 0) silent.set(name, units);
        else silent.delete(name);
      }
      seen = to;
    } while (silent.size > 0 && seen < rows && seen + together <= affordable);
    forward.forget(learnt);
    const diverged = (isBack ? undefined : this.#growth()) ?? this.#excess(largest);
    const warnings: Warning[] =
      diverged === undefined
        ? []
        : [{ kind: "diverged", text: `the training diverged: ${diverged}; ${mend}` }];
    const those = seen === rows ? `all ${rows} rows` : `the first ${seen} of ${rows} rows`;
    if (seen === rows || seen >= enough)
      for (const [array, units] of silent)
        warnings.push({ kind: "dead units", array, units, text: deadText(predictor, array, units, those) });
    return warnings.length > 0 ? warnings : undefined;
  }

  /** An error that is larger than in the first epoch by far. */
  #growth(): string | undefined {
    const rows = this.#side.inputs.shape[0]!;
    for (const { name, key, terms } of this.#metrics) {
      const [first, last] = [this.#first![key]!, this.#last[key]!];
      if (!(first >= 0 && last > grown * first && last > noise * (terms > 0 ? 1 : rows))) continue;
      const { op } = this.#trainer.data.steps.find(({ writes }) => writes === name)!;
      if (key === "loss" || !notErrors.includes(op))
        return `${key} is ${python(last)} in the last epoch, but was ${python(first)} in the first`;
    }
    return undefined;
  }

  /** Predictions that are larger than targets by far. */
  #excess(largest: number): string | undefined {
    if (largest <= beyond) return undefined;
    const scale = Math.max(1, largestIn(this.#side.targets.values));
    if (largest <= beyond * scale) return undefined;
    return `predictions are up to ${python(largest)} in size, but targets at most ${python(scale)}`;
  }
}

function unitsOf(predictor: Program, name: string): readonly number[] {
  const [, width] = predictor.array(name).shape as [unknown, number];
  return Array.from({ length: width }, (_, unit) => unit);
}

/** Those of some columns that are 0 in every row. */
function silentIn(data: ArrayLike<number>, width: number, units: readonly number[]): number[] {
  return units.filter((unit) => {
    for (let at = unit; at < data.length; at += width) if (data[at] !== 0) return false;
    return true;
  });
}

function deadText(predictor: Program, array: string, units: readonly number[], rows: string): string {
  const [, width] = predictor.array(array).shape;
  const which = units.length > 8 ? "" : ` (${units.join(", ")})`;
  return (
    `${units.length} of ${width} units of ${array}${which} are 0 for ${rows}, so nothing passes back through them: ` +
    "take a smaller step size, a smaller start or leakyRelu"
  );
}

/** The largest size, or NaN where there is one. */
function largestIn(values: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]!);
    if (!(size <= largest)) largest = size;
  }
  return largest;
}

const forwards = new WeakMap<Program, Forward>();

function forwardOf(predictor: Program): Forward {
  const known = forwards.get(predictor) ?? new Forward(predictor);
  forwards.set(predictor, known);
  return known;
}
