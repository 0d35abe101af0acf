import { drawMask, type Mask } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Memory } from "./memory.ts";

interface Noisy {
  readonly program: Program;
  readonly masks: readonly Mask[];
}

/** Draws the masks of `chance: "book"`, from one generator that goes on from batch to batch. */
export class BookMasks {
  readonly #source: RandomSource;
  readonly #memory: Memory;
  /** The program, batch and rows that were drawn for last. */
  #drawn: string | undefined;

  constructor(source: RandomSource, memory: Memory) {
    this.#source = source;
    this.#memory = memory;
  }

  /** Draws the masks for so many rows of a batch and stores them. */
  draw({ program, masks }: Noisy, batch: number, rows: number): void {
    for (const mask of masks) this.#memory.store(mask.name, drawMask(mask, batch, rows, this.#source));
    this.#drawn = key(program.name, batch, rows);
  }

  /** Draws them unless they were the last that were drawn: a batch that runs in parts has the same throughout. */
  drawOnce(noisy: Noisy, batch: number, rows: number): void {
    if (this.#drawn !== key(noisy.program.name, batch, rows)) this.draw(noisy, batch, rows);
  }

  get generator(): RandomStateSnapshot {
    return this.#source.getState();
  }

  set generator(snapshot: RandomStateSnapshot) {
    this.#source.setState(snapshot);
    this.#drawn = undefined;
  }
}

function key(program: string, batch: number, rows: number): string {
  return `${program} ${batch} ${rows}`;
}
