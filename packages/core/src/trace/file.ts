import type { ProgramData } from "../program/data.ts";
import { loadProgram } from "../program/loadProgram.ts";
import { type Loop, listOf, plotCourse } from "../program/loop.ts";
import type { Chance } from "../program/noise.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { type Block, count } from "../shape/block.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import type { Score, TraceEvent } from "./player.ts";
import {
  checkedGenerator,
  FileError,
  isCount,
  isRecord,
  type StoredArray,
  stored,
  unstored,
} from "./stored.ts";
import { Trace, type TraceOptions } from "./trace.ts";

/**
 * A trace as a file: JSON, in which numbers that must keep their bits are base64 of little-endian float64, and bytes of bytes.
 *
 *     { "format": "streetlight-trace", "version": 1,
 *       "program": { … },                                what ran, as a program prints itself to JSON
 *       "data": { "layer_0": { "shape": [4, 3], "numbers": "…" } },
 *       "start": { … },                                  weights to begin with, if not drawn from the seed
 *       "loop": { "epochs": 60, "batch": 1, … },  "seed": 1,  "chance": "book",  "generator": { … },
 *       "events": [ { "kind": "edit", "batch": 7, "step": 0, "array": "weights_0_1", "element": 2, "value": 0.5 } ],
 *       "end": [ 1234, 5678 ] }                          the hash of the last state
 *
 * Keyframes are not stored: a training is its program, data, loop and seed. Loading plays it again and compares the
 * hash of the end, so a file that was changed, or an engine that broke its promise, is found out.
 */
interface TraceFile {
  readonly format: "streetlight-trace";
  readonly version: 1;
  readonly program: ProgramData;
  readonly data: Readonly<Record<string, StoredArray>>;
  readonly start?: Readonly<Record<string, StoredArray>>;
  readonly loop: StoredLoop;
  readonly seed?: number | readonly number[];
  readonly chance?: Chance;
  readonly generator?: RandomStateSnapshot;
  readonly events: readonly TraceEvent[];
  readonly end: readonly [number, number];
}

type StoredLoop = Omit<Loop, "order" | "settings"> & {
  readonly order?: readonly number[];
  readonly settings?: Readonly<Record<string, number | readonly number[]>>;
};

/** A trace as text, for a file: the recording's program, data, loop, seed and events, from which `loadTrace` plays it again. */
export function saveTrace(trace: Trace): string {
  const { program, data, loop, seed, chance, start, generator } = trace.score;
  const file: TraceFile = {
    format: "streetlight-trace",
    version: 1,
    program: program.data,
    data: storedAll(data),
    ...(start === undefined ? {} : { start: storedAll(start) }),
    loop: storedLoop(loop),
    ...(seed === undefined ? {} : { seed }),
    ...(chance === undefined ? {} : { chance }),
    ...(generator === undefined ? {} : { generator }),
    events: trace.events,
    end: [...trace.hashes.slice(-2)] as unknown as [number, number],
  };
  return JSON.stringify(file);
}

/**
 * Plays a saved training again; the trace stands at its beginning. Throws `FileError`, or an error of the program or the data, for a
 * text that is no trace, is of another version, or does not end where it was recorded to end.
 */
export function loadTrace(text: string, options: TraceOptions = {}): Trace {
  const file = parsed(text);
  const score: Score = {
    program: loadProgram(file.program),
    data: loadedAll("data", file.data),
    loop: checkedLoop(file.loop),
    ...(file.seed === undefined ? {} : { seed: file.seed }),
    chance: file.chance,
    generator: file.generator,
    ...(file.start === undefined ? {} : { start: loadedAll("start", file.start) }),
  };
  const events = checkedEvents(file.events, score);
  const trace = Trace.replay(score, events, options);
  if (trace.hashes.at(-2) !== file.end[0] || trace.hashes.at(-1) !== file.end[1])
    throw new FileError("this trace does not end where it was recorded to end: the file was changed");
  return trace;
}

function parsed(text: string): TraceFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new FileError(`not a trace: ${(error as Error).message}`);
  }
  if (!isRecord(file) || file.format !== "streetlight-trace")
    throw new FileError('not a trace: "format" must be "streetlight-trace"');
  if (file.version !== 1)
    throw new FileError(`trace version ${JSON.stringify(file.version)} is not known here: only version 1 is`);
  for (const part of ["program", "data", "loop"] as const)
    if (!isRecord(file[part])) throw new FileError(`the trace's "${part}" is missing or no object`);
  if (file.start !== undefined && !isRecord(file.start))
    throw new FileError('the trace\'s "start" is no object');
  if (!Array.isArray(file.events)) throw new FileError('the trace\'s "events" are missing or no list');
  const { end, seed, chance, generator } = file;
  if (seed !== undefined && !isCount(seed) && !(Array.isArray(seed) && seed.every(isCount)))
    throw new FileError('the trace\'s "seed" must be a whole number or a list of them');
  if (chance !== undefined && chance !== "book")
    throw new FileError('the trace\'s "chance" must be "book" or left out');
  if (generator !== undefined) checkedGenerator("the trace's", generator);
  if (!Array.isArray(end) || end.length !== 2 || !end.every(isCount))
    throw new FileError('the trace\'s "end" must be a hash: two whole numbers');
  return file as unknown as TraceFile;
}

function storedAll(arrays: Readonly<Record<string, Numbers>>): Record<string, StoredArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, numbers]) => [name, stored(flatten(name, numbers))]),
  );
}

function loadedAll(part: string, arrays: Readonly<Record<string, StoredArray>>): Record<string, Block> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, unstored(`${part}.${name}`, array)]),
  );
}

function storedLoop({ order, settings, ...rest }: Loop): StoredLoop {
  return {
    ...rest,
    ...(order === undefined ? {} : { order: Array.from(listOf("order", order)) }),
    ...(settings === undefined
      ? {}
      : {
          settings: Object.fromEntries(
            Object.entries(settings).map(([name, given]) => [
              name,
              typeof given === "number" ? given : Array.from(listOf(`settings.${name}`, given)),
            ]),
          ),
        }),
  };
}

/** A loop that is plain data of the right kinds; whether it fits the data is checked when it is plotted. */
function checkedLoop(loop: StoredLoop): Loop {
  const { order, settings = {}, ...rest } = loop;
  if (order !== undefined && !(Array.isArray(order) && order.every(isCount)))
    throw new FileError('the trace\'s "loop.order" must be a list of row numbers');
  if (!isRecord(settings)) throw new FileError('the trace\'s "loop.settings" must be an object');
  for (const [name, given] of Object.entries(settings))
    if (
      typeof given !== "number" &&
      !(Array.isArray(given) && given.every((value) => typeof value === "number"))
    )
      throw new FileError(`the trace's "loop.settings.${name}" must be a number or a list of numbers`);
  for (const [field, value] of Object.entries(rest))
    if (
      !["epochs", "batch", "rows", "from", "to"].includes(field) ||
      !(isCount(value) || (field === "batch" && value === "full"))
    )
      throw new FileError(`the trace's "loop.${field}" is ${JSON.stringify(value)}, which is not known`);
  return loop;
}

function checkedEvents(events: readonly TraceEvent[], { program, data, loop }: Score): readonly TraceEvent[] {
  const rows = Object.values(data)[0];
  const { from, to } = plotCourse(loop, rows === undefined ? 0 : ((rows as Block).shape[0] ?? 0));
  for (const [position, event] of events.entries()) {
    const place = `event ${position}`;
    if (!isRecord(event) || event.kind !== "edit") throw new FileError(`${place} is of no known kind`);
    const { batch, step, array, element, value } = event;
    if (
      !isCount(batch) ||
      !isCount(step) ||
      !isCount(element) ||
      typeof value !== "number" ||
      typeof array !== "string"
    )
      throw new FileError(`${place} must have a batch, a step, an array, an element and a value`);
    const { role, shape } = program.array(array);
    if (!["weights", "state", "setting"].includes(role))
      throw new FileError(`${place} edits ${array}, which is ${role}`);
    if (element >= count(shape as number[]))
      throw new FileError(`${place}: ${array} has no element ${element}`);
    if (batch < from) throw new FileError(`${place} lies before the first batch that was recorded`);
    if (batch >= to || step > program.data.steps.length)
      throw new FileError(`${place} lies beyond the end of the training`);
  }
  return events;
}
