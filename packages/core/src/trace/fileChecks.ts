import { FileError, isCount, isRecord } from "../files/stored.ts";
import type { Course } from "../program/loop.ts";
import type { Program } from "../program/program.ts";
import { type Block, count } from "../shape/block.ts";
import { unstoredNumber } from "./exactNumber.ts";
import type { Score, TraceEvent } from "./player.ts";

/** Throws `FileError` naming the array where a file's data and start leave out examples, or give what the program computes. */
export function checkGiven({ program, data, loop: { settings = {} }, start = {} }: Score): void {
  for (const { name, role } of program.data.arrays)
    if ((role === "input" || role === "target") && !Object.hasOwn(data, name) && !Object.hasOwn(start, name))
      throw new FileError(`the trace's "data" have no ${name}, which is ${role}`);
  for (const name of Object.keys(data)) {
    const { role } = program.array(name);
    if (role !== "input" && role !== "target")
      throw new FileError(`the trace's "data" have ${name}, which is ${role}`);
  }
  for (const name of Object.keys(start)) {
    const { role } = program.array(name);
    if (["activation", "delta", "gradient", "noise"].includes(role))
      throw new FileError(`the trace's "start" has ${name}, which is ${role}`);
  }
  for (const name of Object.keys(settings)) {
    const { role } = program.array(name);
    if (role !== "setting") throw new FileError(`the trace's "loop.settings" have ${name}, which is ${role}`);
  }
}

/** The events of a file. Throws `FileError` naming the first that cannot be. */
export function checkedEvents(
  events: readonly unknown[],
  program: Program,
  { from, to }: Course,
): readonly TraceEvent[] {
  return events.map((event, position) => {
    const place = `event ${position}`;
    if (!isRecord(event) || event.kind !== "edit") throw new FileError(`${place} is of no known kind`);
    const { batch, step, array, element } = event;
    if (!isCount(batch) || !isCount(step) || !isCount(element) || typeof array !== "string")
      throw new FileError(`${place} must have a batch, a step, an array, an element and a value`);
    const value = unstoredNumber(`${place}: "value"`, event.value);
    if (!Number.isFinite(value)) throw new FileError(`${place}: "value" is ${value}, but must be finite`);
    const { role, shape } = program.array(array);
    if (!["weights", "state", "setting"].includes(role))
      throw new FileError(`${place} edits ${array}, which is ${role}`);
    if (element >= count(shape as number[]))
      throw new FileError(`${place}: ${array} has no element ${element}`);
    if (batch < from) throw new FileError(`${place} lies before the first batch that was recorded`);
    if (batch >= to || step > program.data.steps.length)
      throw new FileError(`${place} lies beyond the end of the training`);
    return { kind: "edit", batch, step, array, element, value };
  });
}

/** How many rows the data have: what the first of them has. */
export function rowsIn(data: Readonly<Record<string, Block>>): number {
  return Object.values(data)[0]?.shape[0] ?? 0;
}
