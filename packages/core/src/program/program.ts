import { reachable, remember } from "../shape/reachable.ts";
import { canonical } from "./canonical.ts";
import type { ArrayDeclaration, Phase, ProgramData } from "./data.ts";
import { phases } from "./data.ts";
import { fold, type Line, type Printable } from "./fold.ts";
import type { Known } from "./known.ts";
import { unknownName } from "./names.ts";
import { listing } from "./print/listing.ts";

/**
 * A network as named steps over named arrays, in four phases. Immutable; engines run it, printers write it down. `Names` are
 * those of its arrays that are known before it runs: an editor offers them, and any other name is taken too.
 */
export class Program<Names extends string = string> implements Printable {
  /** The program as plain JSON, in its canonical form. */
  readonly data: ProgramData;
  readonly #declarations: ReadonlyMap<string, ArrayDeclaration>;

  #folded: readonly Line[] | undefined;

  /** Takes the data as they are: `loadProgram` checks those that come from elsewhere than a builder. */
  constructor(data: ProgramData) {
    remember(this);
    this.data = canonical(data);
    this.#declarations = new Map(this.data.arrays.map((array) => [array.name, array]));
  }

  /** What a reader sees and steps over, in the order of the program. */
  get lines(): readonly Line[] {
    this.#folded ??= fold(this.data);
    return this.#folded;
  }

  /** What the program is called in a session: `train`. */
  get name(): string {
    return this.data.name;
  }

  /** The declaration of an array. Throws `NameError` with the nearest name. */
  array(name: Known<Names>): ArrayDeclaration {
    const found = this.#declarations.get(name);
    if (found === undefined) throw unknownName("array", name, this.name, this.#declarations.keys());
    return found;
  }

  /** Whether there is an array of this name. */
  has(name: Known<Names>): boolean {
    return this.#declarations.has(name);
  }

  /** The phases that have steps, in order. */
  get phases(): readonly Phase[] {
    return phases.filter((phase) => this.data.steps.some((step) => step.phase === phase));
  }

  /** The arrays that predict computes and none of its steps reads. */
  get outputs(): readonly string[] {
    const steps = this.data.steps.filter((step) => step.phase === "predict");
    const read = new Set(steps.flatMap((step) => step.reads));
    return steps.map((step) => step.writes).filter((name) => !read.has(name));
  }

  /** The four phases, line by line, as the book writes them; `print` writes the other dialects. */
  toString(): string {
    return listing(this);
  }

  /** Plain JSON; equal programs give equal text, so the text may serve as a key. */
  toJSON(): ProgramData {
    return this.data;
  }
}

reachable(Program);
