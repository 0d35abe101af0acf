import { Reading } from "../array/reading.ts";
import type { Phase } from "../program/data.ts";
import { recordOf } from "../program/given.ts";
import { checkLength, checkSetting, type Loop, plotCourse } from "../program/loop.ts";
import { unknownName } from "../program/names.ts";
import { masksOf } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Flat, Numbers } from "../shape/numbers.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { Apart } from "./apart.ts";
import { BookMasks } from "./bookMasks.ts";
import {
  type Contract,
  type EpochMetrics,
  type Programs,
  type Run,
  type Session,
  SessionError,
  type SessionOptions,
} from "./engine.ts";
import { Filled, isComputed } from "./filled.ts";
import type { Assembly, Loaded, Machine } from "./machine.ts";
import { fitted, inRoom, Memory } from "./memory.ts";
import {
  agreed,
  checkedBatch,
  checkedRange,
  checkKeep,
  checkWritable,
  metricsOf,
  programsOf,
  rangeOf,
} from "./requests.ts";
import { Views } from "./views.ts";

/** The session of every engine: it checks what is asked for and knows what is there; a machine does the work. */
export class EngineSession implements Session {
  readonly #programs: readonly Loaded[];
  readonly #apart: Apart;
  readonly #memory: Memory;
  readonly #machine: Machine;
  readonly #views: Views;
  readonly #readable: ReadonlySet<string>;
  readonly #filled: Filled;
  readonly #book: BookMasks | undefined;
  /** The names of the metrics of the first program. */
  readonly #metrics: readonly string[];
  #resident: ReadonlySet<string> = new Set();
  #residentRows = 0;
  #residentChecked: ReadonlySet<string> | undefined;
  /** The rows of the last batch of a training, if nothing else was written or run since. */
  #fitted: number | undefined;
  #rows: number;
  /** By program: the batch of its last run, and whether any of its steps has run. */
  readonly #batches: { number: number; begun: boolean }[];
  #open = true;
  readonly #why: string | undefined;
  readonly contract: Contract;

  constructor(given: Programs, options: SessionOptions, assembly: Assembly, why?: string) {
    remember(this);
    const asGiven = programsOf(given);
    const { capacity = 1, seed, chance, keep = [] } = recordOf("open", options, "{ seed: 1 }");
    checkKeep(keep);
    this.#why = why;
    this.contract = assembly.contract;
    if (asGiven.length === 0) throw new SessionError("a session needs at least one program");
    const names = asGiven.map((program) => program.name);
    const twice = names.find((name, position) => names.indexOf(name) !== position);
    if (twice !== undefined) throw new SessionError(`two programs of a session are named ${twice}`);
    this.#apart = new Apart(asGiven);
    const { programs } = this.#apart;
    const source = seed === undefined ? undefined : new RandomSource(seed);
    this.#programs = programs.map((program, index) => ({
      program,
      masks: masksOf(program.data, seed, chance),
      index,
    }));
    this.#batches = programs.map(() => ({ number: 0, begun: false }));
    this.#memory = new Memory(programs, capacity, source, assembly.storage);
    if (chance && source) this.#book = new BookMasks(source, this.#memory);
    this.#views = new Views(programs, this.#memory);
    this.#filled = new Filled(this.#memory, programs);
    this.#readable = this.#readableNames(keep);
    const plan = {
      programs: this.#programs,
      capacity,
      book: this.#book,
      readable: (name: string) => this.#readable.has(name),
    };
    this.#machine = inRoom(() => assembly.machine(plan, this.#memory));
    this.#rows = capacity;
    const metrics = programs[0]!.data.arrays.filter(({ role }) => role === "metric");
    this.#metrics = metrics.map(({ name }) => name);
  }

  write(arrays: Readonly<Record<string, Numbers>>): void {
    this.#checkOpen();
    const names = Object.keys(recordOf("write", arrays, "{ layer_0: [[1, 0, 1]] }"));
    const given = names.map((name) => {
      const declaration = this.#memory.find(name);
      checkWritable(declaration);
      return this.#memory.checked(declaration, arrays[name]!);
    });
    this.#noteExamples(names, given);
    for (let k = 0; k < names.length; k++) this.#memory.store(names[k]!, given[k]!.values);
  }

  /** Inputs and targets are there when they are written, with so many rows; all else that can be is there always. */
  #noteExamples(names: readonly string[], given: readonly Flat[]): void {
    const examples = names.filter((name) => !this.#filled.always(name));
    if (examples.length === 0) return;
    const rows = new Map<string, number>();
    for (const name of examples)
      if (this.#memory.find(name).shape[0] === "batch") rows.set(name, given[names.indexOf(name)]!.shape[0]!);
    this.#rows = agreed(rows) ?? this.#rows;
    this.#fitted = undefined;
    for (const name of examples) this.#filled.set(name, rows.get(name) ?? this.#rows);
  }

  run(what: Phase | Run = {}, rows = this.#rows): void {
    this.#checkOpen();
    const run: Run =
      typeof what === "string" ? { phase: what } : recordOf("run", what, '{ phase: "predict" }');
    const { program: name, phase, steps } = run;
    const loaded = name === undefined ? this.#programs[0]! : this.#loaded(name);
    const [from, to] = steps ? checkedRange(loaded.program, steps) : rangeOf(loaded.program, phase);
    if (!Number.isInteger(rows) || rows < 0 || rows > this.#memory.capacity)
      throw new SessionError(
        `a run of ${rows} rows does not fit the session's capacity of ${this.#memory.capacity}`,
      );
    const last = this.#batches[loaded.index]!;
    const begins = last.begun && from === 0 && to > 0;
    const batch = checkedBatch(run.batch ?? last.number + (begins ? 1 : 0));
    this.#filled.noteRun(loaded, from, to, rows);
    this.#apart.noteRun(loaded.index, from, to);
    this.#fitted = undefined;
    this.#rows = rows;
    last.begun = to > 0 || (last.begun && batch === last.number);
    last.number = batch;
    if (!run.accumulate)
      for (const name of metricsOf(loaded.program, from, to)) this.#memory.store(name, [0]);
    this.#book?.drawOnce(loaded, batch, rows);
    this.#machine.run(loaded, from, to, rows, batch);
  }

  load(data: Readonly<Record<string, Numbers>>): void {
    this.#checkOpen();
    const resident = new Map<string, Flat>();
    const rows = new Map<string, number>();
    for (const [name, numbers] of Object.entries(
      recordOf("load", data, "{ layer_0: [[1, 0, 1]], goal: [[1]] }"),
    )) {
      const declaration = this.#memory.find(name);
      if (isComputed(declaration))
        throw new SessionError(`load: ${name} is computed by the program: it cannot be loaded`);
      if (declaration.shape[0] !== "batch")
        throw new SessionError(`load: ${name} has no rows; write it instead`);
      const given = fitted(name, declaration, numbers);
      resident.set(name, given);
      rows.set(name, given.shape[0]!);
    }
    const count = agreed(rows);
    inRoom(() => this.#machine.load(resident));
    this.#resident = new Set(resident.keys());
    this.#residentRows = count ?? 0;
  }

  fit(loop: Loop): EpochMetrics[] {
    this.#checkOpen();
    recordOf("fit", loop, "{ epochs: 10 }");
    const { program } = this.#programs[0]!;
    this.#checkResident(program);
    const course = plotCourse(loop, this.#residentRows);
    const { from, to, rows, batch, batchesPerEpoch } = course;
    const most = Math.min(batch, rows);
    if (most > this.#memory.capacity)
      throw new SessionError(
        `fit: batches of ${most} rows do not fit the session's capacity of ${this.#memory.capacity}`,
      );
    const settings = Object.entries(recordOf("fit: settings", loop.settings ?? {}, "{ alpha: 0.1 }"));
    for (const [name, given] of settings) {
      checkSetting(this.#memory.find(name));
      checkLength(name, given, course);
    }
    if (to === from) return [];
    const epochs: EpochMetrics[] = [];
    const names = this.#metrics;
    let epoch = Math.floor(from / batchesPerEpoch);
    this.#machine.fit(course, settings, (results, ended) => {
      for (let k = 0, at = 0; k < ended; k++, at += names.length + 1) {
        const metrics: Record<string, number> = {};
        for (let m = 0; m < names.length; m++) metrics[names[m]!] = results[at + m]!;
        epochs.push({ epoch: epoch++, rows, metrics, finite: results[at + names.length] === 0 });
      }
    });
    const last = Math.min(batch, rows - ((to - 1) % batchesPerEpoch) * batch);
    this.#batches[0] = { number: to - 1, begun: true };
    this.#apart.noteRun(0, 0, program.data.steps.length);
    if (this.#fitted !== last) this.#filled.noteFit(program, last, this.#readable);
    this.#fitted = last;
    this.#rows = last;
    return epochs;
  }

  read(given: string): Reading {
    this.#checkOpen();
    const name = this.#apart.find(given);
    this.#memory.find(name);
    if (!this.#readable.has(name))
      throw new SessionError(`${name} was not kept: open the session with keep: ["${name}"], or keep: "all"`);
    return new Reading(this.#views.look(name, this.#filled.rowsOf(name) ?? this.#rows)).copy();
  }

  get generator(): RandomStateSnapshot | undefined {
    this.#checkOpen();
    return this.#book?.generator;
  }

  set generator(snapshot: RandomStateSnapshot | undefined) {
    this.#checkOpen();
    if (this.#book === undefined || snapshot?.state?.key?.length !== 624)
      throw new SessionError('generator: only that of chance: "book" can be set, to what it was before');
    this.#book.generator = snapshot;
  }

  plan(): string {
    this.#checkOpen();
    return this.#why === undefined ? this.#machine.plan() : `${this.#why}\n${this.#machine.plan()}`;
  }

  get ready(): Promise<void> {
    return this.#machine.ready;
  }

  close(): void {
    if (this.#open) this.#machine.close();
    this.#memory.close();
    this.#resident = new Set();
    this.#open = false;
  }

  #readableNames(keep: readonly string[] | "all"): Set<string> {
    if (keep === "all") return new Set(this.#memory.declarations.keys());
    const kept = keep.flatMap((name) => this.#apart.findAll(name));
    for (const name of kept) this.#memory.find(name);
    const always = [...this.#memory.declarations.values()]
      .filter((array) => !isComputed(array))
      .map(({ name }) => name);
    const outputs = this.#programs.flatMap(({ program }) => program.outputs);
    return new Set([...always, ...outputs, ...kept]);
  }

  #checkResident({ name: program, data: { arrays } }: Program): void {
    if (this.#residentChecked === this.#resident) return;
    for (const { name, role } of arrays)
      if ((role === "input" || role === "target") && !this.#resident.has(name))
        throw new SessionError(
          `fit: load ${name} first: it is ${role === "input" ? "an input" : "a target"} of ${program}`,
        );
    this.#residentChecked = this.#resident;
  }

  #loaded(name: string): Loaded {
    const found = this.#programs.find(({ program }) => program.name === name);
    if (found === undefined)
      throw unknownName(
        "program",
        name,
        "this session",
        this.#programs.map(({ program }) => program.name),
      );
    return found;
  }

  #checkOpen(): void {
    if (!this.#open) throw new SessionError("this session is closed");
  }
}

reachable(EngineSession);
