import { type Bounds, checkMemory, checkWork } from "../files/limits.ts";
import { ops } from "../ops/table.ts";
import type { Step } from "../program/data.ts";
import { isDrawn } from "../program/initial.ts";
import type { Course } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { count, type Shape } from "../shape/block.ts";
import { withRows } from "../shape/size.ts";
import { stateArrays } from "./state.ts";

/** About what the parts of a recording take, in operations of some 10 ns. */
const operationsOf = { step: 120, array: 80, event: 4, draw: 40, called: 30 };

/** A state in keyframes, in the session and as it is read is held this often. */
const copiesOfState = 5;

/**
 * Throws `FileError` where to play a file's training, of so many characters and with so many events, would take more operations or
 * memory than it may.
 */
export function checkPlaying(
  program: Program,
  { batch, rows, from, to }: Course,
  { events, size, budget }: { readonly events: number; readonly size: number; readonly budget: number },
  bounds: Bounds,
): void {
  const most = Math.min(batch, rows);
  const { arrays, steps } = program.data;
  const shapes = new Map(arrays.map(({ name, shape }) => [name, withRows(shape, most)]));
  const numbers = sum([...shapes.values()], count);
  const state = sum(stateArrays(program), ({ shape }) => count(shape as Shape));
  checkMemory(8 * (2 * numbers + copiesOfState * state) + budget, size, bounds);
  const batches = to - from;
  const ofBatch =
    sum(steps, (step) => operationsOf.step + workOf(step, shapes)) +
    operationsOf.array * arrays.length +
    operationsOf.event * events +
    2 * (state + numbers);
  const drawn = sum(arrays.filter(isDrawn), ({ shape }) => count(shape as Shape));
  checkWork(batches * ofBatch + events * state + operationsOf.draw * drawn + 2 * numbers, bounds);
}

/** About how many operations a step takes: the terms of a product, otherwise some for each number that it reads or writes. */
function workOf({ op: name, reads, writes }: Step, shapes: ReadonlyMap<string, Shape>): number {
  const op = ops[name];
  const written = shapes.get(writes)!;
  if (name === "matmul") return count(written) * shapes.get(reads[0]!)![1]!;
  const text = "expression" in op ? op.expression : "";
  const each = /[a-z]\(/.test(text) || "calls" in op ? operationsOf.called : 3;
  return each * (count(written) + sum(reads, (read) => count(shapes.get(read)!)));
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
