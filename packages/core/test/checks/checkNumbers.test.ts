import { describe, expect, test } from "vitest";
import { array } from "../../src/array/create.ts";
import { checkNumbers } from "../../src/checks/checkNumbers.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { uniform } from "../../src/layers/initializers.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { NameError } from "../../src/program/names.ts";
import { RandomState } from "../../src/random/randomState.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { TraceError } from "../../src/trace/place.ts";
import { stopWhen } from "../../src/trace/stopWhen.ts";
import { Trace } from "../../src/trace/trace.ts";
import { lights } from "../trace/examples.ts";
import { learnt } from "./learner.ts";

const alpha = 0.2;

/** The whole of a batch of the third epoch, when the weights are no longer as they were drawn. */
function end(trace: Trace, batch = 0): Trace {
  return trace.seek({ epoch: 2, batch, step: trace.program.data.steps.length });
}

/** A training on rows that have no zeros. */
function record(
  widths: readonly number[],
  rows: number,
  batch: number,
  { bias = true, mean = false, float32 = false } = {},
) {
  const layers = widths
    .slice(1)
    .map((units, k) => dense(units, { bias, ...(k === widths.length - 2 ? {} : { activation: relu }) }));
  const net = network(widths[0]!, layers, {
    seed: 5,
    initialize: uniform(-1, 1),
    ...(float32 ? { precision: "float32" as const } : {}),
  });
  const chance = new RandomState(8);
  const loss = mean ? meanOf(halfSquaredError) : halfSquaredError;
  const trace = Trace.record({
    program: net.trainer({ loss, optimizer: sgd(alpha) }),
    data: {
      layer_0: chance.uniform(0.1, 1, [rows, widths[0]!]),
      goal: chance.uniform(-1, 1, [rows, widths[widths.length - 1]!]),
    },
    loop: { epochs: 4, batch },
    seed: 5,
  });
  return end(trace);
}

const chapter = () => end(Trace.record(lights({ epochs: 4, batch: 1 })), 3);
const networks = {
  "the chapter's": { trace: chapter, mean: false },
  "with biases, 3 rows a batch": { trace: () => record([3, 4, 2], 6, 3), mean: false },
  "two hidden layers, mean": { trace: () => record([3, 3, 3, 2], 8, 4, { mean: true }), mean: true },
};

describe.each(Object.entries(networks))(
  "numbers that NumPy printed to 8 digits: %s",
  (_, { trace: make, mean }) => {
    const trace = make();
    const hidden = trace.program.has("layer_3") ? 2 : 1;
    const output = hidden + 1;

    test("agree where nothing is wrong", () => {
      const report = checkNumbers(trace, learnt(trace, { mean, alpha }));
      expect(`${report}`).toContain("with the trace, to 1e-8");
      expect(report.passed).toBe(true);
      // In the order in which the program computes them.
      const order = trace.program.lines.map(({ writes }) => writes);
      expect(report.agreed).toEqual(order.filter((name) => report.agreed.includes(name)));
      expect(report.agreed).toContain("weights_0_1");
    });

    test("a dropped slope is named, at every layer", () => {
      for (let layer = hidden; layer >= 1; layer--) {
        const theirs = learnt(trace, { slip: "slope", layer, mean, alpha });
        const report = checkNumbers(trace, theirs);
        expect(report.parting!.array).toBe(`layer_${layer}_delta`);
        expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["slope"]);
        expect(report.parting!.slips[0]!.says).toBe(`relu2deriv(layer_${layer}) left out`);
        const weights = `weights_${layer - 1}_${layer}`;
        const only = checkNumbers(trace, { [weights]: theirs[weights]! });
        expect(only.parting!.slips.map(({ kind }) => kind)).toEqual(["slope"]);
      }
    });

    test("another sign is named", () => {
      const report = checkNumbers(trace, learnt(trace, { slip: "sign", mean, alpha }));
      expect(report.parting!.array).toBe(`layer_${output}_delta`);
      expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["sign"]);
      const last = `weights_${hidden}_${output}`;
      const uphill = checkNumbers(trace, learnt(trace, { slip: "uphill", layer: hidden, mean, alpha }));
      expect(uphill.parting!.array).toBe(last);
      expect(uphill.parting!.slips.map(({ kind }) => kind)).toEqual(["sign"]);
    });

    test("a factor of 2 and of 1/2 is named", () => {
      for (const [slip, says] of [
        ["factor", "a factor 2"],
        ["half", "a factor 1/2"],
      ] as const) {
        const report = checkNumbers(trace, learnt(trace, { slip, mean, alpha }));
        expect(report.parting!.array).toBe(`layer_${output}_delta`);
        // With two outputs, half of a mean over the rows is a mean over all numbers.
        const both = mean && slip === "half" ? ["a mean over all numbers instead of one over the rows"] : [];
        expect(report.parting!.slips.map((each) => each.says)).toEqual([...both, says]);
      }
    });

    test("a forgotten alpha is named", () => {
      const theirs = learnt(trace, { slip: "alpha", layer: 0, mean, alpha });
      const report = checkNumbers(trace, theirs);
      expect(report.parting!.array).toBe("weights_0_1");
      expect(report.parting!.slips.map(({ says }) => says)).toEqual(["alpha left out"]);
    });

    test("weights that were updated too early are named", () => {
      const theirs = learnt(trace, { slip: "updated weights", mean, alpha });
      const report = checkNumbers(trace, theirs);
      expect(report.parting!.array).toBe(`layer_${hidden}_delta`);
      expect(report.parting!.slips.map(({ says }) => says)).toContain(
        `weights_${hidden}_${output} updated before backpropagation had read them`,
      );
      expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["updated weights"]);
      const only = checkNumbers(trace, { weights_0_1: theirs.weights_0_1! });
      expect(only.parting!.slips.map(({ kind }) => kind)).toEqual(["updated weights"]);
    });

    test("a batch of another place is named", () => {
      const steps = trace.program.data.steps.length;
      const here = trace.position;
      const there = { epoch: here.epoch - 1, batch: here.batch === 0 ? 1 : here.batch - 1 };
      trace.seek({ ...there, step: steps });
      const theirs = learnt(trace, { mean, alpha });
      trace.seek(here);
      for (const name of ["layer_1", "weights_0_1"]) {
        const report = checkNumbers(trace, { [name]: theirs[name]! });
        expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["another batch"]);
        // Or of a later batch that left the weights as they were.
        const said = /^this is (\w+) of epoch (\d+), batch (\d+)$/.exec(report.parting!.slips[0]!.says)!;
        expect(said[1]).toBe(name);
        expect([there.epoch, here.epoch]).toContain(Number(said[2]));
        trace.seek({ epoch: Number(said[2]), batch: Number(said[3]), step: steps });
        expect(checkNumbers(trace, { [name]: theirs[name]! }).passed).toBe(true);
        trace.seek(here);
      }
    });

    test("float32 is named", () => {
      const theirs = learnt(trace, { float32: true, mean, alpha });
      const report = checkNumbers(trace, theirs);
      expect(report.passed).toBe(false);
      expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["precision"]);
      expect(report.parting!.slips[0]!.says).toMatch(/^computed in float32/);
      // With the tolerance of seven digits they agree.
      expect(checkNumbers(trace, theirs, { tolerance: 1e-5 }).passed).toBe(true);
    });

    test("leave the trace where it stands", () => {
      const before = trace.position;
      checkNumbers(trace, learnt(trace, { slip: "sign", mean, alpha }));
      expect(trace.position).toEqual(before);
    });
  },
);

describe("slips that need a certain shape:", () => {
  test("a missing transpose, where the weights are square", () => {
    const trace = record([3, 3, 3, 2], 8, 4, { mean: true });
    const report = checkNumbers(trace, learnt(trace, { slip: "transpose", layer: 1, mean: true }));
    expect(report.parting!.array).toBe("layer_1_delta");
    expect(report.parting!.slips.map(({ says }) => says)).toEqual(["weights_1_2 instead of weights_1_2.T"]);
  });

  test("a missing transpose, where a batch has as many rows as a layer has units", () => {
    const trace = record([4, 4, 1], 8, 4);
    const report = checkNumbers(trace, learnt(trace, { slip: "no transpose", layer: 0 }));
    expect(report.parting!.array).toBe("weights_0_1");
    expect(report.parting!.slips.map(({ says }) => says)).toEqual(["layer_0 instead of layer_0.T"]);
  });

  test("a whole array transposed", () => {
    const trace = record([3, 3, 1], 4, 2);
    const { weights_0_1 } = learnt(trace) as { weights_0_1: number[][] };
    const report = checkNumbers(trace, {
      weights_0_1: weights_0_1[0]!.map((_, k) => weights_0_1.map((row) => row[k]!)),
    });
    expect(report.parting!.slips.map(({ says }) => says)).toEqual(["this is weights_0_1.T"]);
  });

  test("a sum for a mean and a mean for a sum", () => {
    for (const mean of [false, true]) {
      const trace = record([3, 4, 2], 6, 3, { mean });
      const theirs = learnt(trace, { slip: "sum or mean", mean });
      const report = checkNumbers(trace, theirs);
      expect(report.parting!.array).toBe("layer_2_delta");
      expect(report.parting!.slips.map(({ says }) => says)).toEqual([
        mean ? "a sum over the rows instead of their mean" : "a mean over the rows instead of their sum",
      ]);
      const only = checkNumbers(trace, { bias_1: theirs.bias_1! });
      expect(only.parting!.slips.map(({ kind }) => kind)).toEqual(["sum or mean"]);
      expect(only.parting!.slips[0]!.says).toBe(report.parting!.slips[0]!.says);
    }
    const trace = record([3, 4, 2], 6, 3);
    const report = checkNumbers(trace, learnt(trace, { slip: "mean of gradient", layer: 0 }));
    expect(report.parting!.array).toBe("weights_0_1");
    expect(report.parting!.slips.map(({ kind }) => kind)).toEqual(["sum or mean"]);
  });

  test("np.mean over all numbers, of a delta and of a metric", () => {
    for (const mean of [false, true]) {
      const trace = record([3, 4, 3], 8, 4, { mean });
      const theirs = learnt(trace, { slip: "mean of all", mean });
      const report = checkNumbers(trace, theirs);
      expect(report.parting!.array).toBe("layer_2_delta");
      expect(report.parting!.slips.map(({ says }) => says)).toEqual([
        `a mean over all numbers instead of ${mean ? "one" : "a sum"} over the rows`,
      ]);
      const only = checkNumbers(trace, { weights_0_1: theirs.weights_0_1! });
      expect(only.parting!.slips.map(({ says }) => says)).toEqual([report.parting!.slips[0]!.says]);
      // The second batch of an epoch: 8 rows of 3.
      trace.seek({ epoch: 2, batch: 1, phase: "update" });
      const layer_2_error = trace.read("layer_2_error")!.at() / 24;
      expect(checkNumbers(trace, { layer_2_error }).parting!.slips.map(({ says }) => says)).toEqual([
        "a mean over all numbers instead of their sum",
      ]);
    }
  });

  test("with two rows a mean is half of a sum, and the report says both", () => {
    const trace = record([3, 4, 2], 4, 2);
    const report = checkNumbers(trace, learnt(trace, { slip: "sum or mean" }));
    expect(report.parting!.slips.map(({ says }) => says)).toEqual([
      "a mean over the rows instead of their sum",
      "a factor 1/2",
    ]);
  });

  test("a float32 program whose learner computed in float64", () => {
    const trace = record([3, 4, 2], 6, 3, { float32: true });
    const honest = record([3, 4, 2], 6, 3);
    const report = checkNumbers(trace, { weights_1_2: honest.read("weights_1_2")! });
    expect(report.parting!.slips.map(({ says }) => says)).toEqual(["computed in float64"]);
  });

  test("totals: half of it, and the mean over the rows so far", () => {
    const trace = record([3, 4, 2], 6, 3).seek({ epoch: 2, batch: 1, phase: "update" });
    const total = trace.read("layer_2_error")!.at();
    const slips = (value: number) =>
      checkNumbers(trace, { layer_2_error: value }).parting!.slips.map(({ says }) => says);
    expect(slips(total / 2)).toEqual(["a factor 1/2"]);
    expect(slips(-total)).toEqual(["the other sign"]);
    expect(slips(total / 6)).toEqual(["a mean over the rows instead of their sum"]);
  });
});

describe("the notebook", () => {
  /** Cells 54 to 73: three hidden units, the first light, one batch. */
  const iteration = () => {
    const trace = Trace.record(lights({ epochs: 1, batch: 1 }, { hidden: 3 }));
    return trace.seek({ epoch: 0, batch: 0, step: trace.program.data.steps.length });
  };

  test("its printed numbers agree", () => {
    const report = checkNumbers(iteration(), {
      layer_1: [[-0, 0.13177044, -0]],
      layer_2: [[-0.02129555]],
      layer_2_delta: [[-1.02129555]],
      layer_1_delta: [[-0, 0.16505257, -0]],
      weights_1_2: [[0.07763347], [-0.13469566], [0.370439]],
    });
    expect(`${report}`).toBe(
      "layer_1, layer_2, layer_2_delta, layer_1_delta, weights_1_2 agree with the trace, to 1e-8",
    );
  });

  test("its layer_1_delta of cell 59, before relu2deriv", () => {
    const report = checkNumbers(iteration(), {
      layer_1_delta: [[-0.07928672, 0.16505257, -0.3783277]],
      layer_1: [-0, 0.13177044, -0],
    });
    expect(`${report}`).toBe(
      [
        "layer_1_delta[0, 0] is -0.0, but you have -0.07928672; layer_1 agrees",
        "  in backpropagate: layer_1_delta = layer_2_delta.dot(weights_1_2.T) * relu2deriv(layer_1)",
        "  relu2deriv(layer_1) left out would give your numbers",
      ].join("\n"),
    );
    expect(report.parting).toMatchObject({ element: [0, 0], theirs: -0.07928672, phase: "backpropagate" });
  });

  test("its weights of cell 58, taken for those of cell 73", () => {
    // What the weights were before the update is what they are at the end of no batch; only the update is missing.
    const report = checkNumbers(iteration(), { weights_1_2: [[0.07763347], [-0.16161097], [0.370439]] });
    expect(report.parting).toMatchObject({ array: "weights_1_2", element: [1, 0], theirs: -0.16161097 });
    expect(`${report}`.split("\n").pop()).toBe("  none of the usual slips gives your numbers");
    const before = iteration().seek({ epoch: 0, batch: 0, phase: "update" });
    expect(checkNumbers(before, { weights_1_2: [[0.07763347], [-0.16161097], [0.370439]] }).passed).toBe(
      true,
    );
  });

  test("its delta with the other sign, as cell 42 has it", () => {
    const trace = iteration();
    const report = checkNumbers(trace, { layer_2_delta: [[1.02129555]] });
    expect(`${report}`).toBe(
      [
        `layer_2_delta[0, 0] is ${trace.read("layer_2_delta")!.at(0, 0)}, but you have 1.02129555; nothing before it was given`,
        "  in backpropagate: layer_2_delta = layer_2 - walk_vs_stop",
        "  the other sign would give your numbers",
      ].join("\n"),
    );
  });
});

describe("tolerance:", () => {
  const trace = chapter();
  const ours = trace.read("weights_1_2")!;
  const moved = (by: number) => {
    const copy = ours.copy();
    copy.data[2] = copy.data[2]! + by;
    return checkNumbers(trace, { weights_1_2: copy });
  };

  test("the last of 8 printed digits may be rounded, the one before not", () => {
    expect(moved(5e-9).passed).toBe(true);
    expect(moved(3e-8).passed).toBe(false);
    expect(moved(3e-8).parting!.element).toEqual([2, 0]);
  });

  test("a difference as small as float32 leaves is said to be one", () => {
    const copy = array(ours, "float32").astype("float64");
    const exact = checkNumbers(trace, { weights_1_2: copy }, { tolerance: 1e-10 });
    expect(exact.parting!.slips.map(({ says }) => says)).toEqual(["computed in float32"]);
    expect(moved(3e-6).parting!.slips).toEqual([]);
  });

  test("none at all compares every bit but the sign of zero", () => {
    expect(checkNumbers(trace, { weights_1_2: ours }, { tolerance: 0 }).passed).toBe(true);
    const copy = ours.copy();
    copy.data[0] = copy.data[0]! * (1 + 2 ** -52);
    expect(checkNumbers(trace, { weights_1_2: copy }, { tolerance: 0 }).passed).toBe(false);
    const layer_1 = (trace.read("layer_1")!.toArray() as number[][]).map((row) => row.map((x) => x + 0));
    expect(checkNumbers(trace, { layer_1 }, { tolerance: 0 }).passed).toBe(true);
  });

  test("small numbers, which NumPy prints with exponents, have as many digits", () => {
    const late = Trace.record(lights({ epochs: 150, batch: 1 }));
    const size = (delta: number) => Math.abs(delta) < 1e-9 && Math.abs(delta) > 1e-14;
    expect(late.find(stopWhen("layer_2_delta", (numbers) => size(numbers.at(0, 0))))).toBe(true);
    const delta = late.read("layer_2_delta")!.at(0, 0);
    expect(checkNumbers(late, { layer_2_delta: [[Number(delta.toExponential(8))]] }).passed).toBe(true);
    expect(checkNumbers(late, { layer_2_delta: [[0]] }).passed).toBe(false);
    const twice = checkNumbers(late, { layer_2_delta: [[Number((2 * delta).toExponential(8))]] });
    expect(twice.parting!.slips.map(({ says }) => says)).toEqual(["a factor 2"]);
  });
});

describe("what cannot be compared is refused:", () => {
  const trace = chapter();

  test("an unknown name", () => {
    expect(() => checkNumbers(trace, { layer_1_delt: [[0]] })).toThrow(
      new NameError('there is no array "layer_1_delt" in train; did you mean "layer_1_delta"?'),
    );
  });

  test("another shape", () => {
    expect(() => checkNumbers(trace, { layer_1_delta: [[1, 2, 3]] })).toThrow(
      new ShapeError("layer_1_delta is 1 × 4 here, but the numbers given for it are 1 × 3"),
    );
    expect(() => checkNumbers(trace, { weights_1_2: [[1, 2, 3, 4]] })).toThrow(
      new ShapeError("weights_1_2 is 4 × 1 here, but the numbers given for it are 1 × 4: is a .T missing?"),
    );
    expect(() => checkNumbers(trace, { layer_1: [[1, 2], [3]] })).toThrow(ShapeError);
  });

  test("an array that the trace has not come to", () => {
    const early = chapter().seek({ epoch: 1, batch: 2, phase: "compare" });
    const steps = early.program.data.steps;
    const wanted = steps.findIndex(({ writes }) => writes === "layer_1_delta") + 1;
    const here = steps.findIndex(({ phase }) => phase === "compare");
    expect(() => checkNumbers(early, { layer_1_delta: [[0, 0, 0, 0]] })).toThrow(
      new TraceError(
        `layer_1_delta is not computed yet at epoch 1, batch 2, step ${here}: go forward to step ${wanted}`,
      ),
    );
  });

  test("nothing, and a tolerance that is none", () => {
    expect(() => checkNumbers(trace, {})).toThrow("checkNumbers: give at least one array");
    expect(() => checkNumbers(trace, { layer_1: [[0]] }, { tolerance: -1 })).toThrow(
      "checkNumbers: tolerance is -1, but must be at least 0",
    );
  });
});

test("numbers that no slip gives are only shown where they part", () => {
  const trace = chapter();
  const report = checkNumbers(trace, { alpha: 0.3, layer_0: trace.read("layer_0")! });
  expect(`${report}`).toBe(
    [
      "alpha is 0.2, but you have 0.3; nothing before it was given",
      "  none of the usual slips gives your numbers",
    ].join("\n"),
  );
});

test("a trace that was edited by hand in the midst of the batch is compared as edited", () => {
  const trunk = Trace.record(lights({ epochs: 3, batch: 1 }));
  const steps = trunk.program.data.steps.length;
  const branch = trunk.seek({ epoch: 1, batch: 0, phase: "backpropagate" }).edit("weights_1_2", [1, 0], 0.5);
  branch.seek({ epoch: 1, batch: 0, step: steps });
  const delta = branch.read("layer_2_delta")!.at(0, 0);
  const slope = array(branch.read("layer_1")!).greater(0).astype("float64");
  const weights = trunk.seek({ epoch: 1, batch: 0 }).read("weights_1_2")!;
  weights.data[1] = 0.5;
  // With the number edited, and without relu2deriv: delta times the weights.
  const dropped = array(weights.T).multiply(delta);
  expect(checkNumbers(branch, { layer_1_delta: dropped.multiply(slope) }).passed).toBe(true);
  expect(checkNumbers(branch, { layer_1_delta: dropped }).parting!.slips.map(({ kind }) => kind)).toEqual([
    "slope",
  ]);
});
