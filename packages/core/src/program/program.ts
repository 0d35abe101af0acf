import { canonical } from "./canonical.ts";
import { checkProgram, ProgramError } from "./check.ts";
import type { ArrayDeclaration, Phase, ProgramData } from "./data.ts";
import { phases } from "./data.ts";
import { fold, type Line, type Printable } from "./fold.ts";
import { unknownName } from "./names.ts";
import { listing } from "./print/listing.ts";
import { printPython } from "./print/python.ts";
import type { PrintOptions } from "./print/script.ts";
import { printTypescript } from "./print/typescript.ts";

export const dialects = ["listing", "numpy", "numpy-exact", "typescript"] as const;
export type Dialect = (typeof dialects)[number];

/** A network as named steps over named arrays, in four phases. Immutable; engines run it, printers write it down. */
export class Program implements Printable {
  readonly data: ProgramData;
  readonly lines: readonly Line[];
  private readonly declarations: ReadonlyMap<string, ArrayDeclaration>;

  /** Throws `ProgramError` where the data are not a valid program. */
  constructor(data: ProgramData) {
    checkProgram(data);
    this.data = canonical(data);
    this.lines = fold(this.data);
    this.declarations = new Map(this.data.arrays.map((array) => [array.name, array]));
  }

  /** Reads what `JSON.stringify(program)` wrote. Throws `ProgramError` where the text is not a valid program. */
  static parse(json: string): Program {
    let data: ProgramData;
    try {
      data = JSON.parse(json) as ProgramData;
    } catch (error) {
      throw new ProgramError(`not a program: this is no JSON: ${(error as Error).message}`);
    }
    return new Program(data);
  }

  get name(): string {
    return this.data.name;
  }

  /** The declaration of an array. Throws `NameError` with the nearest name. */
  array(name: string): ArrayDeclaration {
    const found = this.declarations.get(name);
    if (found === undefined) throw unknownName("array", name, this.name, this.declarations.keys());
    return found;
  }

  has(name: string): boolean {
    return this.declarations.has(name);
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

  /**
   * The program as text.
   *
   * - `"listing"` (default): the four phases, line by line, as the book writes them.
   * - `"numpy"`: Python that reads as the book does and agrees to rounding.
   * - `"numpy-exact"`: Python that gives the reference's bits on any machine.
   * - `"typescript"`: imports nothing and gives the reference's bits.
   *
   * With `data` and `loop` the last three are complete scripts; without, the phases of one batch.
   */
  print(dialect: Dialect = "listing", options: PrintOptions = {}): string {
    switch (dialect) {
      case "listing":
        return listing(this.lines);
      case "numpy":
        return printPython(this, "numpy", options);
      case "numpy-exact":
        return printPython(this, "exact", options);
      case "typescript":
        return printTypescript(this, options);
      default:
        throw new TypeError(
          `print: there is no "${dialect satisfies never}"; there are ${dialects.join(", ")}`,
        );
    }
  }

  toString(): string {
    return this.print();
  }

  /** Plain JSON; equal programs give equal text, so the text may serve as a key. */
  toJSON(): ProgramData {
    return this.data;
  }
}
