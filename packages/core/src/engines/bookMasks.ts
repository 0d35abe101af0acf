import { drawMask, type Mask } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Memory } from "./memory.ts";

interface Noisy {
  readonly program: Program;
  readonly masks: readonly Mask[];
}

/** The masks of a batch. */
interface Drawn {
  readonly batch: number;
  readonly rows: number;
  readonly masks: readonly Mask[];
  readonly numbers: readonly Float64Array[];
}

/** Draws the masks of `chance: "book"`, from one generator that goes on from batch to batch. */
export class BookMasks {
  readonly #source: RandomSource;
  readonly #memory: Memory;
  /** What each program drew last, and for what. */
  readonly #drawn = new Map<string, Drawn>();
  /** The program whose masks lie in memory. */
  #stored: string | undefined;

  constructor(source: RandomSource, memory: Memory) {
    this.#source = source;
    this.#memory = memory;
  }

  /** Draws the masks for so many rows of a batch and stores them. */
  draw({ program, masks }: Noisy, batch: number, rows: number): void {
    if (masks.length === 0) return;
    const numbers = masks.map((mask) => drawMask(mask, batch, rows, this.#source));
    this.#store({ batch, rows, masks, numbers }, program);
  }

  /**
   * Draws them unless they are what the program drew last: a batch that runs in parts has the same throughout, whatever other
   * programs draw in between.
   */
  drawOnce(noisy: Noisy, batch: number, rows: number): void {
    const { program } = noisy;
    const drawn = this.#drawn.get(program.name);
    if (drawn?.batch !== batch || drawn.rows !== rows) this.draw(noisy, batch, rows);
    else if (this.#stored !== program.name) this.#store(drawn, program);
  }

  #store(drawn: Drawn, { name }: Program): void {
    for (const [k, mask] of drawn.masks.entries()) this.#memory.store(mask.name, drawn.numbers[k]!);
    this.#drawn.set(name, drawn);
    this.#stored = name;
  }

  get generator(): RandomStateSnapshot {
    return this.#source.getState();
  }

  set generator(snapshot: RandomStateSnapshot) {
    this.#source.setState(snapshot);
    this.#drawn.clear();
  }
}
