import { Reading } from "../../array/reading.ts";
import { ops } from "../../ops/table.ts";
import { type ArrayDeclaration, type Phase, rowCount, type Step } from "../../program/data.ts";
import { type Course, checkSetting, type Loop, plotCourse, settingAt } from "../../program/loop.ts";
import { unknownName } from "../../program/names.ts";
import type { Program } from "../../program/program.ts";
import { RandomSource } from "../../random/source.ts";
import type { RandomStateSnapshot } from "../../random/state.ts";
import { type Block, block, count } from "../../shape/block.ts";
import type { Flat, Numbers } from "../../shape/numbers.ts";
import { type EpochMetrics, type Run, type Session, SessionError, type SessionOptions } from "../engine.ts";
import { Filled, isComputed } from "./filled.ts";
import { type Action, prepare } from "./interpreter.ts";
import { fitted, Memory } from "./memory.ts";
import { Noise } from "./noise.ts";
import { agreed, checkedBatch, checkedRange, rangeOf } from "./requests.ts";

interface Loaded {
  readonly program: Program;
  readonly actions: readonly (Action | undefined)[];
}

/** The meaning of a program: each step in turn, by the plainest loops. */
export class ReferenceSession implements Session {
  readonly #programs: readonly Loaded[];
  readonly #memory: Memory;
  readonly #views = new Map<string, Step>();
  readonly #computed = new Set<string>();
  readonly #readable: ReadonlySet<string>;
  #resident: ReadonlyMap<string, Flat> = new Map();
  #rows: number;
  #batch = 0;
  readonly #filled: Filled;
  readonly #noise: Noise;
  #open = true;

  constructor(programs: readonly Program[], { capacity = 1, seed, chance, keep = [] }: SessionOptions = {}) {
    if (programs.length === 0) throw new SessionError("a session needs at least one program");
    const names = programs.map((program) => program.name);
    const twice = names.find((name, position) => names.indexOf(name) !== position);
    if (twice !== undefined) throw new SessionError(`two programs of a session are named ${twice}`);
    const source = seed === undefined ? undefined : new RandomSource(seed);
    this.#memory = new Memory(programs, capacity, source);
    this.#noise = new Noise(programs, seed, chance, source);
    this.#programs = programs.map((program) => ({
      program,
      actions: prepare(program.data),
    }));
    for (const { program } of this.#programs) this.#noteViews(program);
    this.#filled = new Filled(this.#memory, programs);
    this.#readable = this.#readableNames(keep);
    this.#rows = capacity;
  }

  write(arrays: Readonly<Record<string, Numbers>>): void {
    this.#checkOpen();
    for (const name of Object.keys(arrays)) {
      if (name === rowCount || isComputed(this.#memory.find(name)))
        throw new SessionError(`${name} is computed by the program: it cannot be written`);
      if (this.#memory.find(name).role === "noise")
        throw new SessionError(`${name} is drawn for every batch: it cannot be written`);
    }
    const given = Object.entries(arrays).map(([name, numbers]) => ({
      name,
      ...this.#memory.checked(name, numbers),
    }));
    const rows = new Map(
      given
        .filter(({ name }) => this.#memory.find(name).shape[0] === "batch")
        .map(({ name, shape }) => [name, shape[0]!]),
    );
    this.#rows = agreed(rows) ?? this.#rows;
    for (const { name, values } of given) {
      this.#memory.store(name, values);
      this.#filled.set(name, rows.get(name) ?? this.#rows);
    }
  }

  run(what: Phase | Run = {}, rows = this.#rows): void {
    this.#checkOpen();
    const run: Run = typeof what === "string" ? { phase: what } : what;
    const { program: name, phase, steps } = run;
    const loaded = name === undefined ? this.#programs[0]! : this.#loaded(name);
    const [from, to] = steps ? checkedRange(loaded.program, steps) : rangeOf(loaded.program, phase);
    if (!Number.isInteger(rows) || rows < 0 || rows > this.#memory.capacity)
      throw new SessionError(
        `a run of ${rows} rows does not fit the session's capacity of ${this.#memory.capacity}`,
      );
    this.#rows = rows;
    this.#batch = checkedBatch(run.batch ?? this.#batch);
    this.#drawNoise(loaded, false);
    this.#execute(loaded, from, to);
  }

  load(data: Readonly<Record<string, Numbers>>): void {
    this.#checkOpen();
    const resident = new Map<string, Flat>();
    const rows = new Map<string, number>();
    for (const [name, numbers] of Object.entries(data)) {
      const declaration = this.#memory.find(name);
      if (isComputed(declaration))
        throw new SessionError(`load: ${name} is computed by the program: it cannot be loaded`);
      if (declaration.shape[0] !== "batch")
        throw new SessionError(`load: ${name} has no rows; write it instead`);
      const given = fitted(name, declaration, numbers);
      resident.set(name, given);
      rows.set(name, given.shape[0]!);
    }
    agreed(rows);
    this.#resident = resident;
  }

  fit(loop: Loop): EpochMetrics[] {
    this.#checkOpen();
    const loaded = this.#programs[0]!;
    const { arrays, steps } = loaded.program.data;
    const missing = arrays.find(
      ({ role, name }) => (role === "input" || role === "target") && !this.#resident.has(name),
    );
    if (missing)
      throw new SessionError(
        `fit: load ${missing.name} first: it is ${missing.role === "input" ? "an input" : "a target"} of ${loaded.program.name}`,
      );
    const dataRows = [...this.#resident.values()][0]?.shape[0] ?? 0;
    const course = plotCourse(loop, dataRows);
    const most = Math.min(course.batch, course.rows);
    if (most > this.#memory.capacity)
      throw new SessionError(
        `fit: batches of ${most} rows do not fit the session's capacity of ${this.#memory.capacity}`,
      );
    const settings = Object.entries(loop.settings ?? {});
    for (const [name, given] of settings) {
      checkSetting(this.#memory.find(name));
      if (course.to > course.from) settingAt(name, given, course.to - 1);
    }

    const metrics = arrays.filter(({ role }) => role === "metric").map(({ name }) => name);
    const epochs: EpochMetrics[] = [];
    for (let batch = course.from; batch < course.to; batch++) {
      const inEpoch = batch % course.batchesPerEpoch;
      if (inEpoch === 0) for (const name of metrics) this.#memory.store(name, [0]);
      for (const [name, given] of settings) this.#memory.store(name, [settingAt(name, given, batch)]);
      this.#gather(course, batch);
      this.#batch = batch;
      this.#drawNoise(loaded, true);
      this.#execute(loaded, 0, steps.length);
      if (inEpoch === course.batchesPerEpoch - 1)
        epochs.push({
          epoch: Math.floor(batch / course.batchesPerEpoch),
          rows: course.rows,
          metrics: Object.fromEntries(metrics.map((name) => [name, this.#memory.view(name, 0).data[0]!])),
        });
    }
    return epochs;
  }

  read(name: string): Reading {
    this.#checkOpen();
    this.#memory.find(name);
    if (!this.#readable.has(name))
      throw new SessionError(`${name} was not kept: open the session with keep: ["${name}"], or keep: "all"`);
    return new Reading(this.#look(name, this.#filled.rowsOf(name) ?? this.#rows)).copy();
  }

  get generator(): RandomStateSnapshot | undefined {
    this.#checkOpen();
    return this.#noise.generator;
  }

  set generator(snapshot: RandomStateSnapshot | undefined) {
    this.#checkOpen();
    this.#noise.generator = snapshot;
  }

  plan(): string {
    this.#checkOpen();
    const capacity = `capacity ${this.#memory.capacity} rows`;
    return this.#programs
      .map(({ program }) => {
        const { arrays, steps, precision } = program.data;
        const views = steps.filter((step) => ops[step.op].kind === "view").length;
        return (
          `reference: ${program.name} in ${precision}, ${steps.length} steps ` +
          `(${views} of them views, which write nothing) over ${arrays.length} arrays, ${capacity}`
        );
      })
      .join("\n");
  }

  close(): void {
    this.#open = false;
  }

  #execute({ program, actions }: Loaded, from: number, to: number): void {
    if (program.has(rowCount)) this.#memory.view(rowCount, 0).data[0] = this.#rows;
    for (let position = from; position < to; position++) {
      const step = program.data.steps[position]!;
      for (const name of step.reads) this.#filled.check(name, this.#rows);
      this.#filled.set(step.writes, this.#rows);
      const action = actions[position];
      if (action === undefined) continue;
      const inputs = step.reads.map((name) => this.#look(name));
      const output = this.#memory.view(step.writes, this.#rows);
      if (isRewritten(program.array(step.writes))) {
        // The step may read what it replaces, even transposed, so nothing is replaced before all is computed.
        const fresh = block(output.dtype, output.shape);
        action(inputs, fresh);
        output.data.set(fresh.data);
      } else action(inputs, output);
    }
  }

  #drawNoise({ program }: Loaded, anew: boolean): void {
    this.#noise.draw(program, this.#batch, this.#rows, anew, (name, mask) => {
      this.#memory.store(name, mask);
      this.#filled.set(name, this.#rows);
    });
  }

  /** Throws `SessionError` where one name is a view here and something else there. */
  #noteViews({ name, data }: Program): void {
    for (const step of data.steps) {
      const known = this.#views.get(step.writes);
      const isView = ops[step.op].kind === "view";
      const same = known === undefined ? !isView || !this.#computed.has(step.writes) : sameStep(known, step);
      if (!same)
        throw new SessionError(
          `${step.writes} is computed otherwise in ${name} than in a program before it: give it another name`,
        );
      if (isView) this.#views.set(step.writes, step);
      this.#computed.add(step.writes);
    }
  }

  /** An array as it is read now, through any views. */
  #look(name: string, rows = this.#rows): Block {
    const step = this.#views.get(name);
    const op = step && ops[step.op];
    return op?.kind === "view" ? op.view(this.#look(step!.reads[0]!, rows)) : this.#memory.view(name, rows);
  }

  /** Copies the rows of a batch from the resident data into the examples' arrays. */
  #gather({ rows, batch, batchesPerEpoch, row }: Course, number: number): void {
    const epoch = Math.floor(number / batchesPerEpoch);
    const first = (number % batchesPerEpoch) * batch;
    this.#rows = Math.min(batch, rows - first);
    for (const [name, { shape, values }] of this.#resident) {
      const width = count(shape.slice(1));
      const { data } = this.#memory.view(name, this.#rows);
      this.#filled.set(name, this.#rows);
      for (let place = 0; place < this.#rows; place++) {
        const source = row(epoch * rows + first + place) * width;
        for (let column = 0; column < width; column++)
          data[place * width + column] = values[source + column]!;
      }
    }
  }

  #readableNames(keep: readonly string[] | "all"): Set<string> {
    if (keep === "all") return new Set(this.#memory.declarations.keys());
    for (const name of keep) this.#memory.find(name);
    const always = [...this.#memory.declarations.values()]
      .filter((array) => !isComputed(array))
      .map(({ name }) => name);
    const outputs = this.#programs.flatMap(({ program }) => program.outputs);
    return new Set([...always, ...outputs, ...keep]);
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

function isRewritten({ role }: ArrayDeclaration): boolean {
  return role === "weights" || role === "state";
}

function sameStep(left: Step, right: Step): boolean {
  return left.op === right.op && left.reads.join() === right.reads.join();
}
