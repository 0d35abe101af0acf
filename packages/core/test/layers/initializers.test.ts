import { describe, expect, it } from "vitest";
import { leakyRelu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
} from "../../src/layers/initializers.ts";
import { network } from "../../src/network/network.ts";

describe("initialisers are what their papers say, by fan-in and fan-out", () => {
  it.each<[string, Initializer, object]>([
    // √(6 / (2 + 4)) = 1
    ["glorotUniform", glorotUniform, { uniform: [-1, 1] }],
    // √(2 / (2 + 6)) = ½
    ["heUniform", heUniform, { uniform: [-Math.sqrt(3), Math.sqrt(3)] }],
    ["heNormal", heNormal, { normal: [0, 1] }],
  ])("%s of 2 inputs and 4 units", (_, initializer, initial) => {
    expect(initializer(2, 4)).toEqual(initial);
  });

  it("glorotNormal of 2 inputs and 6 units", () => {
    expect(glorotNormal(2, 6)).toEqual({ normal: [0, 0.5] });
  });

  it("each layer of a network has its own, and biases start at 0", () => {
    const net = network(2, [dense(4), dense(2)], { initialize: glorotUniform, seed: 3 });
    const { arrays } = net.predictor.data;
    const initial = (name: string) => arrays.find((array) => array.name === name)!.initial;
    expect(initial("weights_0_1")).toEqual({ uniform: [-1, 1] });
    expect(initial("weights_1_2")).toEqual({ uniform: [-1, 1] });
    expect(initial("bias_1")).toEqual({ value: 0 });
    const wide = network(3, [dense(21)], { initialize: glorotUniform });
    expect(wide.predictor.array("weights_0_1").initial).toEqual({ uniform: [-0.5, 0.5] });
  });
});

it("leakyRelu refuses a slope that is no number", () => {
  expect(() => leakyRelu(Number.NaN)).toThrow(RangeError);
});
