import type { Reading } from "../array/reading.ts";
import { phases } from "../program/data.ts";
import type { Program } from "../program/program.ts";
import { Keyframes } from "./keyframes.ts";
import { type Destination, type Position, TraceError, type Unit, within } from "./place.ts";
import { Player, type Score, type TraceEvent } from "./player.ts";
import { hashOf, partsOf, type State, stateArrays, stateBytes } from "./state.ts";
import type { Stop } from "./stopWhen.ts";

export interface TraceOptions {
  /** Bytes that keyframes may take; default 16 MiB. More keyframes make seeking faster. */
  readonly budget?: number;
  /** Called after each recorded batch. */
  readonly progress?: (batches: number, total: number) => void;
}

const defaultBudget = 16 * 1024 * 1024;

/** What a block and its entry in a keyframe take beside its numbers, roughly. */
const overheadBytes = 300;

/**
 * A recorded training that can be walked both ways. It holds the program, the data, the loop, the seed, some states
 * (keyframes) and what was edited by hand; any number at any step is found by playing on from the nearest keyframe.
 */
export class Trace {
  readonly score: Score;
  readonly events: readonly TraceEvent[];
  /** Two words for each batch: the hash of what it begins with – state, rows, settings – and last of the end. */
  readonly hashes: Uint32Array;
  readonly keyframes: Keyframes;
  readonly #player: Player;
  /** What one state takes. */
  readonly #bytes: number;
  #batchStart: State;
  #batch = 0;
  #step = 0;

  private constructor(score: Score, events: readonly TraceEvent[], options: TraceOptions, kept?: Trace) {
    this.score = score;
    this.events = [...events].sort((a, b) => a.batch - b.batch || a.step - b.step);
    this.#player = new Player(score);
    this.#bytes = stateBytes(score.program, score.chance !== undefined);
    const bytes = this.#bytes + overheadBytes * stateArrays(score.program).length;
    this.keyframes = new Keyframes((options.budget ?? defaultBudget) / bytes);
    this.hashes = new Uint32Array(2 * (this.batches + 1));
    this.#record(options, kept);
    this.#batchStart = this.keyframes.before(0).state;
    this.#begin(0, this.#batchStart);
  }

  /** Trains on a copy and records. Throws what `fit` throws where the data do not fit. */
  static record(score: Score, options: TraceOptions = {}): Trace {
    if (score.loop.from) throw new TraceError("a trace begins at the first batch: leave out loop.from");
    return new Trace(score, [], options);
  }

  /** Records anew with events, for `load`. */
  static replay(score: Score, events: readonly TraceEvent[], options: TraceOptions = {}): Trace {
    return new Trace(score, events, options);
  }

  get program(): Program {
    return this.score.program;
  }

  /** How many batches the training has. */
  get batches(): number {
    return this.#player.course.to;
  }

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
    within("epoch", to.epoch, epochs - 1);
    within("batch", to.batch ?? 0, Math.min(batchesPerEpoch, this.batches - to.epoch * batchesPerEpoch) - 1);
    let first = 0;
    let length = this.#player.steps;
    if (to.phase !== undefined) {
      const { steps } = this.program.data;
      length = steps.filter((step) => step.phase === to.phase).length;
      if (length === 0)
        throw new TraceError(
          `${this.program.name} has no ${to.phase}: it has ${this.program.phases.join(", ")}`,
        );
      first = steps.findIndex((step) => step.phase === to.phase);
    }
    within("step", to.step ?? 0, length);
    this.#go(to.epoch * batchesPerEpoch + (to.batch ?? 0), first + (to.step ?? 0));
    return this;
  }

  /** Goes on by one step, line, phase, batch or epoch, or to a condition; false at the end of the training. */
  forward(unit: Unit | Stop = "line"): boolean {
    if (typeof unit === "object") return this.find(unit);
    if (unit === "batch" || unit === "epoch") {
      const batch = this.#batch + this.#batchesIn(unit) - (unit === "epoch" ? this.position.batch : 0);
      if (batch < this.batches) this.#go(batch, 0);
      else if (this.#atEnd) return false;
      else this.#go(this.batches - 1, this.#player.steps);
      return true;
    }
    const stops = this.#stops(unit);
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
  find({ array, condition }: Stop): boolean {
    this.program.array(array);
    const after = this.program.data.steps.findIndex(({ writes }) => writes === array) + 1;
    const next = this.#step < after ? this.#batch : this.#batch + 1;
    for (let batch = next; batch < this.batches; batch++) {
      this.#go(batch, after);
      if (condition(this.#player.session.read(array))) return true;
    }
    if (this.batches > 0) this.#go(this.batches - 1, this.#player.steps);
    return false;
  }

  /** Goes back by one step, line, phase, batch or epoch; false at the beginning of the training. */
  back(unit: Unit = "line"): boolean {
    if (this.#batch === 0 && this.#step === 0) return false;
    if (unit === "batch" || unit === "epoch") {
      const start = unit === "epoch" ? this.#batch - this.position.batch : this.#batch;
      const atStart = this.#step === 0 && start === this.#batch;
      this.#go(Math.max(0, atStart ? start - this.#batchesIn(unit) : start), 0);
      return true;
    }
    const stops = this.#stops(unit);
    const previous = stops.filter((stop) => stop < this.#step).pop();
    if (previous !== undefined) this.#go(this.#batch, previous);
    else if (this.#step > 0) this.#go(this.#batch, 0);
    else this.#go(this.#batch - 1, stops[stops.length - 1] ?? 0);
    return true;
  }

  /** An array as it is here; undefined if the batch has not come to compute it. Throws `NameError` for an unknown name. */
  read(name: string): Reading | undefined {
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
  edit(name: string, at: readonly number[], value: number, options: TraceOptions = {}): Trace {
    const { role, shape } = this.program.array(name);
    if (role !== "weights" && role !== "state" && role !== "setting")
      throw new TraceError(`${name} is ${role}, which is computed: edit weights, a state or a setting`);
    if (!Number.isFinite(value))
      throw new TraceError(`${name}: ${value} cannot be set, give a finite number`);
    if (
      at.length !== shape.length ||
      at.some((index, axis) => !Number.isInteger(index) || index < 0 || index >= (shape[axis] as number))
    )
      throw new TraceError(
        `${name} is ${shape.join(" × ") || "a scalar"} and has no element [${at.join(", ")}]`,
      );
    const element = at.reduce((sum, index, axis) => sum * (shape[axis] as number) + index, 0);
    const event: TraceEvent = {
      kind: "edit",
      batch: this.#batch,
      step: this.#step,
      array: name,
      element,
      value,
    };
    const branch = new Trace(this.score, [...this.events, event], options, this);
    branch.#go(this.#batch, this.#step);
    return branch;
  }

  /** What the trace takes: bytes of keyframes and hashes, and how many batches a seek replays at most. */
  get cost(): { readonly bytes: number; readonly keyframes: number; readonly replay: number } {
    return {
      bytes: this.keyframes.count * this.#bytes + this.hashes.byteLength,
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

  /** The numbers of steps after which a walk stops; the start of a batch is none, but for phases. */
  #stops(unit: "step" | "line" | "phase"): readonly number[] {
    const { steps } = this.program.data;
    if (unit === "step") return steps.map((_, position) => position + 1);
    const ends =
      unit === "line"
        ? this.program.lines.map((line) => line.steps[line.steps.length - 1]! + 1)
        : phases
            .map((phase) => steps.map((step) => step.phase).lastIndexOf(phase) + 1)
            .filter((stop) => stop > 0);
    return [...ends].sort((a, b) => a - b);
  }

  #record({ progress }: TraceOptions, kept: Trace | undefined): void {
    // A branch takes over what came before its last event.
    const branchAt =
      kept === undefined ? 0 : (this.events.find((event) => !kept.events.includes(event))?.batch ?? 0);
    let from = 0;
    if (kept) {
      for (const [batch, state] of kept.keyframes.entries())
        if (batch <= branchAt) this.keyframes.offer(batch, () => state);
      const last = this.keyframes.before(branchAt);
      from = last.batch;
      this.#player.state = last.state;
      this.hashes.set(kept.hashes.subarray(0, 2 * from));
    }
    for (let batch = from; batch < this.batches; batch++) {
      const state = this.#player.state;
      this.hashes.set(hashOf([...partsOf(state), ...Object.values(this.#player.given(batch))]), 2 * batch);
      this.keyframes.offer(batch, () => state);
      this.#player.playBatches(batch, batch + 1, this.events);
      progress?.(batch + 1, this.batches);
    }
    if (this.batches === 0) this.keyframes.offer(0, () => this.#player.state);
    this.hashes.set(hashOf(partsOf(this.#player.state)), 2 * this.batches);
  }

  #go(batch: number, step: number): void {
    if (batch !== this.#batch) {
      const frame = this.keyframes.before(batch);
      if (this.#batch < batch && this.#batch >= frame.batch) {
        this.#player.playSteps(this.#batch, this.#step, this.#player.steps, this.events);
        this.#player.playBatches(this.#batch + 1, batch, this.events);
      } else {
        this.#player.state = frame.state;
        this.#player.playBatches(frame.batch, batch, this.events);
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
