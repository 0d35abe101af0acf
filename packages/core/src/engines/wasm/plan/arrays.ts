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

/** What the arrays of a program are to its steps: numbers in memory, or another look at some. */
export class Arrays {
  readonly #declarations: ReadonlyMap<string, ArrayDeclaration>;
  /** The steps of views and spreads, by what they write. */
  readonly #looks: ReadonlyMap<string, Step>;
  readonly #read = new Map<Step, readonly string[]>();

  constructor({ arrays, steps }: ProgramData) {
    this.#declarations = new Map(arrays.map((array) => [array.name, array]));
    const isLook = ({ op }: Step) => ops[op].kind === "view" || ops[op].noun === "spread";
    this.#looks = new Map(steps.filter(isLook).map((step) => [step.writes, step]));
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
    return look !== undefined && ops[look.op].noun === "spread";
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
    const look = this.look(name);
    const below = look?.reads[0];
    if (below === undefined || ops[look!.op].kind === "view")
      return { kind: shape.length > 0 && this.shape(name).length === 0 ? "one" : "each", name };
    const inner = this.access(below, this.shape(below));
    if (this.shape(inner.name).length === 0) return { kind: "one", name: inner.name };
    // Of a spread of a spread, and of a transposed view, the inner one is copied.
    return { kind: look!.op === "spreadRows" ? "column" : "row", name: below };
  }
}
