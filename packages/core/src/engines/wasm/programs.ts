import { ops } from "../../ops/table.ts";
import { rowCount } from "../../program/data.ts";
import type { Mask } from "../../program/noise.ts";
import type { Loaded, Plan } from "../machine.ts";
import { Body } from "./code/body.ts";
import { forwarded } from "./code/forward.ts";
import { i32 } from "./code/instructions.ts";
import { moduleBytes } from "./code/moduleBytes.ts";
import { Compiler, imports } from "./compile.ts";
import { fitFunction, type Gathered, workFunction } from "./fit.ts";
import { sizeCode } from "./kernels/context.ts";
import { maskCode } from "./kernels/masks.ts";
import { type Compiled, compiledModule } from "./modules.ts";
import type { Outside } from "./outside.ts";
import type { Layout } from "./plan/layout.ts";

/** What modules are compiled for. */
export interface Target {
  readonly plan: Plan;
  readonly layout: Layout;
  /** Where each thread has so many bytes for itself. */
  readonly scratch: number;
  readonly scratchPerThread: number;
  /** Where the words lie that threads wait by. */
  readonly control: number;
  readonly threads: number;
  /** For tests: the order in which threads compute (`inTurn.ts`). */
  readonly order?: readonly number[] | undefined;
  readonly fast: boolean;
  readonly outside: Outside | undefined;
}

/** A module that runs some steps, storing all they compute, after the noise of a batch is drawn; of no rows, if `empty`. */
export function runModule(
  loaded: Loaded,
  steps: readonly [from: number, to: number],
  empty: boolean,
  target: Target,
): Compiled {
  const alone = { ...target, threads: 1, order: undefined };
  const { readable, capacity } = target.plan;
  const views = new Set<string>();
  for (const { op, writes } of loaded.program.data.steps) if (ops[op].kind === "view") views.add(writes);
  const stored = (name: string) => readable(name) || !views.has(name);
  return compiledModule(keyOf("run", [steps, empty], loaded, alone), () => {
    const compiler = compilerFor(loaded, steps, true, empty ? 0 : capacity, alone, stored);
    const body = new Body(["i32"]);
    const part = { body, from: i32.const(0), to: sizeCode("batch", compiler.context) };
    const masks = drawnHere(loaded, target).flatMap((mask) =>
      maskCode(mask, body.parameter(0).get, compiler.context, part),
    );
    const run = compiler.add(body.function(forwarded([masks, compiler.batch(body)], body)));
    return written(compiler, alone, new Map([["run", run]]));
  });
}

/** A module that runs batch after batch of a training, storing what may be read afterwards. */
export function fitModule(loaded: Loaded, gathered: readonly Gathered[], target: Target): Compiled {
  return compiledModule(keyOf("fit", gathered.map(placeOf), loaded, target), () => {
    const compiler = fitCompiler(loaded, target);
    const fit = fitFunction(compiler, loaded.program.data, gathered, drawnHere(loaded, target));
    const exports = new Map([["fit", fit]]);
    if (target.threads > 1) {
      const { body, code } = workFunction(fit, target.control);
      exports.set("work", compiler.add(body.function(code)));
    }
    return written(compiler, target, exports);
  });
}

function placeOf({ rowBytes, pointer }: Gathered): unknown {
  return [rowBytes, pointer];
}

function drawnHere({ masks }: Loaded, { plan }: Target): readonly Mask[] {
  return plan.book === undefined ? masks : [];
}

function fitCompiler(loaded: Loaded, target: Target): Compiler {
  const { readable, capacity } = target.plan;
  return compilerFor(loaded, [0, loaded.program.data.steps.length], false, capacity, target, readable);
}

function compilerFor(
  { program }: Loaded,
  steps: readonly [number, number],
  solid: boolean,
  capacity: number,
  { layout, outside, ...same }: Target,
  readElsewhere: (name: string) => boolean,
): Compiler {
  return new Compiler({
    ...same,
    program: program.data,
    steps,
    solid,
    capacity,
    readElsewhere,
    address: (name) => layout.address(name),
    outside: (multiplications) => outside?.worthwhile(multiplications) ?? false,
  });
}

function written(compiler: Compiler, { layout }: Target, exports: ReadonlyMap<string, number>) {
  const bytes = moduleBytes({
    pages: 1,
    shared: layout.shared,
    imports,
    functions: compiler.functions,
    globals: ["rows", "thread"],
    exports,
  });
  return { bytes, operations: compiler.operations, products: compiler.products };
}

/** Everything that a module's bytes depend on: not what arrays are called or begin with. */
function keyOf(what: string, parts: readonly unknown[], loaded: Loaded, target: Target): string {
  const { plan, layout, scratch, scratchPerThread, control, threads, order, fast, outside } = target;
  const { arrays, steps, precision } = loaded.program.data;
  const numbers = new Map(arrays.map(({ name }, number) => [name, number]));
  const places = arrays.map(({ name, role, shape, dtype }) =>
    [layout.address(name), plan.readable(name), role, shape, dtype, name === rowCount].join(),
  );
  const code = steps.map(({ op, reads, writes, parameters }) => {
    const operands = [...reads, writes].map((name) => numbers.get(name)).join();
    return parameters === undefined
      ? [op, operands].join()
      : [op, operands, JSON.stringify(parameters)].join();
  });
  const masks = drawnHere(loaded, target).map(({ name, ...mask }) => ({
    ...mask,
    number: numbers.get(name),
  }));
  const memory = [scratch, scratchPerThread, control, threads, order, layout.shared];
  const where = [plan.capacity, ...memory, fast, outside?.name, precision];
  return `${what} ${JSON.stringify([parts, masks])} ${where} ${places.join(" ")} ${code.join(" ")}`;
}
