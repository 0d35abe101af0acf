import type { Loaded, Plan } from "../machine.ts";
import { Arrays } from "./arrays.ts";
import { Body } from "./body.ts";
import { Compiler } from "./compile.ts";
import { rowsGlobal, sizeCode } from "./context.ts";
import { i32 } from "./code.ts";
import { fitFunction } from "./fit.ts";
import { type WasmFunction, type WasmGlobal, webAssembly } from "./host.ts";
import type { Layout } from "./layout.ts";
import type { Resident } from "./machine.ts";
import { maskCode } from "./masks.ts";
import { moduleBytes } from "./moduleBytes.ts";
import { compiledModule } from "./modules.ts";

/** What modules are compiled for. */
export interface Target {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly scratch: number;
  readonly fast: boolean;
  readonly capacity: number;
}

/** A module that has been joined to a session's memory. */
export interface Instance {
  readonly setRows: (rows: number) => void;
  readonly call: (name: string, ...given: number[]) => void;
}

/** A module that runs some steps, storing all they compute, after the noise of a batch is drawn. */
export function runModule(loaded: Loaded, steps: readonly [from: number, to: number], target: Target): Instance {
  const { plan, capacity } = target;
  const { data } = loaded.program;
  const looks = new Arrays(data);
  const stored = (name: string) => plan.readable(name) || looks.look(name) === undefined;
  const write = (): Uint8Array => {
    const compiler = compilerFor(loaded, steps, target, stored);
    const body = new Body(["i32"]);
    const part = { body, from: i32.const(0), to: sizeCode("batch", compiler.context) };
    const masks = loaded.masks.flatMap((mask) => maskCode(mask, body.parameter(0).get, compiler.context, part));
    const run = compiler.add(body.function([...masks, ...compiler.batch(body)]));
    return bytesOf(compiler, ["rows"], new Map([["run", run]]));
  };
  return joined(keyOf("run", [steps, capacity], loaded, target), write, target);
}

/** A module that runs batch after batch of a training, storing what may be read afterwards. */
export function fitModule(
  loaded: Loaded,
  residents: readonly Resident[],
  target: Target,
): Instance & { readonly operations: number } {
  const { data } = loaded.program;
  const steps = [0, data.steps.length] as const;
  const globals = ["rows", ...residents.map(({ name }) => `data_${name}`)];
  const make = () => compilerFor(loaded, steps, target, target.plan.readable);
  const write = (): Uint8Array => {
    const compiler = make();
    const gathered = residents.map((resident, k) => ({ ...resident, global: rowsGlobal + 1 + k }));
    const fit = fitFunction(compiler, data, gathered, loaded.masks);
    return bytesOf(compiler, globals, new Map([["fit", fit]]));
  };
  const key = keyOf("fit", [residents.map(({ name }) => name)], loaded, target);
  const instance = joined(key, write, target, new Map(residents.map(({ name, address }) => [`data_${name}`, address])));
  return { ...instance, operations: make().operations };
}

function compilerFor(
  { program, masks }: Loaded,
  steps: readonly [number, number],
  { layout, scratch, fast, capacity }: Target,
  stored: (name: string) => boolean,
): Compiler {
  void masks;
  const address = (name: string) => layout.address(name);
  return new Compiler({ program: program.data, steps, capacity, fast, address, readElsewhere: stored, scratch }, 0);
}

function bytesOf(
  compiler: Compiler,
  globals: readonly string[],
  exports: ReadonlyMap<string, number>,
): Uint8Array {
  return moduleBytes({ pages: 1, shared: false, imports: [], functions: compiler.functions, globals, exports });
}

/** Everything that a module's bytes depend on. */
function keyOf(what: string, parts: readonly unknown[], loaded: Loaded, { plan, layout, fast, scratch }: Target): string {
  const { arrays } = loaded.program.data;
  const places = arrays.map(({ name }) => [layout.address(name), plan.readable(name)]);
  return JSON.stringify([what, ...parts, loaded.program, loaded.masks, places, plan.capacity, fast, scratch]);
}

function joined(
  key: string,
  write: () => Uint8Array,
  { layout }: Target,
  globals: ReadonlyMap<string, number> = new Map(),
): Instance {
  const module = compiledModule(key, write);
  const { exports } = new webAssembly!.Instance(module, { e: { memory: layout.memory } });
  const global = (name: string) => exports[name] as WasmGlobal;
  for (const [name, value] of globals) global(name).value = value;
  const rows = global("rows");
  return {
    setRows: (value) => {
      rows.value = value;
    },
    call: (name, ...given) => (exports[name] as WasmFunction)(...given),
  };
}
