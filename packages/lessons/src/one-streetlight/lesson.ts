import { array } from "@streetlight/core";
import type { Lesson } from "../lesson.ts";
import { sixStreetlights, walkVsStop } from "../streetlights.ts";

/** Learns one streetlight by hand: predict, compare, and move each weight by its share of the error. */
export const oneStreetlight: Lesson = {
  title: "One streetlight",
  cells: [
    {
      number: 1,
      run(print) {
        let weights = array([0.5, 0.48, -0.7]);
        const alpha = 0.1;
        const input = sixStreetlights.row(0);
        const goalPrediction = walkVsStop.row(0);

        for (let iteration = 0; iteration < 20; iteration++) {
          const prediction = input.dot(weights);
          const error = goalPrediction.subtract(prediction).square();
          const delta = prediction.subtract(goalPrediction);
          weights = weights.subtract(input.multiply(delta).multiply(alpha));
          print(`Error:${error} Prediction:${prediction}`);
        }
      },
    },
  ],
};
