import { expect, test } from "vitest";
import { block, type Dtype, type Shape, transposed } from "../../src/shape/block.ts";
import { repr, str } from "../../src/text/array.ts";
import { python } from "../../src/text/scalar.ts";

/** What the chapter's notebook shows, character for character. The arrays' full digits are NumPy's of seed 1. */

function of(dtype: Dtype, shape: Shape, values: readonly number[]) {
  const whole = block(dtype, shape);
  whole.data.set(values);
  return whole;
}

test("an array in a sentence", () => {
  // The error is the squared prediction, whose every digit the notebook shows beside it.
  const line = (prediction: number) =>
    `Error:${str(of("float64", [1], [prediction * prediction]))} Prediction:${python(prediction)}`;

  expect(line(-0.19999999999999996)).toBe("Error:[0.04] Prediction:-0.19999999999999996");
  expect(line(-0.1279999999999999)).toBe("Error:[0.016384] Prediction:-0.1279999999999999");
  expect(line(-0.03355443200000008)).toBe("Error:[0.0011259] Prediction:-0.03355443200000008");
  expect(line(-0.010995116277759953)).toBe("Error:[0.00012089] Prediction:-0.010995116277759953");
  expect(line(-0.008796093022207963)).toBe("Error:[7.73712525e-05] Prediction:-0.008796093022207963");
  expect(line(-0.0056294995342132115)).toBe("Error:[3.1691265e-05] Prediction:-0.0056294995342132115");
});

test("print of integers and of halves", () => {
  expect(str(of("int32", [4], [0, 2, 4, 3]))).toBe("[0 2 4 3]");
  expect(str(of("float64", [4], [0, 0.5, 1, 0.5]))).toBe("[0.  0.5 1.  0.5]");
  expect(str(of("float64", [4], [0.5, 1.5, 2.5, 1.5]))).toBe("[0.5 1.5 2.5 1.5]");
});

test("layer_1, with relu's negative zeros", () => {
  const layer_1 = [-0, 0.5182824548910301, -0, -0];
  expect(repr(of("float64", [4], layer_1))).toBe(
    "array([-0.        ,  0.51828245, -0.        , -0.        ])",
  );
  const one = of("float64", [1, 3], [-0, 0.13177044097041168, -0]);
  expect(`layer_1 = ${str(one)}`).toBe("layer_1 = [[-0.          0.13177044 -0.        ]]");
});

test("weights_0_1 as a matrix", () => {
  const weights_0_1 = [
    [-0.165955990594852, 0.4406489868843162, -0.9997712503653102, -0.39533485473632046],
    [-0.7064882183657739, -0.8153228104624044, -0.6274795772446582, -0.3088785459139045],
    [-0.20646505153866013, 0.07763346800671389, -0.1616109711934104, 0.370439000793519],
  ];
  expect(repr(of("float64", [3, 4], weights_0_1.flat()))).toBe(
    `array([[-0.16595599,  0.44064899, -0.99977125, -0.39533485],
       [-0.70648822, -0.81532281, -0.62747958, -0.30887855],
       [-0.20646505,  0.07763347, -0.16161097,  0.370439  ]])`,
  );
});

test("integers as NumPy's default type, and booleans", () => {
  const layer_0 = of("int32", [1, 3], [1, 0, 1]);
  expect(repr(transposed(layer_0), { defaultInteger: "int32" })).toBe(
    "array([[1],\n       [0],\n       [1]])",
  );
  expect(repr(layer_0)).toBe("array([[1, 0, 1]], dtype=int32)");
  expect(repr(of("bool", [1, 3], [0, 1, 0]))).toBe("array([[False,  True, False]])");
});

test("the last error", () => {
  expect(`Error : ${python(1.5055622665134859e-5)}`).toBe("Error : 1.5055622665134859e-05");
});
