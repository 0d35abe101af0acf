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

/** So many elementwise steps are one kernel at most: a host bounds what a function may hold. */
const mostSteps = 500;

/**
 * Steps that are computed together, with what later ones are compared with. Sets grow with each step, so that a chain of
 * thousands costs no more for each of them than a short one.
 */
class Unit {
  readonly steps: Step[] = [];
  readonly writes = new Set<string>();
  /** The arrays in memory that they read. */
  readonly reads = new Set<string>();
  /** Those of them that are read in another place than that of the result. */
  readonly elsewhere = new Set<string>();

  add(step: Step, arrays: Arrays): void {
    this.steps.push(step);
    for (const name of arrays.namesRead(step)) if (!this.writes.has(name)) this.reads.add(name);
    const shape = arrays.shape(step.writes);
    for (const each of step.reads) {
      const { kind, name } = arrays.access(each, shape);
      if (kind !== "each") this.elsewhere.add(name);
    }
    this.writes.add(step.writes);
  }

  get last(): string {
    return this.steps[this.steps.length - 1]!.writes;
  }
}

/** A kernel that may still take in steps. */
interface Growing {
  readonly kernel: Kernel;
  readonly steps: Unit;
  /** What the main op reads. */
  readonly mainReads: readonly string[];
  /** Its position among the kernels. */
  at: number;
}

class Lowering {
  readonly #arrays: Arrays;
  readonly #kernels: Growing[] = [];
  /** The kernel that computes an array, and those that read it. */
  readonly #writer = new Map<string, Growing>();
  readonly #readers = new Map<string, Set<Growing>>();
  /** The kernels without a main op, by their shapes. */
  readonly #plain = new Map<string, Growing[]>();
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
      this.#releaseTouched(step);
      this.#insert(arrays.shape(step.writes), step, []);
    }
  }

  finished(): readonly Kernel[] {
    this.#release(() => true);
    return this.#kernels.map(({ kernel }) => kernel);
  }

  #takeElementwise(step: Step): void {
    const arrays = this.#arrays;
    const shape = arrays.shape(step.writes);
    const reads = step.reads.map((name) => arrays.access(name, shape)).filter(({ kind }) => kind === "each");
    const pulled = this.#waiting.filter((unit) => reads.some(({ name }) => name === unit.last));
    this.#waiting = this.#waiting.filter((unit) => !pulled.includes(unit));
    const [unit = new Unit(), ...others] = pulled;
    for (const other of others) for (const each of other.steps) unit.add(each, arrays);
    // What its other steps touch was given a place when they came.
    this.#releaseTouched(step);
    const computed = arrays.namesRead(step).some((name) => this.#writer.has(name));
    unit.add(step, arrays);
    const rewrites = ["weights", "state"].includes(arrays.declaration(step.writes).role);
    const full = unit.steps.length >= mostSteps;
    if (computed || rewrites || full || shape.length === 0) this.#place(unit, shape);
    else this.#waiting.push(unit);
  }

  /** Gives a place to the units that must be computed before a step: it reads them, or replaces what they read. */
  #releaseTouched(step: Step): void {
    const names = this.#arrays.namesRead(step);
    this.#release(({ reads, writes }) => reads.has(step.writes) || names.some((name) => writes.has(name)));
  }

  /** Gives the units that fulfil a condition a place now. */
  #release(condition: (unit: Unit) => boolean): void {
    const due = this.#waiting.filter(condition);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((unit) => !due.includes(unit));
    for (const unit of due) this.#place(unit, this.#arrays.shape(unit.last));
  }

  /** Puts the numbers of a view or a spread into memory. */
  #copy(name: string): void {
    const look = this.#arrays.look(name);
    if (look === undefined || this.#copied.has(name)) return;
    this.#copied.add(name);
    const shape = this.#arrays.shape(name);
    const isView = ops[look.op].kind === "view";
    if (!isView) this.#copyBelow(name);
    this.#releaseTouched(look);
    this.#insert(shape, isView ? look : undefined, isView ? [] : [look]);
  }

  /** What a spread, read through, shows must itself be numbers in memory. */
  #copyBelow(name: string): void {
    this.#copy(this.#arrays.through(name).name);
  }

  /** Puts a kernel of its own at a position, by default after all others. */
  #insert(shape: SizeShape, main: Step | undefined, steps: readonly Step[], at = this.#kernels.length): void {
    const unit = new Unit();
    const kernel = { shape, ...(main === undefined ? {} : { main }), steps: unit.steps };
    const mainReads = main === undefined ? [] : this.#arrays.namesRead(main);
    const growing: Growing = { kernel, steps: unit, mainReads, at };
    if (main !== undefined) this.#note(growing, main);
    else {
      const alike = this.#plain.get(shape.join()) ?? [];
      this.#plain.set(shape.join(), alike);
      let place = alike.length;
      while (place > 0 && alike[place - 1]!.at >= at) place--;
      alike.splice(place, 0, growing);
    }
    this.#kernels.splice(at, 0, growing);
    for (let later = at + 1; later < this.#kernels.length; later++) this.#kernels[later]!.at = later;
    this.#join(growing, steps);
  }

  #join(growing: Growing, steps: readonly Step[]): void {
    for (const step of steps) {
      growing.steps.add(step, this.#arrays);
      this.#note(growing, step);
    }
  }

  #note(growing: Growing, step: Step): void {
    this.#writer.set(step.writes, growing);
    for (const name of this.#arrays.namesRead(step)) {
      const readers = this.#readers.get(name);
      if (readers === undefined) this.#readers.set(name, new Set([growing]));
      else readers.add(growing);
    }
  }

  /**
   * Adds a unit to the kernel that computes what it reads, if nothing after that kernel stands in the way; else to a later
   * one of its shape, or to one of its own. Single numbers, such as a step size, are computed as early as can be.
   */
  #place(unit: Unit, shape: SizeShape): void {
    const before = this.#lastBefore(unit);
    const accepts = before !== undefined && this.#accepts(before, unit, shape);
    if (accepts && meet(unit.reads, (name) => this.#writer.get(name) === before)) {
      this.#join(before, unit.steps);
      return;
    }
    const plain = this.#plain.get(shape.join()) ?? [];
    const from = before === undefined ? -1 : before.at;
    for (let k = plain.length - 1; k >= 0 && plain[k]!.at > from; k--)
      if (this.#accepts(plain[k]!, unit, shape)) {
        this.#join(plain[k]!, unit.steps);
        return;
      }
    if (accepts && before.kernel.main === undefined) this.#join(before, unit.steps);
    else this.#insert(shape, undefined, unit.steps, shape.length === 0 ? from + 1 : this.#kernels.length);
  }

  /** The last kernel that must come before a unit: it computes what the unit reads or replaces, or reads what it replaces. */
  #lastBefore(unit: Unit): Growing | undefined {
    let last: Growing | undefined;
    const note = (each: Growing | undefined): void => {
      if (each !== undefined && (last === undefined || each.at > last.at)) last = each;
    };
    for (const name of unit.reads) note(this.#writer.get(name));
    for (const name of unit.writes) {
      note(this.#writer.get(name));
      for (const reader of this.#readers.get(name) ?? []) note(reader);
    }
    return last;
  }

  /** Whether a unit may join a kernel: each number of its result needs, of what is computed there, only that in its place. */
  #accepts(growing: Growing, unit: Unit, shape: SizeShape): boolean {
    const { steps, mainReads } = growing;
    const { shape: of, main } = growing.kernel;
    if (!sameShape(of, shape) || steps.steps.length + unit.steps.length > mostSteps) return false;
    if (main && !(handsOn.includes(main.op) && typeof (shape[shape.length - 1] ?? 1) === "number"))
      return false;
    // What the main op reads, it reads from many places, and so does a spread: neither may be replaced here.
    if (mainReads.some((name) => unit.writes.has(name))) return false;
    if (meet(unit.writes, (name) => steps.elsewhere.has(name))) return false;
    return !meet(unit.elsewhere, (name) => this.#writer.get(name) === growing);
  }
}

function meet(names: ReadonlySet<string>, condition: (name: string) => boolean): boolean {
  for (const name of names) if (condition(name)) return true;
  return false;
}

/** The arrays that a kernel computes, stored or not. */
export function writes({ main, steps }: Kernel): string[] {
  return [...(main ? [main.writes] : []), ...steps.map((step) => step.writes)];
}
