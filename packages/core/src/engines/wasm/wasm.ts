import { Program } from "../../program/program.ts";
import type { Data } from "../../shape/block.ts";
import type { Engine } from "../engine.ts";
import { EngineSession } from "../session.ts";
import { Layout } from "./layout.ts";
import { WasmMachine } from "./machine.ts";

/** Compiles programs to WebAssembly with SIMD; the numbers are the reference's, bit for bit. */
export const wasm: Engine = {
  name: "wasm",
  contract: { precisions: ["float64", "float32"], sums: "as written", unitsInTheLastPlace: 0 },
  open: (programs, options = {}) => {
    let layout: Layout;
    return new EngineSession(programs instanceof Program ? [programs] : programs, options, {
      storage: (arrays, capacity) => {
        layout = new Layout(arrays, capacity, false);
        return (name): Data => layout.data(name);
      },
      machine: (plan) => new WasmMachine(plan, layout, false),
    });
  },
};
