import { rowCount } from "../../program/data.ts";
import { type Course, listOf, settingAt } from "../../program/loop.ts";
import { count } from "../../shape/block.ts";
import type { Flat } from "../../shape/numbers.ts";
import type { Loaded, Machine, Plan, Settings } from "../machine.ts";
import type { Compiler } from "./compile.ts";
import { elementBytes } from "./context.ts";
import { type Layout, scratchBytes } from "./layout.ts";
import { fitModule, type Instance, runModule } from "./programs.ts";

/** Batches of the first call of a loop. Each call has twice as many, since a host puts better code in place between calls. */
const firstSlice = 16;
/** About how many operations a call of a loop has at most: some 20 ms. */
const operationsPerCall = 2e8;

/** How much a call of a loop may be given, and give back. */
const most = { list: 65536, settings: 16384, results: 8192 } as const;

/** Where the row numbers, settings and results of a loop lie. */
interface LoopArea {
  readonly list: number;
  readonly listLength: number;
  readonly table: number;
  readonly settings: number;
  readonly results: number;
}

/** The examples that `fit` gathers rows of, and where all their rows lie. */
export interface Resident {
  readonly name: string;
  readonly rowBytes: number;
  readonly address: number;
}

/** Runs programs in WebAssembly, compiled for them, on numbers in its memory. */
export class WasmMachine implements Machine {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #fast: boolean;
  readonly #scratch: number;
  readonly #area: LoopArea;
  readonly #dataStart: number;
  readonly #runs = new Map<string, Instance>();
  #fit: (Instance & { readonly operations: number }) | undefined;
  #residents: readonly Resident[] = [];
  #slice = firstSlice;

  constructor(plan: Plan, layout: Layout, fast: boolean) {
    this.#plan = plan;
    this.#layout = layout;
    this.#fast = fast;
    const programs = plan.programs.map(({ program }) => program.data);
    this.#scratch = layout.reserve(scratchBytes(programs, plan.capacity));
    const listLength = Math.max(most.list, plan.capacity);
    this.#area = {
      list: layout.reserve(4 * listLength),
      listLength,
      table: layout.reserve(8 * most.settings),
      settings: layout.reserve(8 * most.settings),
      results: layout.reserve(8 * most.results),
    };
    this.#dataStart = layout.reserve(0);
    layout.grow();
  }

  run(loaded: Loaded, from: number, to: number, rows: number, batch: number): void {
    const key = `${loaded.index} ${from} ${to} ${rows === 0}`;
    let instance = this.#runs.get(key);
    if (instance === undefined) {
      const capacity = rows === 0 ? 0 : this.#plan.capacity;
      instance = runModule(loaded, [from, to], { ...this.#target, capacity });
      this.#runs.set(key, instance);
    }
    instance.setRows(rows);
    if (loaded.program.has(rowCount)) this.#layout.data(rowCount)[0] = rows;
    instance.call("run", batch);
  }

  load(data: ReadonlyMap<string, Flat>): void {
    const layout = this.#layout;
    layout.release(this.#dataStart);
    const { program } = this.#plan.programs[0]!;
    const residents: Resident[] = [];
    const places = [...data].map(([name, { shape }]) => {
      const { dtype } = declared(this.#plan, name);
      const width = count(shape.slice(1));
      const address = layout.reserve(elementBytes[dtype] * width * shape[0]!);
      if (program.has(name)) residents.push({ name, rowBytes: elementBytes[dtype] * width, address });
      return { name, dtype, address };
    });
    layout.grow();
    for (const { name, dtype, address } of places) {
      const { values } = data.get(name)!;
      layout.at(dtype, address, values.length).set(values);
    }
    this.#residents = residents;
    this.#fit = undefined;
  }

  fit(course: Course, settings: Settings): ArrayLike<number> {
    const { program } = this.#plan.programs[0]!;
    const fit = this.#compiledFit();
    const { from, to, batch, batchesPerEpoch: perEpoch, rows, order } = course;
    const metrics = program.data.arrays.filter(({ role }) => role === "metric").length;
    const changing = this.#setSettings(settings);
    const { list, listLength, results, table } = this.#area;
    const calls = Math.max(1, Math.floor(operationsPerCall / fit.operations));
    const limit = Math.min(
      calls,
      order === undefined ? Infinity : Math.floor(listLength / batch),
      changing.length === 0 ? Infinity : Math.floor(most.settings / changing.length),
      metrics === 0 ? Infinity : Math.max(1, Math.floor(most.results / metrics) - 1) * perEpoch,
    );
    const totals: Float64Array[] = [];
    if (this.#plan.capacity === 1 && program.has(rowCount)) this.#layout.data(rowCount)[0] = 1;
    for (let at = from; at < to; ) {
      const batches = Math.min(to - at, this.#slice, limit);
      this.#slice = Math.min(2 * this.#slice, calls);
      if (order !== undefined) this.#writeList(course, at, at + batches);
      this.#writeSettings(changing, at, batches);
      const inEpoch = at % perEpoch;
      const listed = order === undefined ? 0 : list;
      fit.call("fit", batches, inEpoch, perEpoch, batch, rows, listed, at | 0, changing.length, table, results);
      const ended = Math.floor((inEpoch + batches) / perEpoch);
      if (ended > 0 && metrics > 0)
        totals.push((this.#layout.at("float64", results, ended * metrics) as Float64Array).slice());
      at += batches;
    }
    return totals.length === 1 ? totals[0]! : totals.flatMap((part) => [...part]);
  }

  plan(): string {
    return this.#plan.programs
      .map(({ program }) => {
        const { arrays, steps, precision } = program.data;
        return (
          `wasm: ${program.name} in ${precision}, ${steps.length} steps over ${arrays.length} arrays, ` +
          `capacity ${this.#plan.capacity} rows`
        );
      })
      .join("\n");
  }

  close(): void {
    this.#runs.clear();
    this.#fit = undefined;
    this.#residents = [];
  }

  get #target() {
    return {
      plan: this.#plan,
      layout: this.#layout,
      scratch: this.#scratch,
      fast: this.#fast,
      capacity: this.#plan.capacity,
    };
  }

  #compiledFit(): Instance & { readonly operations: number } {
    this.#fit ??= fitModule(this.#plan.programs[0]!, this.#residents, this.#target);
    return this.#fit;
  }

  /** Sets those that stay the same; returns those with a value for each batch. */
  #setSettings(settings: Settings): Settings {
    const changing: (typeof settings)[number][] = [];
    for (const setting of settings) {
      const [name, given] = setting;
      if (typeof given === "number") this.#layout.data(name)[0] = given;
      else changing.push([name, listOf(`settings.${name}`, given)]);
    }
    return changing;
  }

  #writeSettings(changing: Settings, from: number, batches: number): void {
    const { table, settings } = this.#area;
    for (const [k, [name, given]] of changing.entries()) {
      const { dtype } = declared(this.#plan, name);
      const at = settings + 8 * k * batches;
      const values = this.#layout.at(dtype, at, batches);
      for (let batch = 0; batch < batches; batch++) values[batch] = settingAt(name, given, from + batch);
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

function declared({ programs }: Plan, name: string) {
  return programs.find(({ program }) => program.has(name))!.program.array(name);
}
void (0 as unknown as Compiler);
