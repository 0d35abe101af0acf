import {
  array,
  type EngineName,
  halfSquaredError,
  openSession,
  type Phase,
  type Reading,
  repr,
  sgd,
} from "@streetlight/core";
import { crossing } from "../crossing.ts";
import type { Lesson } from "../lesson.ts";
import { fourStreetlights, walkAtFour } from "../streetlights.ts";

/** Runs the phases of one update on the first light, and gives an array as it is then. */
async function after(engine: EngineName, phases: readonly Phase[], name: string): Promise<Reading> {
  const program = crossing(3, "walk_stop").trainer({ loss: halfSquaredError, optimizer: sgd(0.2) });
  const session = await openSession(program, { engine, seed: 1, keep: "all" });
  session.write({ layer_0: fourStreetlights.slice([0, 1]), walk_stop: walkAtFour.slice([0, 1]) });
  for (const phase of phases) session.run(phase);
  return session.read(name);
}

const predicted: readonly Phase[] = ["predict", "compare"];
const learnt: readonly Phase[] = [...predicted, "backpropagate"];
const updated: readonly Phase[] = [...learnt, "update"];

/** One update in four stages; the names are those of the program's arrays, inline ones among them. */
export const oneIteration: Lesson = {
  title: "One iteration in four stages",
  cells: [
    {
      number: 55,
      async run(print, engine) {
        print(`layer_1 = ${await after(engine, predicted, "layer_1")}`);
        print(`layer_2 = ${await after(engine, predicted, "layer_2")}`);
      },
    },
    { number: 57, run: async (print, engine) => print(repr(await after(engine, learnt, "layer_2_delta"))) },
    { number: 58, run: async (print, engine) => print(repr(await after(engine, learnt, "weights_1_2"))) },
    // What comes back through weights_1_2, before the units that were off are silenced.
    {
      number: 59,
      run: async (print, engine) => print(repr(await after(engine, learnt, "layer_1_output_delta"))),
    },
    {
      number: 61,
      run: async (print, engine) =>
        print(repr(array(await after(engine, learnt, "layer_1_delta_slope"), "bool"))),
    },
    { number: 62, run: async (print, engine) => print(repr(await after(engine, learnt, "layer_1_delta"))) },
    {
      number: 69,
      run: (print) => print(repr(fourStreetlights.slice([0, 1]).T, { defaultInteger: "int32" })),
    },
    { number: 70, run: async (print, engine) => print(repr(await after(engine, learnt, "layer_1_delta"))) },
    {
      number: 71,
      run: async (print, engine) => print(repr(await after(engine, learnt, "weight_delta_0_1"))),
    },
    { number: 73, run: async (print, engine) => print(repr(await after(engine, updated, "weights_1_2"))) },
  ],
};
