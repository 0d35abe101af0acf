import { briefly } from "../files/fileError.ts";
import { readJson } from "../files/json.ts";
import { type Bounds, boundsOf, type Limits } from "../files/limits.ts";
import {
  checkedFileSeed,
  checkedGenerator,
  checkFileFields,
  FileError,
  isRecord,
  type StoredArray,
  stored,
  unstored,
} from "../files/stored.ts";
import type { ProgramData } from "../program/data.ts";
import { loadProgram } from "../program/loadProgram.ts";
import type { Chance } from "../program/noise.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Block } from "../shape/block.ts";
import { flatten, type Numbers } from "../shape/numbers.ts";
import { type StoredNumber, storedNumber } from "./exactNumber.ts";
import { checkedEvents, checkGiven, rowsIn } from "./fileChecks.ts";
import { checkedMarks, isMark, type Mark, markAt, marksOf } from "./marks.ts";
import type { EditEvent, Score } from "./player.ts";
import { checkPlaying } from "./playingCost.ts";
import { courseOf, type StoredLoop, storedLoop, unstoredLoop } from "./storedLoop.ts";
import { defaultBudget, Trace, type TraceOptions } from "./trace.ts";

/**
 * A trace as a file: JSON, in which numbers that must keep their bits are base64 of little-endian float64, and bytes of bytes.
 *
 *     { "format": "streetlight-trace", "version": 2,
 *       "program": { … },                                what ran, as a program prints itself to JSON
 *       "data": { "layer_0": { "shape": [4, 3], "numbers": "…" } },
 *       "start": { … },                                  weights to begin with, if not drawn from the seed
 *       "loop": { "epochs": 60, "batch": 1, "settings": { … }, … },  "seed": 1,  "chance": "book",  "generator": { … },
 *       "events": [ { "kind": "edit", "batch": 7, "step": 0, "array": "weights_0_1", "element": 2, "value": 0.5 } ],
 *       "marks": [ [ 12, 34 ], … ],                      the hashes of what batches 0, 1, 2, 4, 8, … begin with
 *       "end": [ 1234, 5678 ] }                          the hash of the last state
 *
 * A setting is one number or, as an array, one for each batch from the loop's "settingsFrom" on, which is 0 where it is left
 * out. −0 and what is not finite is an array where one number stands: `{ "shape": [], "numbers": "…" }`. Version 1 has lists
 * for settings, such numbers nowhere, and no marks; so it is played for 2^20 batches at most.
 *
 * Keyframes are not stored: a training is its program, data, loop and seed. Loading plays it again and compares the hashes of
 * the marks and of the end, so a file that was changed, or an engine that broke its promise, is found out.
 */
interface TraceFile {
  readonly format: "streetlight-trace";
  readonly version: 2;
  readonly program: ProgramData;
  readonly data: Readonly<Record<string, StoredArray>>;
  readonly start?: Readonly<Record<string, StoredArray>>;
  readonly loop: StoredLoop;
  readonly seed?: number | readonly number[];
  readonly chance?: Chance;
  readonly generator?: RandomStateSnapshot;
  readonly events: readonly StoredEvent[];
  readonly marks: readonly Mark[];
  readonly end: Mark;
}

type StoredEvent = Omit<EditEvent, "value"> & { readonly value: StoredNumber };

/** A trace as text, for a file: the recording's program, data, loop, seed and events, from which `loadTrace` plays it again. */
export function saveTrace(trace: Trace): string {
  const { program, data, loop, seed, chance, start, generator } = trace.score;
  const file: TraceFile = {
    format: "streetlight-trace",
    version: 2,
    program: program.data,
    data: storedAll(data),
    ...(start === undefined ? {} : { start: storedAll(start) }),
    loop: storedLoop(loop),
    ...(seed === undefined ? {} : { seed }),
    ...(chance === undefined ? {} : { chance }),
    ...(generator === undefined ? {} : { generator }),
    events: trace.events.map((event) => ({ ...event, value: storedNumber(event.value) })),
    marks: marksOf(trace.hashes),
    end: markAt(trace.hashes, trace.batches - trace.first),
  };
  return JSON.stringify(file);
}

/**
 * Plays a saved training again; the trace stands at its beginning. Throws `FileError`, or what `loadProgram` throws for its program,
 * for a text that is no trace, is of another version, does not play as it was recorded, or would take more than `limits`: a long
 * training needs more `work` than there is by default.
 */
export function loadTrace(
  text: string,
  { limits, ...options }: TraceOptions & { readonly limits?: Limits } = {},
): Trace {
  const bounds = boundsOf(limits);
  const { score, events, hashed } = briefly(() => loaded(text, options, bounds));
  let ended = false;
  const progress: TraceOptions["progress"] = (batches, total) => {
    ended = true;
    options.progress?.(batches, total);
    ended = false;
  };
  try {
    return Trace.replay(score, events, { ...options, progress }, hashed);
  } catch (error) {
    // What `progress` throws ends the loading as it is.
    if (ended || error instanceof FileError) throw error;
    throw new FileError(`this trace cannot be played: ${(error as Error).message}`);
  }
}

function loaded(text: string, { budget = defaultBudget }: TraceOptions, bounds: Bounds) {
  const file = parsed(text, bounds);
  const score: Score = {
    program: loadProgram(file.program, { limits: bounds }),
    data: loadedAll("data", file.data),
    loop: unstoredLoop(file.loop),
    ...(file.seed === undefined ? {} : { seed: file.seed }),
    chance: file.chance,
    generator: file.generator,
    ...(file.start === undefined ? {} : { start: loadedAll("start", file.start) }),
  };
  checkGiven(score);
  const course = courseOf(score.loop, rowsIn(score.data as Readonly<Record<string, Block>>));
  const events = checkedEvents(file.events, score.program, course);
  const hashed = checkedMarks(file.marks, file.end, course);
  const asked = { events: events.length, size: text.length, budget };
  checkPlaying(score.program, course, asked, bounds);
  return { score, events, hashed };
}

/** A file whose parts are there; what most of them hold is still to be checked. */
type Parsed = Omit<TraceFile, "version" | "loop" | "events" | "marks"> & {
  readonly loop: unknown;
  readonly events: readonly unknown[];
  /** None in version 1. */
  readonly marks: unknown;
};

const fieldsOfVersion1 = "format version program data start loop seed chance generator events end".split(" ");

function parsed(text: string, bounds: Bounds): Parsed {
  let file: unknown;
  try {
    file = readJson(text, bounds);
  } catch (error) {
    throw new FileError(`not a trace: ${(error as Error).message}`);
  }
  if (!isRecord(file) || file.format !== "streetlight-trace")
    throw new FileError('not a trace: "format" must be "streetlight-trace"');
  if (file.version !== 1 && file.version !== 2)
    throw new FileError(
      `trace version ${JSON.stringify(file.version)} is not known here: only versions 1 and 2 are`,
    );
  checkFileFields("the trace", file, file.version === 1 ? fieldsOfVersion1 : [...fieldsOfVersion1, "marks"]);
  for (const part of ["program", "data", "loop"] as const)
    if (!isRecord(file[part])) throw new FileError(`the trace's "${part}" is missing or no object`);
  if (file.start !== undefined && !isRecord(file.start))
    throw new FileError('the trace\'s "start" is no object');
  if (!Array.isArray(file.events)) throw new FileError('the trace\'s "events" are missing or no list');
  const { version, end, marks, seed, chance, generator } = file;
  if (seed !== undefined) checkedFileSeed("the trace's", seed);
  if (chance !== undefined && chance !== "book")
    throw new FileError('the trace\'s "chance" must be "book" or left out');
  if (generator !== undefined) {
    checkedGenerator("the trace's", generator);
    if (chance === undefined) throw new FileError('the trace\'s "generator" needs "chance": "book"');
  }
  if (!isMark(end)) throw new FileError('the trace\'s "end" must be a hash: two whole numbers');
  if (version === 2 && !Array.isArray(marks))
    throw new FileError('the trace\'s "marks" are missing or no list');
  return { ...file, marks } as unknown as Parsed;
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
