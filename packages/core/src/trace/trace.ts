import type { Reading } from "../array/reading.ts";
import type { Known } from "../program/known.ts";
import type { Program } from "../program/program.ts";
import { editable } from "./edit.ts";
import { Keyframes } from "./keyframes.ts";
import { type Destination, type Position, TraceError, type Unit, within } from "./place.ts";
import { owned, Player, type Score, type TraceEvent } from "./player.ts";
import { hashOf, partsOf, type State, stateArrays, stateBytes } from "./state.ts";
import { rangeOf, stopsOf } from "./stops.ts";
import type { Stop } from "./stopWhen.ts";

/** What a recording may take. */
export interface TraceOptions {
  /** Bytes that keyframes may take; default 16 MiB. More keyframes make seeking faster. */
  readonly budget?: number;
  /** Called after each recorded batch. */
  readonly progress?: (batches: number, total: number) => void;
}

const defaultBudget = 16 * 1024 * 1024;

/** What a block and its entry in a keyframe take beside its numbers, roughly. */
const overheadBytes = 400;

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
  /** About what one state takes. */
  readonly #frameBytes: number;
  #batchStart: State;
  #batch: number;
  #step = 0;

  private constructor(
    score: Score<Names>,
    events: readonly TraceEvent[],
    options: TraceOptions,
    kept?: Trace<Names>,
  ) {
    this.score = score;
    this.events = [...events].sort((a, b) => a.batch - b.batch || a.step - b.step);
    this.#player = new Player(score);
    const { from, batchesPerEpoch } = this.#player.course;
    if (from % Math.max(1, batchesPerEpoch) !== 0)
      throw new TraceError(
        `a trace begins with an epoch, but loop.from is ${from} and epochs have ${batchesPerEpoch} batches`,
      );
    const arrays = stateArrays(score.program).length;
    this.#frameBytes = stateBytes(score.program, score.chance !== undefined) + overheadBytes * arrays;
    this.keyframes = new Keyframes((options.budget ?? defaultBudget) / this.#frameBytes);
    this.hashes = new Uint32Array(2 * (this.batches - this.first + 1));
    this.#batch = this.first;
    this.#record(options, kept);
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

  /** Records anew with events, for `loadTrace`. */
  static replay<Names extends string = string>(
    score: Score<Names>,
    events: readonly TraceEvent[],
    options: TraceOptions = {},
  ): Trace<Names> {
    return new Trace(owned(score), events, options);
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
    this.#go(to.epoch * batchesPerEpoch + (to.batch ?? 0), start + (to.step ?? 0));
    return this;
  }

  /** Goes on by one step, line, phase, batch or epoch, or to a condition; false at the end of the training. */
  forward(unit: Unit | Stop<Known<Names>> = "line"): boolean {
    if (typeof unit === "object") return this.find(unit);
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
    else if (this.#batch + 1 < this.batches) this.#go(this.#batch + 1, stops[0] ?? 0);
    else return false;
    return true;
  }

  /**
   * Goes forward to the first step that computes an array such that a condition on it holds, and false at the end of the
   * training if there is none. What no step computes – inputs, settings – is looked at when a batch begins. Throws
   * `NameError` for an unknown name.
   */
  find({ array, condition }: Stop<Known<Names>>): boolean {
    this.program.array(array);
    const after = this.program.data.steps.findIndex(({ writes }) => writes === array) + 1;
    const next = this.#step < after ? this.#batch : this.#batch + 1;
    for (let batch = next; batch < this.batches; batch++) {
      this.#go(batch, after);
      if (condition(this.#player.session.read(array))) return true;
    }
    if (this.batches > this.first) this.#go(this.batches - 1, this.#player.steps);
    return false;
  }

  /** Goes back by one step, line, phase, batch or epoch; false at the beginning of the training. */
  back(unit: Unit = "line"): boolean {
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
    else if (this.#step > 0) this.#go(this.#batch, 0);
    else this.#go(this.#batch - 1, stops[stops.length - 1] ?? 0);
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
    const here = { batch: this.#batch, step: this.#step };
    this.seek({
      epoch,
      batch: Math.min(batchesPerEpoch, this.batches - epoch * batchesPerEpoch) - 1,
      step: this.#player.steps,
    });
    const metrics = this.program.data.arrays.filter(({ role }) => role === "metric");
    const found = Object.fromEntries(metrics.map(({ name }) => [name, this.#player.session.read(name).at()]));
    this.#go(here.batch, here.step);
    return found;
  }

  /**
   * A branch of this trace in which a number of a weight, a state or a setting is another from here on. The branch stands where
   * this trace stands; this one is unchanged. `at` is the number's place, such as `[2, 0]`.
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
    const branch = new Trace(this.score, [...this.events, event], options, this);
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

  #record({ progress }: TraceOptions, kept: Trace<Names> | undefined): void {
    const { first } = this;
    const recorded = this.batches - first;
    let from = 0;
    if (kept) {
      // A branch takes over what came before its last event.
      const branchAt = this.events.find((event) => !kept.events.includes(event))!.batch - first;
      for (const [batch, state] of kept.keyframes.entries())
        if (batch <= branchAt) this.keyframes.offer(batch, () => state);
      const last = this.keyframes.before(branchAt);
      from = last.batch;
      this.#player.state = last.state;
      this.hashes.set(kept.hashes.subarray(0, 2 * from));
    }
    for (let batch = from; batch < recorded; batch++) {
      const state = this.#player.state;
      const given = Object.values(this.#player.given(first + batch));
      this.hashes.set(hashOf([...partsOf(state), ...given]), 2 * batch);
      this.keyframes.offer(batch, () => state);
      this.#player.playBatches(first + batch, first + batch + 1, this.events);
      progress?.(batch + 1, recorded);
    }
    if (recorded === 0) this.keyframes.offer(0, () => this.#player.state);
    this.hashes.set(hashOf(partsOf(this.#player.state)), 2 * recorded);
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
