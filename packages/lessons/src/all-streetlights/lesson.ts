import { array, type NumericArray, python, repr } from "@streetlight/core";
import type { Lesson, Print } from "../lesson.ts";
import { sixStreetlights, walkVsStop } from "../streetlights.ts";

/**
 * Goes through all the streetlights, as the notebook has it: the goal stays that of the first light, so the
 * weights learn to say "stop" everywhere.
 */
function learnAll(print: Print): NumericArray {
  let weights = array([0.5, 0.48, -0.7]);
  const alpha = 0.1;
  const goalPrediction = walkVsStop.at(0, 0);

  for (let iteration = 0; iteration < 40; iteration++) {
    let errorForAllLights = 0;
    for (const input of sixStreetlights) {
      const prediction = input.dot(weights).at();
      const error = (goalPrediction - prediction) * (goalPrediction - prediction);
      errorForAllLights += error;
      const delta = prediction - goalPrediction;
      weights = weights.subtract(input.multiply(delta).multiply(alpha));
      print(`Prediction : ${python(prediction)}`);
    }
    print(`Error for all : ${python(errorForAllLights)} \n`);
  }
  return weights;
}

export const allStreetlights: Lesson = {
  title: "All streetlights",
  cells: [
    {
      number: 4,
      run(print) {
        learnAll(print);
      },
    },
    {
      number: 5,
      run(print) {
        const weights = learnAll(() => {});
        print(repr(weights));
      },
    },
  ],
};
