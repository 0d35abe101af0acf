import { differenceSum, halfSquaredError, python, sgd } from "@streetlight/core";
import { crossing } from "../crossing.ts";
import type { Lesson } from "../lesson.ts";
import { fourStreetlights, walkAtFour } from "../streetlights.ts";

/** The whole program once more. It reports the sum of the errors without squaring them. */
export const selfSufficient: Lesson = {
  title: "The self-sufficient program",
  cells: [
    {
      number: 79,
      async run(print, engine) {
        const epochs = crossing(4, "walk_vs_stop", engine).train(
          { inputs: fourStreetlights, targets: walkAtFour },
          { loss: halfSquaredError, optimizer: sgd(0.2), batch: 1, epochs: 60, metrics: [differenceSum] },
        );
        for await (const epoch of epochs)
          if (epoch.number % 10 === 0) print(`Error : ${python(epoch.metrics.differenceSum)}`);
      },
    },
  ],
};
