import { array, halfSquaredError, python, repr, sgd } from "@streetlight/core";
import { crossing } from "../crossing.ts";
import { firstLight } from "../forward/lesson.ts";
import type { Lesson } from "../lesson.ts";
import { fourStreetlights, walkAtFour } from "../streetlights.ts";

export const backpropagation: Lesson = {
  title: "Backpropagation in code",
  cells: [
    {
      number: 42,
      async run(print, engine) {
        const epochs = crossing(4, "walk_vs_stop", engine).train(
          { inputs: fourStreetlights, targets: walkAtFour },
          { loss: halfSquaredError, optimizer: sgd(0.2), batch: 1, epochs: 60 },
        );
        for await (const epoch of epochs)
          if (epoch.number % 10 === 0) print(`Error : ${python(epoch.metrics.squaredError)}`);
      },
    },
    // The next three stand after the training on the page, but were run before it.
    {
      number: 36,
      async run(print, engine) {
        const { layer_2 } = await firstLight(engine);
        print(
          repr(
            array(layer_2)
              .subtract(walkAtFour.slice([0, 1]))
              .square(),
          ),
        );
      },
    },
    { number: 37, run: async (print, engine) => print(repr((await firstLight(engine)).layer_2)) },
    { number: 39, run: (print) => print(repr(crossing().read("weights_1_2").T)) },
  ],
};
