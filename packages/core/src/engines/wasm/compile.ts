import type { ProgramData } from "../../program/data.ts";
import type { Size, SizeShape } from "../../shape/size.ts";
import { Body, type Local } from "./code/body.ts";
import { type Code, call, copyBytes, globalGet, when } from "./code/code.ts";
import { type CalledFunction, doubleFunction, singleFunction } from "./code/expressionCode.ts";
import { i32 } from "./code/instructions.ts";
import { type Lanes, lanesOf, singles } from "./code/lanes.ts";
import type { FunctionCode } from "./code/moduleBytes.ts";
import { type Context, elementBytes, fixed, type Part, sizeCode, threadGlobal } from "./kernels/context.ts";
import { kernelCode } from "./kernels/kernels.ts";
import { type OutsideProduct, outsideProduct } from "./outside.ts";
import { Arrays } from "./plan/arrays.ts";
import { type Kernel, lower } from "./plan/lower.ts";
import { type Earlier, schedule } from "./plan/schedule.ts";
import { barrierFunction } from "./threads/barrier.ts";
import { inTurnFunction } from "./threads/inTurn.ts";

export interface Compilation {
  readonly program: ProgramData;
  readonly steps: readonly [from: number, to: number];
  /** Whether spreads are arrays in memory. */
  readonly solid: boolean;
  readonly capacity: number;
  readonly fast: boolean;
  readonly address: (name: string) => number;
  /** Whether an array is read by others than these steps. */
  readonly readElsewhere: (name: string) => boolean;
  /** Where scratch memory begins, and how many bytes of it each thread has. */
  readonly scratch: number;
  readonly scratchPerThread: number;
  readonly threads: number;
  /** For tests: the threads compute one after the other, the first after so many others (`inTurn.ts`). */
  readonly order?: readonly number[] | undefined;
  /** Where the words lie that threads wait by. */
  readonly control: number;
  /** Whether a product of so many multiplications is computed outside. */
  readonly outside: (multiplications: number) => boolean;
}

/** What modules with products outside import: it is called with a product's number and the rows of the run. */
export const imports = [{ name: "product", parameters: ["i32", "i32"] }] as const;

/** Kernels of so few multiplications or numbers are written where they are used. */
const smallest = 64;
/** With more kernels than these none is written where it is used. */
const mostInlined = 512;

/** The functions of a module that runs some steps of a program, the kernels as functions of their own but for small ones. */
export class Compiler {
  readonly functions: FunctionCode[] = [];
  readonly kernels: readonly Kernel[];
  readonly context: Context;
  /** What is computed outside, in the order of the numbers by which the code calls for it. */
  readonly products: OutsideProduct[] = [];
  readonly #compilation: Compilation;
  readonly #called = new Map<string, number>();
  readonly #barrier: number;
  readonly #inTurn: number;

  constructor(compilation: Compilation) {
    const {
      program,
      steps,
      solid,
      capacity,
      fast,
      address,
      readElsewhere,
      scratch,
      scratchPerThread,
      threads,
      control,
      order,
    } = compilation;
    this.#compilation = compilation;
    const arrays = new Arrays(program, steps, solid);
    const range = program.steps.slice(...steps);
    this.kernels = lower(range, arrays, readElsewhere);
    const writer = new Map<string, Kernel>();
    const readBetween = new Set<string>();
    for (const kernel of this.kernels)
      for (const step of [...(kernel.main ? [kernel.main] : []), ...kernel.steps]) {
        for (const name of arrays.namesRead(step)) if (writer.get(name) !== kernel) readBetween.add(name);
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
        this.#noteScratch(bytes);
        return threads === 1
          ? i32.const(scratch)
          : i32.add(i32.const(scratch), i32.mul(globalGet(threadGlobal), i32.const(scratchPerThread)));
      },
    };
    this.#barrier =
      threads === 1 ? -1 : this.add(barrierFunction(control, threads, this.operations, order !== undefined));
    this.#inTurn = threads === 1 || order === undefined ? -1 : this.add(inTurnFunction(control, order));
  }

  /** The index that the next function will have. */
  add(code: FunctionCode): number {
    return imports.length + this.functions.push(code) - 1;
  }

  /** All kernels, one after the other, for all rows; with threads, each of them runs this code, `earlier` what comes before. */
  batch(body: Body, earlier: Earlier = { written: [], lookedAt: [] }): Code {
    if (this.#compilation.threads === 1) return this.kernels.flatMap((kernel) => this.#whole(kernel, body));
    const splits = (kernel: Kernel) =>
      kernel.shape.length > 0 && !this.#small(kernel) && !this.#alone(kernel);
    return schedule(this.kernels, splits, this.context.arrays, earlier).flatMap((turn) => {
      if (turn === "barrier") return [this.barrier, this.inTurn()];
      const { kernel, split } = turn;
      return split ? this.#shared(kernel, body) : this.first(this.#whole(kernel, body));
    });
  }

  /** All threads wait for all. */
  get barrier(): Code {
    return this.#barrier < 0 ? [] : call(this.#barrier);
  }

  /** Where tests have an order of threads, each waits for its turn, if there is one still. */
  inTurn(condition?: Code): Code {
    if (this.#inTurn < 0) return [];
    return condition === undefined ? call(this.#inTurn) : when(condition, call(this.#inTurn));
  }

  /** What only the first thread runs. */
  first(code: Code): Code {
    return this.#barrier < 0 ? code : when(i32.eqz(globalGet(threadGlobal)), code);
  }

  /** A thread's share of so many rows: whole blocks of four, as even as may be. */
  share(body: Body, rows: Code): Pick<Part, "from" | "to"> & { readonly code: Code } {
    const { threads } = this.#compilation;
    if (threads === 1) return { from: i32.const(0), to: rows, code: [] };
    const [chunk, from, to] = [body.local("i32"), body.local("i32"), body.local("i32")];
    const least = (local: Local) => when(i32.lt(rows, local.get), local.set(rows));
    return {
      from: from.get,
      to: to.get,
      code: [
        chunk.set(
          i32.mul(i32.divU(i32.add(rows, i32.const(4 * threads - 1)), i32.const(4 * threads)), i32.const(4)),
        ),
        from.set(i32.mul(globalGet(threadGlobal), chunk.get)),
        least(from),
        to.set(i32.add(from.get, chunk.get)),
        least(to),
      ],
    };
  }

  /** About how many multiplications and additions a batch has. */
  get operations(): number {
    return this.kernels.reduce((sum, { shape, main, steps }) => {
      const { arrays } = this.context;
      const read = main === undefined ? 0 : this.#size(arrays.shape(main.reads[0]!));
      const terms = main?.op === "matmul" ? 2 * this.#size(shape.slice(1)) : 1;
      return sum + read * terms + this.#size(shape) * steps.length;
    }, 1);
  }

  #isOutside(kernel: Kernel): boolean {
    const { main, shape } = kernel;
    if (main?.op !== "matmul" || this.#replacesWhatItReads(kernel)) return false;
    return this.#compilation.outside(
      this.#size(shape) * this.#size(this.context.arrays.shape(main.reads[0]!).slice(1)),
    );
  }

  /** How many numbers a shape has at most. */
  #size(shape: SizeShape): number {
    return shape.reduce<number>(
      (product, each) => product * (each === "batch" ? this.context.capacity : each),
      1,
    );
  }

  #rows(kernel: Kernel): Size {
    if (this.#isMetric(kernel)) return this.context.arrays.shape(kernel.main!.reads[0]!)[0]!;
    return kernel.shape[0] ?? 1;
  }

  #whole(kernel: Kernel, body: Body): Code {
    const rows = this.#rows(kernel);
    const to = sizeCode(rows, this.context);
    if (this.#isOutside(kernel)) {
      const { product, rest } = outsideProduct(kernel, this.context);
      const number = this.products.push(product) - 1;
      const code = call(0, i32.const(number), sizeCode("batch", this.context));
      return rest.steps.length === 0 ? code : [code, this.#whole(rest, body)];
    }
    if (!this.#inlined(kernel)) return call(this.#function(kernel), i32.const(0), to);
    const known = fixed(rows, this.context);
    const part = { body, from: i32.const(0), to, ...(known === undefined ? {} : { known }) };
    return this.#safely(kernel, (safe) => kernelCode(kernel, safe, part));
  }

  #shared(kernel: Kernel, body: Body): Code {
    const { code, from, to } = this.share(body, sizeCode(this.#rows(kernel), this.context));
    return [...code, ...call(this.#function(kernel), from, to)];
  }

  /** A kernel as a function of its first row and the one to stop before. */
  #function(kernel: Kernel): number {
    const body = new Body(["i32", "i32"]);
    const part = { body, from: body.parameter(0).get, to: body.parameter(1).get };
    return this.add(body.function(this.#safely(kernel, (safe) => kernelCode(kernel, safe, part))));
  }

  /** Where a main op replaces what it reads, its results are put down elsewhere first. */
  #safely(kernel: Kernel, code: (context: Context) => Code): Code {
    const { context } = this;
    const { main } = kernel;
    if (main === undefined || !this.#replacesWhatItReads(kernel)) return code(context);
    const { shape, dtype } = context.arrays.declaration(main.writes);
    const bytes = (shape as readonly number[]).reduce((product, size) => product * size, elementBytes[dtype]);
    const apart = this.#compilation.scratch;
    this.#noteScratch(bytes);
    const safe: Context = {
      ...context,
      address: (name) => (name === main.writes ? apart : context.address(name)),
      scratch: (more) => {
        this.#noteScratch(bytes + more);
        return i32.const(apart + bytes);
      },
    };
    const back = copyBytes(i32.const(context.address(main.writes)), i32.const(apart), i32.const(bytes));
    return [...code(safe), ...back];
  }

  #isMetric({ main }: Kernel): boolean {
    return main !== undefined && this.context.arrays.declaration(main.writes).role === "metric";
  }

  #replacesWhatItReads({ main }: Kernel): boolean {
    if (main === undefined || this.context.arrays.declaration(main.writes).role === "metric") return false;
    return this.context.arrays.namesRead(main).includes(main.writes);
  }

  /** Kernels that are not shared out among threads. */
  #alone(kernel: Kernel): boolean {
    return this.#isMetric(kernel) || this.#replacesWhatItReads(kernel);
  }

  #noteScratch(bytes: number): void {
    if (bytes > this.#compilation.scratchPerThread)
      throw new RangeError(`a kernel asks for ${bytes} bytes, more than were reserved for it`);
  }

  /** A function of all kernels must not outgrow what a host takes. */
  #inlined(kernel: Kernel): boolean {
    return this.kernels.length <= mostInlined && kernel.steps.length <= smallest && this.#small(kernel);
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
