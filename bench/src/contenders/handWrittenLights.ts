import type { LightsSpec } from "../protocol.ts";
import { readArrays } from "./arrays.ts";
import type { Job } from "./serve.ts";

/** The chapter's network with loops over typed arrays, in the order of operations of the book, so with its bits. */
export function handWrittenLights({ data, epochs, alpha }: LightsSpec): Job {
  const arrays = readArrays(data) as Record<string, { data: Float64Array }>;
  const inputs = arrays.inputs!.data;
  const targets = arrays.targets!.data;
  const initial = [arrays.weights_0_1!.data, arrays.weights_1_2!.data] as const;
  const [into, hidden, rows] = [3, 4, targets.length];
  const weights01 = new Float64Array(into * hidden);
  const weights12 = new Float64Array(hidden);
  const layer1 = new Float64Array(hidden);

  function train(): number {
    weights01.set(initial[0]);
    weights12.set(initial[1]);
    let error = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      error = 0;
      for (let row = 0; row < rows; row++) {
        const first = row * into;
        let layer2 = 0;
        for (let j = 0; j < hidden; j++) {
          let sum = 0;
          for (let k = 0; k < into; k++) sum += inputs[first + k]! * weights01[k * hidden + j]!;
          layer1[j] = Math.max(sum, 0);
          layer2 += layer1[j]! * weights12[j]!;
        }
        const delta2 = layer2 - targets[row]!;
        error += delta2 * delta2;
        for (let j = 0; j < hidden; j++) {
          const delta1 = layer1[j]! > 0 ? delta2 * weights12[j]! : 0;
          weights12[j]! -= alpha * (layer1[j]! * delta2);
          for (let k = 0; k < into; k++) weights01[k * hidden + j]! -= alpha * (inputs[first + k]! * delta1);
        }
      }
    }
    return error;
  }

  return {
    reset: () => {},
    run: (times) => {
      let error = 0;
      for (let time = 0; time < times; time++) error = train();
      return error;
    },
    result: () => [weights01, weights12],
    close: () => {},
  };
}
