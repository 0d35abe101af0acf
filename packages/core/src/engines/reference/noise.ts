import { type Chance, drawMask, type Mask, masksOf } from "../../program/noise.ts";
import type { Program } from "../../program/program.ts";
import type { RandomSource } from "../../random/source.ts";
import type { RandomStateSnapshot } from "../../random/state.ts";
import { SessionError } from "../engine.ts";

/** Draws the noise of each batch, and keeps the generator of `chance: "book"`, which gives no batch its masks twice. */
export class Noise {
  readonly #masks: ReadonlyMap<Program, readonly Mask[]>;
  readonly #book: RandomSource | undefined;
  /** The program, batch and rows that were drawn for last. */
  #drawn: string | undefined;

  /** Throws what `masksOf` throws. */
  constructor(
    programs: readonly Program[],
    seed: number | readonly number[] | undefined,
    chance: Chance | undefined,
    source: RandomSource | undefined,
  ) {
    this.#masks = new Map(programs.map((program) => [program, masksOf(program.data, seed, chance)]));
    if (chance) this.#book = source;
  }

  /** Stores the masks for so many rows of a batch. The book's are kept where they were drawn for it, unless `anew`. */
  draw(
    program: Program,
    batch: number,
    rows: number,
    anew: boolean,
    store: (name: string, mask: Float64Array) => void,
  ): void {
    const masks = this.#masks.get(program)!;
    if (masks.length === 0) return;
    const wanted = `${program.name} ${batch} ${rows}`;
    if (this.#book && this.#drawn === wanted && !anew) return;
    this.#drawn = wanted;
    for (const mask of masks) store(mask.name, drawMask(mask, batch, rows, this.#book));
  }

  get generator(): RandomStateSnapshot | undefined {
    return this.#book?.getState();
  }

  /** Throws `SessionError` where there is none, or what is given is no state. */
  set generator(snapshot: RandomStateSnapshot | undefined) {
    if (this.#book === undefined || snapshot?.state?.key?.length !== 624)
      throw new SessionError('generator: only that of chance: "book" can be set, to what it was before');
    this.#book.setState(snapshot);
    this.#drawn = undefined;
  }
}
