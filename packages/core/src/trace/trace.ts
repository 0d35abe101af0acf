import type { Reading } from "../array/reading.ts";
import type { Known } from "../program/known.ts";
import type { Program } from "../program/program.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { editable, keptSetting } from "./edit.ts";
import { Keyframes } from "./keyframes.ts";
import { checkStart, checkUnit, type Destination, type Position, type Unit, within } from "./place.ts";
import { owned, Player, type Score, type TraceEvent } from "./player.ts";
import { type Hashed, recorded, takenOver } from "./recording.ts";
import { type State, stateBytes } from "./state.ts";
import { rangeOf, stopsOf } from "./stops.ts";
import type { Stop } from "./stopWhen.ts";

/** What a recording may take. */
export interface TraceOptions {
  /** Bytes that keyframes may take; default 16 MiB, in a branch what its trace has. More keyframes make seeking faster. */
  readonly budget?: number;
  /** Called after each recorded batch; what it throws ends the recording. */
  readonly progress?: (batches: number, total: number) => void;
}

export const defaultBudget = 16 * 1024 * 1024;

/**
 * A recorded training that can be walked both ways. It holds the program, the data, the loop, the seed, some states
 * (keyframes) and what was edited by hand; any number at any step is found by playing on from the nearest keyframe.
 */
export class Trace<Names extends string = string> {
  /** What the training is made of. */
  readonly score: Score<Names>;
  /** What was done to it by hand, in order. */
  readonly events: readonly TraceEvent[];
  /** Two words for each batch: the hash of what it begins with – state, rows, settings – and last of the end. */
  readonly hashes: Uint32Array;
  /** States at the starts of batches, which are counted from the first that is recorded. */
  readonly keyframes: Keyframes;
  readonly #player: Player;
  readonly #budget: number;
  /** About what one state takes. */
  readonly #frameBytes: number;
  #batchStart: State;
  #batch: number;
  #step = 0;
  /** The start of a batch at which a search has just stopped, and what for: it goes on from there. */
  #found: { readonly array: string; readonly batch: number } | undefined;

  private constructor(
    score: Score<Names>,
    events: readonly TraceEvent[],
    { budget, progress }: TraceOptions,
    kept?: Trace<Names>,
    hashed?: Hashed,
  ) {
    remember(this);
    this.score = score;
    this.events = [...events].sort((a, b) => a.batch - b.batch || a.step - b.step);
    this.#player = new Player(score);
    checkStart(this.#player.course);
    this.#frameBytes = stateBytes(score.program, score.chance !== undefined);
    this.#budget = budget ?? (kept ? kept.#budget : defaultBudget);
    this.keyframes = new Keyframes(this.#budget / this.#frameBytes);
    this.#batch = this.first;
    const edited = kept && this.events.find((event) => !kept.events.includes(event))!.batch - this.first;
    const known = kept ? takenOver(kept, edited!, this.keyframes, this.#player) : new Uint32Array();
    this.hashes = recorded(this.#player, this.events, this.keyframes, known, { progress, hashed });
    this.#batchStart = this.keyframes.before(0).state;
    this.#begin(this.first, this.#batchStart);
  }

  /**
   * Trains on a copy and records; stands at the beginning. A loop that goes on from another training names its first batch, which
   * must be the first of an epoch, in `from`; epochs and batches keep their numbers. Throws `TraceError` where it is none, and
   * what `fit` throws where the data do not fit.
   */
  static record<Names extends string = string>(
    score: Score<Names>,
    options: TraceOptions = {},
  ): Trace<Names> {
    return new Trace(owned(score), [], options);
  }

  /** Records anew with events, for `loadTrace`; what `hashed` throws ends the recording. */
  static replay<Names extends string = string>(
    score: Score<Names>,
    events: readonly TraceEvent[],
    options: TraceOptions = {},
    hashed?: Hashed,
  ): Trace<Names> {
    return new Trace(owned(score), events, options, undefined, hashed);
  }

  /** The program that was trained, or that predicted. */
  get program(): Program<Names> {
    return this.score.program;
  }

  /** The first batch that is recorded, counted from the start of the training: 0, unless that goes on from another. */
  get first(): number {
    return this.#player.course.from;
  }

  /** How many batches the training has, counted from its start. */
  get batches(): number {
    return this.#player.course.to;
  }

  /** Where the trace stands. */
  get position(): Position {
    return { ...this.placeOf(this.#batch), step: this.#step };
  }

  /** The epoch of a batch that is counted from the start of the training, and its number in it. */
  placeOf(batch: number): { readonly epoch: number; readonly batch: number } {
    const { batchesPerEpoch } = this.#player.course;
    return { epoch: Math.floor(batch / batchesPerEpoch), batch: batch % batchesPerEpoch };
  }

  /** The arrays edited when so many steps of a batch had run. */
  editedAt(batch: number, step: number): readonly string[] {
    return this.events
      .filter((event) => event.batch === batch && event.step === step)
      .map(({ array }) => array);
  }

  /** Goes to a place. Throws `TraceError` naming what is out of range. */
  seek(to: Destination): this {
    const { batchesPerEpoch } = this.#player.course;
    const epochs = Math.ceil(this.batches / batchesPerEpoch);
    within("epoch", to.epoch, epochs - 1, this.first / batchesPerEpoch);
    within("batch", to.batch ?? 0, Math.min(batchesPerEpoch, this.batches - to.epoch * batchesPerEpoch) - 1);
    const [start, end] = rangeOf(this.program, to.phase);
    within("step", to.step ?? 0, end - start);
    this.#found = undefined;
    this.#go(to.epoch * batchesPerEpoch + (to.batch ?? 0), start + (to.step ?? 0));
    return this;
  }

  /**
   * Goes on by one step, line, phase, batch or epoch, or to a condition; false at the end of the training. Steps, lines and phases
   * also stop at the start of each batch. Throws `RangeError` for another unit.
   */
  forward(unit: Unit | Stop<Known<Names>> = "line"): boolean {
    if (typeof unit === "object" && unit !== null) return this.find(unit);
    checkUnit(unit);
    this.#found = undefined;
    if (unit === "batch" || unit === "epoch") {
      const batch = this.#batch + this.#batchesIn(unit) - (unit === "epoch" ? this.position.batch : 0);
      if (batch < this.batches) this.#go(batch, 0);
      else if (this.#atEnd) return false;
      else this.#go(this.batches - 1, this.#player.steps);
      return true;
    }
    const stops = stopsOf(this.program, unit);
    const next = stops.find((stop) => stop > this.#step);
    if (next !== undefined) this.#go(this.#batch, next);
    else if (this.#batch + 1 < this.batches) this.#go(this.#batch + 1, 0);
    else return false;
    return true;
  }

  /**
   * Goes forward to the first step that computes an array such that a condition on it holds, and false at the end of the
   * training if there is none. What no step computes – inputs, settings – is looked at when a batch begins, also where the
   * trace stands, unless it was found there. Throws `NameError` for an unknown name.
   */
  find({ array, condition }: Stop<Known<Names>>): boolean {
    this.program.array(array);
    const after = this.program.data.steps.findIndex(({ writes }) => writes === array) + 1;
    const found = this.#found?.array === array && this.#found.batch === this.#batch;
    const isAhead = this.#step < after || (after === 0 && this.#step === 0 && !found);
    for (let batch = isAhead ? this.#batch : this.#batch + 1; batch < this.batches; batch++) {
      this.#go(batch, after);
      this.#found = { array, batch };
      if (condition(this.#player.session.read(array))) return true;
    }
    if (this.batches > this.first) this.#go(this.batches - 1, this.#player.steps);
    return false;
  }

  /**
   * Goes back by one step, line, phase, batch or epoch, with the stops of `forward`; false at the beginning of the training.
   * Throws `RangeError` for another unit.
   */
  back(unit: Unit = "line"): boolean {
    checkUnit(unit);
    this.#found = undefined;
    if (this.#batch === this.first && this.#step === 0) return false;
    if (unit === "batch" || unit === "epoch") {
      const start = unit === "epoch" ? this.#batch - this.position.batch : this.#batch;
      const atStart = this.#step === 0 && start === this.#batch;
      this.#go(Math.max(this.first, atStart ? start - this.#batchesIn(unit) : start), 0);
      return true;
    }
    const stops = stopsOf(this.program, unit);
    const previous = stops.filter((stop) => stop < this.#step).pop();
    if (previous !== undefined) this.#go(this.#batch, previous);
    else this.#go(this.#batch - 1, stops[stops.length - 1]!);
    return true;
  }

  /** An array as it is here; undefined if the batch has not come to compute it. Throws `NameError` for an unknown name. */
  read(name: Known<Names>): Reading | undefined {
    this.program.array(name);
    const writer = this.program.data.steps.findIndex((step) => step.writes === name);
    const computed = ["activation", "delta", "gradient"].includes(this.program.array(name).role);
    return computed && writer >= this.#step ? undefined : this.#player.session.read(name);
  }

  /** The metrics' totals at the end of an epoch. */
  metricsOf(epoch: number): Readonly<Record<string, number>> {
    const { batchesPerEpoch } = this.#player.course;
    const batch = Math.min(batchesPerEpoch, this.batches - epoch * batchesPerEpoch) - 1;
    const metrics = this.program.data.arrays.filter(({ role }) => role === "metric");
    return this.aside(() => {
      this.seek({ epoch, batch, step: this.#player.steps });
      return Object.fromEntries(metrics.map(({ name }) => [name, this.#player.session.read(name).at()]));
    });
  }

  /** Does what may move the trace, which stands afterwards where it stood. */
  aside<Result>(look: () => Result): Result {
    const { batch, step, found } = { batch: this.#batch, step: this.#step, found: this.#found };
    try {
      return look();
    } finally {
      this.#go(batch, step);
      this.#found = found;
    }
  }

  /**
   * A branch of this trace in which a number of a weight, a state or a setting is another from here on; a setting stays what it is
   * set to, whatever its schedule says. The branch stands where this trace stands; this one is unchanged. `at` is the
   * number's place, such as `[2, 0]`.
   */
  edit(name: Known<Names>, at: readonly number[], value: number, options: TraceOptions = {}): Trace<Names> {
    const event: TraceEvent = {
      kind: "edit",
      batch: this.#batch,
      step: this.#step,
      array: name,
      element: editable(this.program, name, at, value),
      value,
    };
    const score = keptSetting(this.score, this.events, event, this.#player.course);
    const branch = new Trace(score, [...this.events, event], options, this);
    branch.#go(this.#batch, this.#step);
    return branch;
  }

  /** What the trace takes beside its data: about so many bytes of keyframes and hashes, and how many batches a seek replays at most. */
  get cost(): { readonly bytes: number; readonly keyframes: number; readonly replay: number } {
    return {
      bytes: this.keyframes.count * this.#frameBytes + this.hashes.byteLength,
      keyframes: this.keyframes.count,
      replay: this.keyframes.distance,
    };
  }

  /** The state before a batch, for comparing and saving. */
  stateBefore(batch: number): State {
    this.#go(batch, 0);
    return this.#batchStart;
  }

  get #atEnd(): boolean {
    return this.#batch === this.batches - 1 && this.#step === this.#player.steps;
  }

  #batchesIn(unit: "batch" | "epoch"): number {
    return unit === "batch" ? 1 : this.#player.course.batchesPerEpoch;
  }

  #go(batch: number, step: number): void {
    if (batch !== this.#batch) {
      const frame = this.keyframes.before(batch - this.first);
      const from = this.first + frame.batch;
      if (this.#batch < batch && this.#batch >= from) {
        this.#player.playSteps(this.#batch, this.#step, this.#player.steps, this.events);
        this.#player.playBatches(this.#batch + 1, batch, this.events);
      } else {
        this.#player.state = frame.state;
        this.#player.playBatches(from, batch, this.events);
      }
      this.#begin(batch, this.#player.state);
    } else if (step < this.#step) this.#begin(batch, this.#batchStart);
    this.#player.playSteps(batch, this.#step, step, this.events);
    this.#step = step;
  }

  #begin(batch: number, state: State): void {
    this.#batchStart = state;
    this.#batch = batch;
    this.#step = 0;
    this.#player.state = state;
    if (batch < this.batches) this.#player.beginBatch(batch, this.events);
  }
}

reachable(Trace);
