import { type EngineName, openSession, repr } from "@streetlight/core";
import { crossing } from "../crossing.ts";
import type { Lesson } from "../lesson.ts";
import { fourStreetlights } from "../streetlights.ts";

/** The first light goes forward through the untrained network. */
export async function firstLight(engine: EngineName) {
  const session = await openSession(crossing().program, { engine, seed: 1, keep: ["layer_1"] });
  session.write({ layer_0: fourStreetlights.slice([0, 1]) });
  session.run("predict");
  // The notebook predicts one light as a vector; a program's arrays have a row for each light.
  return { layer_1: session.read("layer_1").row(0), layer_2: session.read("layer_2").row(0) };
}

export const forward: Lesson = {
  title: "First deep network, forward",
  cells: [
    { number: 16, run: async (print, engine) => print(repr((await firstLight(engine)).layer_1)) },
    { number: 7, run: async (print, engine) => print(repr((await firstLight(engine)).layer_2)) },
    { number: 13, run: (print) => print(repr(fourStreetlights.row(0), { defaultInteger: "int32" })) },
    { number: 32, run: (print) => print(repr(crossing().read("weights_0_1"))) },
  ],
};
