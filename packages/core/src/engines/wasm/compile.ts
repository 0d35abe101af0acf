import type { ProgramData } from "../../program/data.ts";
import type { SizeShape } from "../../shape/size.ts";
import { Arrays } from "./arrays.ts";
import { Body } from "./body.ts";
import { type Code, call, copyBytes, i32 } from "./code.ts";
import { type Context, elementBytes, fixed, sizeCode } from "./context.ts";
import { type CalledFunction, doubleFunction, singleFunction } from "./expressionCode.ts";
import { kernelCode } from "./kernels.ts";
import { type Lanes, lanesOf, singles } from "./lanes.ts";
import { type Kernel, lower, namesRead } from "./lower.ts";
import type { FunctionCode } from "./moduleBytes.ts";

export interface Compilation {
  readonly program: ProgramData;
  readonly steps: readonly [from: number, to: number];
  readonly capacity: number;
  readonly fast: boolean;
  readonly address: (name: string) => number;
  /** Whether an array is read by others than these steps. */
  readonly readElsewhere: (name: string) => boolean;
  /** Where scratch memory begins. */
  readonly scratch: number;
}

/** Kernels of so few multiplications or numbers are written where they are used. */
const smallest = 64;

/** The functions of a module that runs some steps of a program, the kernels as functions of their own but for small ones. */
export class Compiler {
  readonly functions: FunctionCode[] = [];
  readonly kernels: readonly Kernel[];
  readonly context: Context;
  scratchBytes = 0;
  readonly #compilation: Compilation;
  readonly #imports: number;
  readonly #called = new Map<string, number>();

  constructor(compilation: Compilation, imports: number) {
    const { program, steps, capacity, fast, address, readElsewhere, scratch } = compilation;
    this.#compilation = compilation;
    this.#imports = imports;
    const arrays = new Arrays(program);
    const range = program.steps.slice(...steps);
    this.kernels = lower(range, arrays, readElsewhere);
    const writer = new Map<string, Kernel>();
    const readBetween = new Set<string>();
    for (const kernel of this.kernels)
      for (const step of [...(kernel.main ? [kernel.main] : []), ...kernel.steps]) {
        for (const name of namesRead(step, arrays)) if (writer.get(name) !== kernel) readBetween.add(name);
        writer.set(step.writes, kernel);
      }
    const always = ["weights", "state", "metric"];
    this.context = {
      arrays,
      lanes: lanesOf(program.precision),
      fast,
      address,
      capacity,
      stored: (name) =>
        readElsewhere(name) || readBetween.has(name) || always.includes(arrays.declaration(name).role),
      functionIndex: (name, lanes) => this.#functionIndex(name, lanes),
      scratch: (bytes) => {
        this.scratchBytes = Math.max(this.scratchBytes, bytes);
        return i32.const(scratch);
      },
    };
  }

  /** The index that the next function will have. */
  add(code: FunctionCode): number {
    return this.#imports + this.functions.push(code) - 1;
  }

  /** All kernels, one after the other, for all rows. */
  batch(body: Body): Code {
    return this.kernels.flatMap((kernel) => this.#kernel(kernel, body));
  }

  /** About how many multiplications and additions a batch has. */
  get operations(): number {
    const size = (shape: SizeShape) =>
      shape.reduce<number>((product, each) => product * (each === "batch" ? this.context.capacity : each), 1);
    return this.kernels.reduce((sum, { shape, main, steps }) => {
      const { arrays } = this.context;
      const read = main === undefined ? 0 : size(arrays.shape(main.reads[0]!));
      const terms = main?.op === "matmul" ? 2 * size(shape.slice(1)) : 1;
      return sum + read * terms + size(shape) * steps.length;
    }, 1);
  }

  #kernel(kernel: Kernel, body: Body): Code {
    const { context } = this;
    const rows = kernel.main && this.#isMetric(kernel) ? this.#metricRows(kernel) : (kernel.shape[0] ?? 1);
    const known = fixed(rows, context);
    const all = sizeCode(rows, context);
    const to = known === undefined ? all : i32.const(known);
    if (this.#small(kernel)) {
      const part = { body, from: i32.const(0), to, ...(known === undefined ? {} : { known }) };
      return this.#safely(kernel, (safe) => kernelCode(kernel, safe, part));
    }
    const own = new Body(["i32", "i32"]);
    const part = { body: own, from: own.parameter(0).get, to: own.parameter(1).get };
    const index = this.add(own.function(this.#safely(kernel, (safe) => kernelCode(kernel, safe, part))));
    return call(index, i32.const(0), to);
  }

  /** Where a main op replaces what it reads, its results are put down elsewhere first. */
  #safely(kernel: Kernel, code: (context: Context) => Code): Code {
    const { context } = this;
    const { main } = kernel;
    if (main === undefined || this.#isMetric(kernel)) return code(context);
    if (!namesRead(main, context.arrays).includes(main.writes)) return code(context);
    const { shape, dtype } = context.arrays.declaration(main.writes);
    const bytes = (shape as readonly number[]).reduce((product, size) => product * size, elementBytes[dtype]);
    const apart = this.#compilation.scratch;
    this.scratchBytes = Math.max(this.scratchBytes, bytes);
    const safe: Context = {
      ...context,
      address: (name) => (name === main.writes ? apart : context.address(name)),
      scratch: (more) => {
        this.scratchBytes = Math.max(this.scratchBytes, bytes + more);
        return i32.const(apart + bytes);
      },
    };
    const back = copyBytes(i32.const(context.address(main.writes)), i32.const(apart), i32.const(bytes));
    return [...code(safe), ...back];
  }

  #isMetric({ main }: Kernel): boolean {
    return main !== undefined && this.context.arrays.declaration(main.writes).role === "metric";
  }

  #metricRows({ main }: Kernel): number | "batch" {
    return this.context.arrays.shape(main!.reads[0]!)[0]!;
  }

  #small({ shape, main }: Kernel): boolean {
    const { arrays } = this.context;
    const count = (sizes: SizeShape): number =>
      sizes.reduce<number>((product, size) => product * (fixed(size, this.context) ?? Infinity), 1);
    const read = main ? Math.max(...main.reads.map((name) => count(arrays.shape(name)))) : 0;
    const columns = main?.op === "matmul" ? count(shape.slice(1)) : 1;
    return (
      Math.max(count(shape), (main ? count(arrays.shape(main.reads[0]!)) : 0) * columns, read) <= smallest
    );
  }

  #functionIndex(name: CalledFunction, lanes: Lanes): number {
    const key = `${name} ${lanes.precision}`;
    const known = this.#called.get(key);
    if (known !== undefined) return known;
    const make = lanes === singles ? singleFunction : doubleFunction;
    const index = this.add(make(name, (each, of) => this.#functionIndex(each, of)));
    this.#called.set(key, index);
    return index;
  }
}
