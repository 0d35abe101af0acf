import { type Action, prepare } from "../engines/reference/interpreter.ts";
import { ops } from "../ops/table.ts";
import { type ArrayDeclaration, rowCount } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import type { Program } from "../program/program.ts";
import { RandomSource } from "../random/source.ts";
import { type Block, block } from "../shape/block.ts";
import type { Flat } from "../shape/numbers.ts";
import { withRows } from "../shape/size.ts";
import { converted } from "./begun.ts";

/** A step with the places of its arrays, and the numbers that it writes; a view writes none. */
interface Placed {
  readonly run: (inputs: readonly Block[]) => Block;
  readonly reads: readonly number[];
  readonly writes: number;
}

/** The steps of a program that predicts, run by the reference's loops on a few rows, without what a session checks and keeps. */
export class Forward {
  /** The arrays that a relu computes through whose zeros nothing passes back. */
  readonly relus: readonly string[];
  readonly #program: Program;
  readonly #actions: readonly (Action | undefined)[];
  readonly #input: ArrayDeclaration;
  readonly #places: ReadonlyMap<string, number>;
  /** By place: settings, and what was given and computed last. */
  readonly #arrays: Block[] = [];
  #placed: readonly Placed[] = [];
  #rows = -1;

  constructor(program: Program) {
    const { arrays, steps } = program.data;
    this.#program = program;
    this.#actions = prepare(program.data);
    this.#places = new Map(arrays.map(({ name }, place) => [name, place]));
    this.#input = arrays.find(({ role }) => role === "input")!;
    const settings = arrays.filter(({ role, name }) => role === "setting" && name !== rowCount);
    const initial = initialNumbers([{ ...program.data, arrays: settings }], new RandomSource(1));
    for (const { name, dtype } of settings)
      this.#arrays[this.#places.get(name)!] = converted({ dtype, shape: [] }, initial.get(name)!);
    this.relus = steps
      .filter(({ op, parameters }) => op === "relu" && parameters?.of_output !== 1)
      .map(({ writes }) => writes)
      .filter((name) => program.array(name).shape.length === 2);
  }

  /** Computes all arrays from weights and running statistics, and rows of inputs. */
  run(learnt: Iterable<readonly [string, Block]>, { shape, values }: Flat): void {
    const arrays = this.#arrays;
    if (shape[0] !== this.#rows) this.#place(shape[0]!);
    for (const [name, numbers] of learnt) arrays[this.#places.get(name)!] = numbers;
    arrays[this.#places.get(this.#input.name)!] = converted({ dtype: this.#input.dtype, shape }, values);
    for (const { run, reads, writes } of this.#placed)
      arrays[writes] = run(reads.map((place) => arrays[place]!));
  }

  /** An array as it was computed last. */
  read(name: string): Block {
    return this.#arrays[this.#places.get(name)!]!;
  }

  /** Lets go of what was given. */
  forget(learnt: Iterable<readonly [string, Block]>): void {
    for (const [name] of learnt) delete this.#arrays[this.#places.get(name)!];
  }

  #place(rows: number): void {
    this.#rows = rows;
    const place = (name: string) => this.#places.get(name)!;
    this.#placed = this.#program.data.steps.map(({ op: name, reads, writes }, position) => {
      const op = ops[name];
      const { dtype, shape } = this.#program.array(writes);
      const output = block(dtype, withRows(shape, rows));
      const run = (inputs: readonly Block[]): Block => {
        if (op.kind === "view") return op.view(inputs[0]!);
        this.#actions[position]!(inputs, output);
        return output;
      };
      return { run, reads: reads.map(place), writes: place(writes) };
    });
  }
}
