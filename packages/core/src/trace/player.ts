import type { Session } from "../engines/engine.ts";
import { reference } from "../engines/reference/reference.ts";
import type { ByName } from "../program/known.ts";
import { type Course, type Loop, listOf, plotCourse, settingAt } from "../program/loop.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import { type Block, block, count, type Data } from "../shape/block.ts";
import { asBlock, type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { original } from "../shape/reachable.ts";
import { readState, type State, writeState } from "./state.ts";

/** A number set by hand, when so many steps of a batch had run. */
export interface EditEvent {
  readonly kind: "edit";
  /** The batch, counted from the start of the training, and how many of its steps had run. */
  readonly batch: number;
  readonly step: number;
  readonly array: string;
  /** The position in the array, row after row. */
  readonly element: number;
  readonly value: number;
}

/** What was done to a training by hand. Its `kind` tells what else it holds: switch on it, for others may come. */
export type TraceEvent = EditEvent;

/** What a training is made of; running it gives the same bits whenever and wherever. */
export interface Score<Names extends string = string> {
  readonly program: Program<Names>;
  readonly data: ByName<Names, Numbers>;
  readonly loop: Loop;
  readonly seed?: number | readonly number[] | undefined;
  /** `"book"` for masks as the book draws them. */
  readonly chance?: Chance | undefined;
  /** Weights and states to begin with, instead of those that the seed draws. */
  readonly start?: Readonly<Record<string, Numbers>>;
  /** Where the generator of `chance: "book"` begins, instead of where it has drawn the weights. */
  readonly generator?: RandomStateSnapshot | undefined;
}

/** A score with numbers of its own, so that what is done later to those that were handed over changes nothing. */
export function owned<Names extends string>(score: Score<Names>): Score<Names> {
  const { data, loop, start, seed } = score;
  const { order, settings } = loop;
  const lists = Object.entries(settings ?? {}).map(([name, given]) => [
    name,
    typeof given === "number" ? given : copyOf(listOf(`settings.${name}`, given)),
  ]);
  return {
    ...score,
    program: original(score.program),
    data: copies(data) as ByName<Names, Numbers>,
    loop: {
      ...loop,
      ...(order === undefined ? {} : { order: copyOf(listOf("order", order)) }),
      ...(settings === undefined ? {} : { settings: Object.fromEntries(lists) }),
    },
    ...(start === undefined ? {} : { start: copies(start) }),
    ...(Array.isArray(seed) ? { seed: [...seed] } : {}),
  };
}

function copies(arrays: Readonly<Record<string, Numbers>>): Record<string, Block> {
  const copied = Object.entries(arrays).map(([name, numbers]) => {
    const { shape, values } = flatten(name, numbers);
    return [name, asBlock({ shape, values: values.slice() })];
  });
  return Object.fromEntries(copied);
}

function copyOf(list: ArrayLike<number>): ArrayLike<number> {
  return Array.isArray(list) ? [...list] : (list as Data).slice();
}

/** Plays a score on the reference, from any state, batch by batch or step by step. */
export class Player {
  readonly course: Course;
  readonly steps: number;
  readonly session: Session;
  readonly #score: Score;
  readonly #resident: ReadonlyMap<string, Flat>;
  readonly #metrics: readonly string[];

  constructor(score: Score) {
    const { program, data, loop, seed, chance, start, generator } = score;
    this.#score = score;
    this.#resident = new Map(Object.entries(data).map(([name, numbers]) => [name, flatten(name, numbers)]));
    const rows = [...this.#resident.values()][0]?.shape[0] ?? 0;
    this.course = plotCourse(loop, rows);
    this.steps = program.data.steps.length;
    this.#metrics = program.data.arrays.filter(({ role }) => role === "metric").map(({ name }) => name);
    this.session = reference.open(program, {
      capacity: Math.min(this.course.batch, this.course.rows),
      keep: "all",
      chance,
      seed,
    });
    if (start) this.session.write(start);
    if (generator) this.session.generator = generator;
    this.session.load(data);
  }

  get state(): State {
    return readState(this.session, this.#score.program);
  }

  set state(state: State) {
    writeState(this.session, state);
  }

  /** Runs whole batches, with the events that fall into them. */
  playBatches(from: number, to: number, events: readonly TraceEvent[]): void {
    let at = from;
    for (const { batch } of events.filter((event) => event.batch >= from && event.batch < to)) {
      if (batch < at) continue;
      this.#fit(at, batch);
      this.#playBatch(batch, events);
      at = batch + 1;
    }
    this.#fit(at, to);
  }

  /** The rows and settings that a batch of the course gets. */
  given(batch: number): Record<string, Block> {
    const { rows, batch: size, batchesPerEpoch, row } = this.course;
    const epoch = Math.floor(batch / batchesPerEpoch);
    const first = (batch % batchesPerEpoch) * size;
    const length = Math.min(size, rows - first);
    const given: Record<string, Block> = {};
    for (const [name, { shape, values }] of this.#resident) {
      const width = count(shape.slice(1));
      const gathered = block("float64", [length, ...shape.slice(1)]);
      for (let place = 0; place < length; place++)
        for (let column = 0; column < width; column++)
          gathered.data[place * width + column] = values[row(epoch * rows + first + place) * width + column]!;
      given[name] = gathered;
    }
    for (const [name, setting] of Object.entries(this.#score.loop.settings ?? {}))
      given[name] = block(
        "float64",
        [],
        Float64Array.of(settingAt(name, setting, batch, this.course.settingsFrom)),
      );
    return given;
  }

  /** Gets a batch ready to run: its rows, settings and noise, and metrics from 0 at the start of an epoch. */
  beginBatch(batch: number, events: readonly TraceEvent[]): void {
    this.session.write(this.given(batch));
    if (batch % this.course.batchesPerEpoch === 0)
      for (const name of this.#metrics) this.session.write({ [name]: 0 });
    this.session.run({ batch, steps: [0, 0] });
    for (const event of events) if (event.batch === batch && event.step === 0) this.#apply(event);
  }

  /** Runs steps of a batch that has begun, and after each what was edited there. */
  playSteps(batch: number, from: number, to: number, events: readonly TraceEvent[]): void {
    let at = from;
    for (const event of events.filter(
      (each) => each.batch === batch && each.step > from && each.step <= to,
    )) {
      this.#run(batch, at, event.step);
      this.#apply(event);
      at = event.step;
    }
    this.#run(batch, at, to);
  }

  #apply(event: TraceEvent): void {
    switch (event.kind) {
      case "edit": {
        const numbers = this.session.read(event.array);
        numbers.data[event.element] = event.value;
        this.session.write({ [event.array]: numbers });
        break;
      }
      default:
        event.kind satisfies never;
    }
  }

  #run(batch: number, from: number, to: number): void {
    if (to > from) this.session.run({ batch, steps: [from, to], accumulate: true });
  }

  #playBatch(batch: number, events: readonly TraceEvent[]): void {
    this.beginBatch(batch, events);
    this.playSteps(batch, 0, this.steps, events);
  }

  /** Batches without events. `fit` looks through the whole order, which for one batch would take longer than that. */
  #fit(from: number, to: number): void {
    if (to === from + 1) this.#playBatch(from, []);
    else if (to > from) this.session.fit({ ...this.#score.loop, from, to });
  }
}
