import { allocate, count } from "../../shape/block.ts";
import { formatShape, withRows } from "../../shape/size.ts";
import type { Contract, Engine } from "../engine.ts";
import type { Assembly } from "../machine.ts";
import { EngineSession } from "../session.ts";
import { ReferenceMachine } from "./machine.ts";

const contract: Contract = {
  precisions: ["float64", "float32"],
  sums: "as written",
  unitsInTheLastPlace: 0,
};

const assembly: Assembly = {
  contract,
  storage: (arrays, capacity) => {
    const numbers = new Map(
      arrays.map(({ name, dtype, shape }) => {
        const full = withRows(shape, capacity);
        return [name, allocate(dtype, count(full), `${name} (${formatShape(full)})`)];
      }),
    );
    return (name) => numbers.get(name)!;
  },
  machine: (plan, memory) => new ReferenceMachine(plan, memory),
};

/** The engine that every other is measured by: plain loops in ascending order, one rounding per operation. */
export const reference: Engine = {
  name: "reference",
  contract,
  open: (programs, options = {}, why) => new EngineSession(programs, options, assembly, why),
};
