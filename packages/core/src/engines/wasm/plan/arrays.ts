import { ops } from "../../../ops/table.ts";
import type { ArrayDeclaration, ProgramData, Step } from "../../../program/data.ts";
import type { SizeShape } from "../../../shape/size.ts";

/** An array as a product reads it: where its numbers lie, and whether rows and columns change places. */
export interface Source {
  readonly name: string;
  readonly transposed: boolean;
}

/**
 * An array as an elementwise step reads it: the number in the same place, one for each column (the same in every row), one
 * for each row, or one number for all.
 */
export interface Access {
  readonly kind: "each" | "column" | "row" | "one";
  readonly name: string;
}

/** What the arrays of a program are to some of its steps: numbers in memory, or another look at some. */
export class Arrays {
  readonly #declarations: ReadonlyMap<string, ArrayDeclaration>;
  /** The steps of views, and of those spreads that are among these steps, by what they write. */
  readonly #looks: ReadonlyMap<string, Step>;
  /** The spreads that are read from memory, rather than through. */
  readonly #solid: ReadonlySet<string>;
  readonly #read = new Map<Step, readonly string[]>();
  /** Where in the range an array is written, and where it or a look at it is last read. */
  readonly #writtenAt = new Map<string, number>();
  readonly #lastRead = new Map<string, number>();

  /**
   * For the steps from one position up to another. With `solid` all spreads are put into memory, as the reference does, since other
   * steps may read them after what they show has changed.
   */
  constructor(
    { arrays, steps }: ProgramData,
    [from, to]: readonly [number, number] = [0, steps.length],
    solid = false,
  ) {
    this.#declarations = new Map(arrays.map((array) => [array.name, array]));
    const range = steps.slice(from, to);
    const spreads = range.filter(isSpreadStep);
    const looks = [...steps.filter(({ op }) => ops[op].kind === "view"), ...spreads];
    this.#looks = new Map(looks.map((step) => [step.writes, step]));
    const names = spreads.map(({ writes }) => writes);
    if (!solid) this.#notePlaces(range);
    this.#solid = new Set(solid ? names : names.filter((name) => this.#isOutlived(name)));
  }

  declaration(name: string): ArrayDeclaration {
    return this.#declarations.get(name)!;
  }

  shape(name: string): SizeShape {
    return this.declaration(name).shape;
  }

  /** The step of a view or a spread, which writes nothing unless a reader needs its numbers in memory. */
  look(name: string): Step | undefined {
    return this.#looks.get(name);
  }

  /** The arrays in memory that a step reads, through views and spreads; of a copied one, the copy too. */
  namesRead(step: Step): readonly string[] {
    const known = this.#read.get(step);
    if (known !== undefined) return known;
    const names = step.reads.flatMap((name) => {
      const behind = this.isSpread(name) ? this.access(name, this.shape(name)).name : this.source(name).name;
      return behind === name ? [name] : [name, behind];
    });
    this.#read.set(step, names);
    return names;
  }

  isSpread(name: string): boolean {
    const look = this.look(name);
    return look !== undefined && isSpreadStep(look);
  }

  /** Whether it is a spread that its readers read from memory. */
  isSolid(name: string): boolean {
    return this.#solid.has(name);
  }

  /** `transpose` is the only view. */
  source(name: string): Source {
    const look = this.look(name);
    if (look === undefined || ops[look.op].kind !== "view") return { name, transposed: false };
    const below = this.source(look.reads[0]!);
    return { name: below.name, transposed: !below.transposed };
  }

  /** How an elementwise step of a shape reads an array. */
  access(name: string, shape: SizeShape): Access {
    if (this.isSpread(name) && !this.isSolid(name)) return this.through(name);
    return { kind: shape.length > 0 && this.shape(name).length === 0 ? "one" : "each", name };
  }

  /** What a spread shows. */
  through(name: string): Access {
    const look = this.look(name)!;
    const below = look.reads[0]!;
    const inner = this.access(below, this.shape(below));
    if (this.shape(inner.name).length === 0) return { kind: "one", name: inner.name };
    // Of a spread of a spread, and of a transposed view, the inner one is copied.
    return { kind: look.op === "spreadRows" ? "column" : "row", name: below };
  }

  #notePlaces(range: readonly Step[]): void {
    for (const [position, { reads, writes }] of range.entries()) {
      this.#writtenAt.set(writes, position);
      for (const read of reads)
        for (let at: string | undefined = read; at !== undefined; at = this.look(at)?.reads[0])
          this.#lastRead.set(at, position);
    }
  }

  /** Whether what a spread shows is replaced before the spread is read for the last time. */
  #isOutlived(name: string): boolean {
    const from = this.#writtenAt.get(name)!;
    const last = this.#lastRead.get(name) ?? -1;
    for (let shown = this.look(name)?.reads[0]; shown !== undefined; shown = this.look(shown)?.reads[0]) {
      const replaced = this.#writtenAt.get(shown) ?? -1;
      if (replaced > from && last > replaced) return true;
    }
    return false;
  }
}

function isSpreadStep({ op }: Step): boolean {
  return ops[op].noun === "spread";
}
