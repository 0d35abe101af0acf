import { ops } from "../../../ops/table.ts";
import type { Step } from "../../../program/data.ts";
import { type SizeShape, sameShape } from "../../../shape/size.ts";
import type { Arrays } from "./arrays.ts";

/**
 * A loop over the numbers of a shape. `main` is an op with a loop of its own (a product, a sum, a metric); the elementwise
 * `steps` after it are applied to each number while it is at hand, so that most arrays between are never written.
 */
export interface Kernel {
  readonly shape: SizeShape;
  readonly main?: Step;
  readonly steps: Step[];
}

/**
 * Turns steps into kernels, in an order that computes the same. Views and spreads are no kernels, but for those in `stored` and
 * those that a step needs in memory.
 */
export function lower(
  steps: readonly Step[],
  arrays: Arrays,
  stored: (name: string) => boolean,
): readonly Kernel[] {
  const lowering = new Lowering(arrays);
  for (const step of steps) lowering.take(step, stored);
  return lowering.finished();
}

/** The ops whose results a kernel hands on number by number. */
const handsOn = ["matmul", "sumRows"];

/** Elementwise steps of one shape that go together: the last, and those that only prepare what it reads. */
type Unit = readonly Step[];

class Lowering {
  readonly #arrays: Arrays;
  readonly #kernels: Kernel[] = [];
  readonly #copied = new Set<string>();
  /** Units that read only what is in memory; each waits for the step that reads it, to be computed there. */
  #waiting: Unit[] = [];

  constructor(arrays: Arrays) {
    this.#arrays = arrays;
  }

  take(step: Step, stored: (name: string) => boolean): void {
    const arrays = this.#arrays;
    const { kind } = ops[step.op];
    if (arrays.look(step.writes)) {
      if (kind !== "view" && (stored(step.writes) || arrays.isSolid(step.writes))) this.#copy(step.writes);
    } else if (kind === "elementwise") {
      for (const name of step.reads)
        if (arrays.isSpread(name) && !arrays.isSolid(name)) this.#copyBelow(name);
        else this.#copy(name);
      this.#takeElementwise(step);
    } else {
      for (const name of step.reads) if (step.op !== "matmul" || arrays.isSpread(name)) this.#copy(name);
      this.#release((unit) => touches(unit, [step], arrays));
      this.#kernels.push({ shape: arrays.shape(step.writes), main: step, steps: [] });
    }
  }

  finished(): readonly Kernel[] {
    this.#release(() => true);
    return this.#kernels;
  }

  #takeElementwise(step: Step): void {
    const arrays = this.#arrays;
    const shape = arrays.shape(step.writes);
    const reads = step.reads.map((name) => arrays.access(name, shape)).filter(({ kind }) => kind === "each");
    const pulled = this.#waiting.filter((unit) => reads.some(({ name }) => name === last(unit).writes));
    this.#waiting = this.#waiting.filter((unit) => !pulled.includes(unit));
    const unit = [...pulled.flat(), step];
    this.#release((other) => touches(other, unit, arrays));
    const read = unitReads(unit, arrays);
    const computed = this.#kernels.some((kernel) => writes(kernel).some((name) => read.includes(name)));
    const rewrites = ["weights", "state"].includes(arrays.declaration(step.writes).role);
    if (computed || rewrites || shape.length === 0) this.#place(unit, shape);
    else this.#waiting.push(unit);
  }

  /** Gives the units that fulfil a condition a place now. */
  #release(condition: (unit: Unit) => boolean): void {
    const due = this.#waiting.filter(condition);
    this.#waiting = this.#waiting.filter((unit) => !due.includes(unit));
    for (const unit of due) this.#place(unit, this.#arrays.shape(last(unit).writes));
  }

  /** Puts the numbers of a view or a spread into memory. */
  #copy(name: string): void {
    const look = this.#arrays.look(name);
    if (look === undefined || this.#copied.has(name)) return;
    this.#copied.add(name);
    const shape = this.#arrays.shape(name);
    if (ops[look.op].kind !== "view") {
      this.#copyBelow(name);
      this.#release((unit) => touches(unit, [look], this.#arrays));
      this.#kernels.push({ shape, steps: [look] });
      return;
    }
    this.#release((unit) => touches(unit, [look], this.#arrays));
    this.#kernels.push({ shape, main: look, steps: [] });
  }

  /** What a spread, read through, shows must itself be numbers in memory. */
  #copyBelow(name: string): void {
    this.#copy(this.#arrays.through(name).name);
  }

  /**
   * Adds a unit to the kernel that computes what it reads, if nothing after that kernel stands in the way; else to a later
   * one of its shape, or to one of its own. Single numbers, such as a step size, are computed as early as can be.
   */
  #place(unit: Unit, shape: SizeShape): void {
    const kernels = this.#kernels;
    const reads = unitReads(unit, this.#arrays);
    let earliest = kernels.length;
    let plain: Kernel | undefined;
    for (let at = kernels.length - 1; at >= 0; at--) {
      const kernel = kernels[at]!;
      const computes = reads.some((name) => writes(kernel).includes(name));
      if (this.#accepts(kernel, unit, shape)) {
        if (computes) {
          kernel.steps.push(...unit);
          return;
        }
        if (kernel.main === undefined) plain ??= kernel;
      }
      if (computes || this.#conflicts(kernel, unit)) break;
      earliest = at;
    }
    if (plain) plain.steps.push(...unit);
    else kernels.splice(shape.length === 0 ? earliest : kernels.length, 0, { shape, steps: [...unit] });
  }

  /** Whether a unit may join a kernel: each number of its result needs, of what is computed there, only that in its place. */
  #accepts({ shape: of, main, steps }: Kernel, unit: Unit, shape: SizeShape): boolean {
    const arrays = this.#arrays;
    if (!sameShape(of, shape)) return false;
    if (main && !(handsOn.includes(main.op) && typeof (shape[shape.length - 1] ?? 1) === "number"))
      return false;
    const replaced = unit.map(({ writes: name }) => name);
    // What the main op reads, it reads from many places, and so does a spread: neither may be replaced here.
    if (main && arrays.namesRead(main).some((name) => replaced.includes(name))) return false;
    const elsewhere = (each: Step) =>
      each.reads
        .map((name) => arrays.access(name, arrays.shape(each.writes)))
        .filter(({ kind }) => kind !== "each")
        .map(({ name }) => name);
    if (steps.some((each) => elsewhere(each).some((name) => replaced.includes(name)))) return false;
    const computed = [...(main ? [main.writes] : []), ...steps.map((each) => each.writes)];
    return !unit.some((step) => elsewhere(step).some((name) => computed.includes(name)));
  }

  /** Whether a unit would compute something else before the kernel than after it. */
  #conflicts(kernel: Kernel, unit: Unit): boolean {
    const { main, steps } = kernel;
    const touched = [
      ...[...(main ? [main] : []), ...steps].flatMap((each) => this.#arrays.namesRead(each)),
      ...writes(kernel),
    ];
    return unit.some((step) => touched.includes(step.writes));
  }
}

function last(unit: Unit): Step {
  return unit[unit.length - 1]!;
}

/** Whether a waiting unit must be computed before some steps: they read it, or replace what it reads. */
function touches(unit: Unit, steps: readonly Step[], arrays: Arrays): boolean {
  const computed = unit.map((step) => step.writes);
  const read = unitReads(unit, arrays);
  return steps.some(
    (step) => read.includes(step.writes) || arrays.namesRead(step).some((name) => computed.includes(name)),
  );
}

/** The arrays in memory that a unit reads. */
function unitReads(unit: Unit, arrays: Arrays): string[] {
  const computed = unit.map((step) => step.writes);
  return unit.flatMap((step) => arrays.namesRead(step)).filter((name) => !computed.includes(name));
}

/** The arrays that a kernel computes, stored or not. */
export function writes({ main, steps }: Kernel): string[] {
  return [...(main ? [main.writes] : []), ...steps.map((step) => step.writes)];
}

/** The arrays that a step reads in memory, through views and spreads; of a copied one, the copy too. */
