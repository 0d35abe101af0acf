import { rowCount } from "../../program/data.ts";
import { type Course, listOf, settingAt } from "../../program/loop.ts";
import { count } from "../../shape/block.ts";
import type { Flat } from "../../shape/numbers.ts";
import type { Ended, Loaded, Machine, Plan, Settings } from "../machine.ts";
import type { Gathered } from "./fit.ts";
import { type WasmFunction, type WasmGlobal, webAssembly } from "./host.ts";
import { elementBytes } from "./kernels/context.ts";
import type { Compiled } from "./modules.ts";
import type { Outside } from "./outside.ts";
import { type Layout, scratchBytes } from "./plan/layout.ts";
import { fitModule, runModule, type Target } from "./programs.ts";
import { words } from "./threads/barrier.ts";
import { Crew } from "./threads/crew.ts";

/** Batches of the first call of a loop. Each call has twice as many, since a host puts better code in place between calls. */
const firstSlice = 16;
/** About how many operations a call of a loop has at most: some 20 ms. */
const operationsPerCall = 2e8;

/** How much a call of a loop may be given, and give back. */
const most = { list: 65536, settings: 16384, results: 8192 } as const;

/** Called with what `fitParameters` lists. */
type FitFunction = (
  batches: number,
  inEpoch: number,
  perEpoch: number,
  batch: number,
  rows: number,
  list: number,
  number: number,
  settings: number,
  table: number,
  results: number,
) => void;

type Exports = Readonly<Record<string, WasmFunction | WasmGlobal>>;

/** How a session is to be run. */
export interface Manner {
  /** The engine's. */
  readonly name: string;
  readonly fast: boolean;
  readonly threads: number;
  /** For tests: the order in which threads compute (`inTurn.ts`). */
  readonly order?: readonly number[] | undefined;
  /** Who computes large products, if not WebAssembly. */
  readonly outside?: Outside | undefined;
  /** For a reader: why threads are fewer than asked for, or products are fused. */
  readonly remarks: readonly string[];
}

/** Runs programs in WebAssembly, compiled for them, on numbers in its memory. */
export class WasmMachine implements Machine {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #manner: Manner;
  readonly #target: Target;
  readonly #gathered: readonly Gathered[];
  readonly #area: Readonly<Record<"list" | "table" | "settings" | "results" | "listLength", number>>;
  readonly #dataStart: number;
  readonly #runs = new Map<string, Exports>();
  readonly #crew: Crew | undefined;
  #results: Float64Array;
  readonly #stride: number;
  #fit: FitFunction | undefined;
  #operations = 0;
  #slice = firstSlice;

  constructor(plan: Plan, layout: Layout, manner: Manner) {
    this.#plan = plan;
    this.#layout = layout;
    this.#manner = manner;
    const { threads, order, fast, outside } = manner;
    const programs = plan.programs.map(({ program }) => program.data);
    const scratchPerThread = Math.ceil(scratchBytes(programs, plan.capacity) / 64) * 64;
    const examples = programs[0]!.arrays.filter(({ role }) => role === "input" || role === "target");
    const listLength = Math.max(most.list, plan.capacity);
    const pointers = layout.reserve(4 * examples.length);
    const control = layout.reserve(words.bytes);
    const scratch = layout.reserve(scratchPerThread * threads);
    this.#target = { plan, layout, scratch, scratchPerThread, control, threads, order, fast, outside };
    this.#gathered = examples.map(({ name, shape, dtype }, k) => ({
      name,
      rowBytes: elementBytes[dtype] * count(shape.slice(1) as number[]),
      pointer: pointers + 4 * k,
    }));
    this.#area = {
      list: layout.reserve(4 * listLength),
      listLength,
      table: layout.reserve(8 * most.settings),
      settings: layout.reserve(8 * most.settings),
      results: layout.reserve(8 * most.results),
    };
    this.#dataStart = layout.reserve(0);
    layout.grow();
    this.#results = this.#resultsView();
    this.#stride = programs[0]!.arrays.filter(({ role }) => role === "metric").length + 1;
    if (threads > 1) {
      const { module } = fitModule(plan.programs[0]!, this.#gathered, this.#target);
      this.#crew = new Crew(threads, module, layout, control);
    }
  }

  get ready(): Promise<void> {
    return this.#crew?.ready ?? Promise.resolve();
  }

  run(loaded: Loaded, from: number, to: number, rows: number, batch: number): void {
    const key = `${loaded.index} ${from} ${to} ${rows === 0}`;
    let exports = this.#runs.get(key);
    if (exports === undefined) {
      exports = this.#joined(runModule(loaded, [from, to], rows === 0, this.#target));
      this.#runs.set(key, exports);
    }
    (exports.rows as WasmGlobal).value = rows;
    if (loaded.program.has(rowCount)) this.#layout.data(rowCount)[0] = rows;
    (exports.run as WasmFunction)(batch | 0);
  }

  load(data: ReadonlyMap<string, Flat>): void {
    const layout = this.#layout;
    layout.release(this.#dataStart);
    const places = [...data].map(([name, { values }]) => {
      const { dtype } = this.#plan.programs.find(({ program }) => program.has(name))!.program.array(name);
      return { name, dtype, values, address: layout.reserve(elementBytes[dtype] * values.length) };
    });
    layout.grow();
    this.#results = this.#resultsView();
    for (const { name, dtype, values, address } of places) {
      layout.at(dtype, address, values.length).set(values);
      const gathered = this.#gathered.find((each) => each.name === name);
      if (gathered) layout.at("int32", gathered.pointer, 1)[0] = address;
    }
  }

  fit(course: Course, settings: Settings, ended: Ended): void {
    const { from, to, batch, batchesPerEpoch: perEpoch, rows, order } = course;
    const { programs, book } = this.#plan;
    const { program } = programs[0]!;
    if (this.#fit === undefined) {
      const compiled = fitModule(this.#plan.programs[0]!, this.#gathered, this.#target);
      this.#fit = this.#joined(compiled).fit as FitFunction;
      this.#operations = compiled.operations;
    }
    if (this.#plan.capacity === 1 && program.has(rowCount)) this.#layout.data(rowCount)[0] = 1;
    const stride = this.#stride;
    const changing = this.#setSettings(settings);
    const { list, listLength, results, table } = this.#area;
    const calls = Math.max(1, Math.floor(operationsPerCall / this.#operations));
    const limit = Math.min(
      order === undefined ? Infinity : Math.floor(listLength / batch),
      changing.length === 0 ? Infinity : Math.floor(most.settings / changing.length),
      Math.max(1, Math.floor(most.results / stride) - 1) * perEpoch,
      book === undefined ? Infinity : 1,
    );
    for (let at = from; at < to; ) {
      const batches = Math.min(to - at, this.#slice, calls, limit);
      this.#slice = Math.min(2 * this.#slice, Math.max(firstSlice, calls));
      if (order !== undefined) this.#writeList(course, at, at + batches);
      if (changing.length > 0) this.#writeSettings(changing, at, batches, course.settingsFrom);
      const inEpoch = at % perEpoch;
      book?.draw(programs[0]!, at, Math.min(batch, rows - inEpoch * batch));
      const listed = order === undefined ? 0 : list;
      this.#call(batches, inEpoch, perEpoch, batch, rows, listed, at | 0, changing.length, table, results);
      ended(this.#results, Math.floor((inEpoch + batches) / perEpoch));
      at += batches;
    }
  }

  plan(): string {
    const { name, threads, fast, remarks, outside } = this.#manner;
    const bits = outside
      ? `large products by ${outside.name}`
      : fast
        ? "products fused"
        : "the reference's bits";
    const manner = `${bits}, ${threads} thread${threads === 1 ? "" : "s"}`;
    const programs = this.#plan.programs.map(({ program }) => {
      const { arrays, steps, precision } = program.data;
      return (
        `${name}: ${program.name} in ${precision}, ${steps.length} steps over ${arrays.length} arrays, ` +
        `capacity ${this.#plan.capacity} rows; ${manner}`
      );
    });
    return [...programs, ...remarks.map((remark) => `  ${remark}`)].join("\n");
  }

  close(): void {
    this.#crew?.close();
    this.#runs.clear();
    this.#fit = undefined;
    this.#results = new Float64Array();
    this.#layout.close();
  }

  #call(...given: Parameters<FitFunction>): void {
    const fit = this.#fit!;
    if (this.#crew === undefined) {
      fit(...given);
      return;
    }
    this.#crew.call(given);
    try {
      fit(...given);
    } catch (error) {
      throw this.#crew.explain(error);
    }
  }

  #joined({ module, products }: Compiled): Exports {
    const { memory } = this.#layout;
    const prepared = products.map((product) => this.#manner.outside!.prepare(product, memory));
    const product = (number: number, rows: number): void => prepared[number]!(rows);
    return new webAssembly!.Instance(module, { e: { memory, product } }).exports;
  }

  #resultsView(): Float64Array {
    return this.#layout.at("float64", this.#area.results, most.results) as Float64Array;
  }

  /** Sets those that stay the same; returns those with a value for each batch. */
  #setSettings(settings: Settings): Settings {
    const changing: (typeof settings)[number][] = [];
    for (const [name, given] of settings) {
      if (typeof given === "number") this.#layout.data(name)[0] = given;
      else changing.push([name, listOf(`settings.${name}`, given)]);
    }
    return changing;
  }

  #writeSettings(changing: Settings, from: number, batches: number, first: number): void {
    const { table, settings } = this.#area;
    for (const [k, [name, given]] of changing.entries()) {
      const { dtype } = this.#plan.programs[0]!.program.array(name);
      const at = settings + 8 * k * batches;
      const values = this.#layout.at(dtype, at, batches);
      for (let batch = 0; batch < batches; batch++)
        values[batch] = settingAt(name, given, from + batch, first);
      this.#layout.at("int32", table + 8 * k, 2).set([this.#layout.address(name), at]);
    }
  }

  /** The row numbers of some batches, one after the other. */
  #writeList({ rows, batch, batchesPerEpoch, row }: Course, from: number, to: number): void {
    const numbers = this.#layout.at("int32", this.#area.list, this.#area.listLength);
    let next = 0;
    for (let number = from; number < to; number++) {
      const start = Math.floor(number / batchesPerEpoch) * rows;
      const first = (number % batchesPerEpoch) * batch;
      const last = Math.min(rows, first + batch);
      for (let place = first; place < last; place++) numbers[next++] = row(start + place);
    }
  }
}
