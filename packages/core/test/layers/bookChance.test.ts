import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Session } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { FileError } from "../../src/files/stored.ts";
import { reluWith } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { normal, uniform } from "../../src/layers/initializers.ts";
import { meanOf } from "../../src/losses/loss.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { checkNumbers } from "../../src/network/checks.ts";
import { type Network, network } from "../../src/network/network.ts";
import type { NetworkOptions } from "../../src/network/options.ts";
import { momentum } from "../../src/optimizers/momentum.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import type { Precision } from "../../src/program/data.ts";
import { print } from "../../src/program/print/print.ts";
import type { PrintOptions } from "../../src/program/print/script.ts";
import { python } from "../../src/text/scalar.ts";
import { compare } from "../../src/trace/compare.ts";
import { loadTrace, saveTrace } from "../../src/trace/file.ts";
import { stopWhen } from "../../src/trace/stopWhen.ts";
import { Trace } from "../../src/trace/trace.ts";
import { sealed } from "../files/sealed.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "../program/execute.ts";
import { weightsOf } from "../train/nets.ts";

/** Seven images of five pixels, so that batches of 2, 3 and 4 end in a partial one. */
const images = Array.from({ length: 7 }, (_, row) =>
  Array.from({ length: 5 }, (_, column) => ((row * 31 + column * 57 + row * column * 7) % 256) / 255),
);
const labels = images.map((_, row) => [0, 1, 2].map((column) => Number(row % 3 === column)));
const data = { inputs: images, targets: labels };

const relu = reluWith({ derivativeAtZero: 1, of: "output" });

function net({
  deep = false,
  hidden = 6,
  ...options
}: NetworkOptions & { deep?: boolean; hidden?: number } = {}) {
  const silenced = { activation: relu, bias: false, dropout: 0.5 };
  return network(
    5,
    [dense(hidden, silenced), ...(deep ? [dense(3, silenced)] : []), dense(3, { bias: false })],
    { seed: 1, initialize: uniform(-0.1, 0.1), chance: "book", ...options },
  );
}

const learning = { loss: halfSquaredError, optimizer: sgd(0.05) };

describe("a listing of the book's prints these errors, run by Python, and leaves these weights, to the bit", () => {
  const cases = [
    { deep: false, hidden: 6, batch: 1, mean: false, iterations: 12 },
    { deep: false, hidden: 40, batch: 3, mean: true, iterations: 12 },
    { deep: true, hidden: 6, batch: 1, mean: false, iterations: 8 },
    { deep: true, hidden: 7, batch: 4, mean: true, iterations: 12 },
    { deep: false, hidden: 9, batch: 7, mean: false, iterations: 5 },
  ];
  const script = readFileSync(new URL("bookChance.py", import.meta.url), "utf8");
  const outcomes = JSON.parse(
    runPython(
      script,
      cases.map((each) => ({ ...each, images, labels })),
    ),
  ) as { printed: string[]; weights: Record<string, string[]>; key: number[]; pos: number }[];

  test.each(cases.map((each, place) => ({ ...each, outcome: outcomes[place]! })))(
    "deep: $deep, $hidden units, batches of $batch",
    async ({ outcome, iterations, batch, mean, ...shape }) => {
      const made = net(shape);
      const epochs = await made.fit(data, {
        loss: mean ? meanOf(halfSquaredError) : halfSquaredError,
        optimizer: sgd(0.05),
        batch,
        epochs: iterations,
      });
      expect(epochs.map(({ metrics }) => `Error : ${python(metrics.squaredError)}`)).toEqual(outcome.printed);
      for (const [name, wanted] of Object.entries(outcome.weights))
        expect([...made.read(name).data].map(hex), name).toEqual(wanted);
      // And both generators stand at one place.
      expect(made.progress.generator!.state).toEqual({ key: outcome.key, pos: outcome.pos });
    },
  );
});

/** A float64 as Python's `float.hex` writes it. */
function hex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const digits = (bits & 0xfffffffffffffn).toString(16).padStart(13, "0");
  if (value === 0) return Object.is(value, -0) ? "-0x0.0p+0" : "0x0.0p+0";
  const power = exponent - 1023;
  return `${value < 0 ? "-" : ""}0x1.${digits}p${power < 0 ? "" : "+"}${power}`;
}

describe.each(["float64", "float32"] as const)(
  "printed programs in %s draw likewise",
  (precision: Precision) => {
    const loop = { epochs: 4, batch: 3, report: 1 };
    const numbers = { layer_0: images, goal: labels };

    /** What the reference learns, and what printed programs do. */
    function expectPrinted(
      made: Network,
      given: Partial<PrintOptions> & { data: Record<string, unknown> },
    ): void {
      const program = made.trainer(learning);
      const names = made.weightNames;
      const options = { loop, seed: 1, chance: "book" as const, ...given } as PrintOptions;
      const session = reference.open(program, { capacity: 3, seed: 1, chance: "book" });
      for (const [name, values] of Object.entries(given.data))
        if (names.includes(name)) session.write({ [name]: values as never });
      session.load({ layer_0: images, goal: labels });
      session.fit(loop);
      const text = (dialect: "numpy-exact" | "typescript") => print(program, dialect, options);
      const [exact] = runPythonPrograms([{ text: text("numpy-exact"), names }]);
      const typescript = runTypescript({ text: text("typescript"), names });
      for (const name of names) {
        expectSameBits(exact!.numbers[name]!, session.read(name).data, `numpy-exact ${name}`);
        expectSameBits(typescript.numbers[name]!, session.read(name).data, `typescript ${name}`);
      }
      expect(typeErrors([text("typescript")])).toEqual([]);
    }

    test("with one mask a batch, and with two", () => {
      expectPrinted(net({ precision }), { data: numbers });
      expectPrinted(net({ precision, deep: true }), { data: numbers });
    });

    test("after weights that are normally distributed, or of which some are given", () => {
      expectPrinted(net({ precision, initialize: normal(0, 0.3) }), { data: numbers });
      const given = net({ precision, seed: 9 }).read("weights_0_1");
      expectPrinted(net({ precision }), { data: { ...numbers, weights_0_1: given } });
      const all = net({ precision, seed: 9 });
      expectPrinted(net({ precision }), { data: { ...numbers, ...weightsOf(all) } });
      expectPrinted(net({ precision, initialize: { value: 0.1 } }), { data: numbers });
    });

    test("in the book's words", () => {
      const program = net({ precision }).trainer(learning);
      const text = (dialect: "numpy" | "typescript", more = {}) =>
        print(program, dialect, { data: numbers, seed: 1, chance: "book", ...more });
      expect(text("numpy", { loop })).toContain(
        "        layer_1_mask = np.random.randint(2, size=(len(layer_0), 6))\n",
      );
      expect(text("numpy")).toContain("\nlayer_1_mask = np.random.randint(2, size=(len(layer_0), 6))\n");
      for (const dialect of ["numpy", "typescript"] as const)
        expect(text(dialect, { loop })).not.toMatch(/dropout_mask|dropoutMask/);
    });

    test("for one batch without a loop", () => {
      const program = net({ precision }).trainer(learning);
      const session = reference.open(program, { capacity: 7, seed: 1, chance: "book", keep: "all" });
      session.write(numbers);
      session.run();
      const options = { data: numbers, seed: 1, chance: "book" as const };
      const names = ["layer_1_mask", "layer_1", "weights_0_1"];
      const [exact] = runPythonPrograms([{ text: print(program, "numpy-exact", options), names }]);
      const typescript = runTypescript({ text: print(program, "typescript", options), names });
      for (const name of names) {
        expectSameBits(exact!.numbers[name]!, session.read(name).data, name);
        expectSameBits(typescript.numbers[name]!, session.read(name).data, name);
      }
    });
  },
);

/** The training that the tests of time travel and slicing are about: 5 epochs of 3 batches, two masks each. */
const program = net({ deep: true }).trainer({ loss: halfSquaredError, optimizer: momentum(0.05) });
const score = {
  program,
  data: { layer_0: images, goal: labels },
  loop: { epochs: 5, batch: 3, order: [3, 1, 0, 2, 6, 5, 4] },
  seed: 1,
  chance: "book" as const,
};
const masks = ["layer_1_mask", "layer_2_mask"];
const watched = [...masks, "layer_1_delta", "weights_0_1", "weights_0_1_velocity"];

function opened(): Session {
  const session = reference.open(program, { capacity: 3, seed: 1, chance: "book", keep: "all" });
  session.load(score.data);
  return session;
}

/** What the watched arrays hold at the end of each batch of a training that runs through. */
const atTheEndOf = (() => {
  const session = opened();
  return Array.from({ length: 15 }, (_, batch) => {
    session.fit({ ...score.loop, from: batch, to: batch + 1 });
    return Object.fromEntries(watched.map((name) => [name, [...session.read(name).toTyped()]]));
  });
})();

test("masks are 0 or 1, half and half, and every batch has its own", () => {
  const all = atTheEndOf.flatMap((each) => masks.flatMap((name) => each[name]!));
  expect(new Set(all)).toEqual(new Set([0, 1]));
  const share = all.filter((value) => value === 1).length / all.length;
  // Four deviations of a binomial share.
  expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / all.length));
  expect(new Set(atTheEndOf.map((each) => each.layer_1_mask!.join())).size).toBe(15);
});

describe("time travel", () => {
  test.each([1, 20_000, 16 * 1024 * 1024])(
    "seeks, walks and plays step by step to the same masks, with keyframes in %i bytes",
    (budget) => {
      const trace = Trace.record(score, { budget });
      const steps = program.data.steps.length;
      const expectAt = (batch: number): void => {
        for (const name of watched)
          expect([...trace.read(name)!.toTyped()], `${name} of batch ${batch}`).toEqual(
            atTheEndOf[batch]![name],
          );
      };
      const goTo = (batch: number, step: number) =>
        trace.seek({ epoch: Math.floor(batch / 3), batch: batch % 3, step });
      for (const batch of [14, 3, 4, 5, 0, 9, 9, 1]) {
        goTo(batch, steps);
        expectAt(batch);
      }
      // Masks are there when a batch begins, and stay until it ends.
      goTo(7, 0);
      for (const name of masks) expect([...trace.read(name)!.toTyped()]).toEqual(atTheEndOf[7]![name]);
      for (let step = 1; step <= steps; step++) trace.forward("step");
      expectAt(7);
      trace.forward("step");
      trace.back("line");
      trace.back("line");
      trace.back("phase");
      goTo(7, steps);
      expectAt(7);
      while (trace.position.epoch < 4 || trace.position.batch < 2) trace.forward("line");
      goTo(14, steps);
      expectAt(14);
      trace.back("epoch");
      trace.back("batch");
      goTo(11, steps);
      expectAt(11);
    },
  );

  test("walks at random and always finds the same numbers", () => {
    const steps = program.data.steps.length;
    const trace = Trace.record(score, { budget: 30_000 });
    const place = fc.record({ batch: fc.nat(14), step: fc.nat(steps) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (places) => {
        for (const { batch, step } of places) {
          trace.seek({ epoch: Math.floor(batch / 3), batch: batch % 3, step });
          for (const name of masks)
            expect([...trace.read(name)!.toTyped()]).toEqual(atTheEndOf[batch]![name]);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a trace goes to a file and comes back, edits and all, and says what its chance is", () => {
    const branch = Trace.record(score)
      .seek({ epoch: 2, batch: 1, step: 3 })
      .edit("weights_0_1", [0, 0], 0.25);
    const text = saveTrace(branch);
    expect(JSON.parse(text).chance).toBe("book");
    const again = loadTrace(text);
    expect(again.hashes).toEqual(branch.hashes);
    expect(compare(branch, again)).toBeUndefined();
    const file = JSON.parse(text);
    expect(() => loadTrace(JSON.stringify({ ...file, chance: "dice" }))).toThrow(
      new FileError('the trace\'s "chance" must be "book" or left out'),
    );
    expect(() => loadTrace(JSON.stringify({ ...file, chance: undefined }))).toThrow(
      "this trace is not what was recorded when 0 batches have run",
    );
  });

  test("a branch has its masks from where it parts, and the comparison finds the number that was set", () => {
    const trunk = Trace.record(score);
    const branch = trunk.seek({ epoch: 1, batch: 2 }).edit("weights_1_2", [1, 1], 0.5);
    expect(compare(trunk, branch)).toMatchObject({
      epoch: 1,
      batch: 2,
      array: "weights_1_2",
      element: [1, 1],
    });
    branch.seek({ epoch: 4, batch: 0 });
    for (const name of masks) expect([...branch.read(name)!.toTyped()]).toEqual(atTheEndOf[12]![name]);
  });

  test("a learner's numbers are compared under the masks of their batch", async () => {
    const trace = Trace.record(score).seek({ epoch: 3, batch: 1, phase: "update" });
    const numbers = trace.read("layer_1_delta")!.toArray() as number[][];
    const report = await checkNumbers(trace, { layer_1_delta: numbers.map((row) => row.map((x) => -x)) });
    expect(report.parting).toMatchObject({ array: "layer_1_delta", slips: [{ kind: "sign" }] });
    expect((await checkNumbers(trace, { layer_1_delta: numbers })).passed).toBe(true);
  });
});

describe("any slicing gives the same bits", () => {
  test("of fit", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(15), { maxLength: 5 }), (cuts) => {
        const session = opened();
        const stops = [...cuts, 0, 15].sort((a, b) => a - b);
        for (const [place, from] of stops.slice(0, -1).entries())
          session.fit({ ...score.loop, from, to: stops[place + 1]! });
        for (const name of watched)
          expect([...session.read(name).toTyped()], name).toEqual(atTheEndOf[14]![name]);
      }),
      { numRuns: 30 },
    );
  });

  test("of a batch into phases and steps, for a run keeps the masks of its batch", () => {
    const session = opened();
    const rowsOf = (numbers: number[][], batch: number) =>
      score.loop.order.slice(3 * (batch % 3), 3 * (batch % 3) + 3).map((row) => numbers[row]!);
    for (let batch = 0; batch < 15; batch++) {
      session.write({ layer_0: rowsOf(images, batch), goal: rowsOf(labels, batch) });
      session.run({ batch, phase: "predict" });
      session.run("compare");
      session.run({ phase: "backpropagate", batch });
      session.run("update");
    }
    for (const name of watched)
      expect([...session.read(name).toTyped()], name).toEqual(atTheEndOf[14]![name]);
  });

  test("of a training into epochs and checkpoints, whatever is looked at on the way", async () => {
    const options = { loss: halfSquaredError, optimizer: momentum(0.05), batch: 3, shuffle: true };
    const validation = { inputs: images.slice(0, 2), targets: labels.slice(0, 2) };
    const whole = net({ deep: true });
    await whole.fit(data, { ...options, epochs: 7 });

    const parts = net({ deep: true });
    for await (const epoch of parts.train(data, { ...options, validation, epochs: 9 }))
      if (epoch.number === 2) break;
    const restored = net({ deep: true });
    loadCheckpoint(restored, saveCheckpoint(parts));
    await restored.predict(images);
    await restored.fit(data, { ...options, epochs: 3, watch: ["layer_1"] });
    await restored.fit(data, { ...options, epochs: 2 });
    expect(saveCheckpoint(restored)).toBe(saveCheckpoint(whole));
  });

  test("and a fresh training draws from where the weights were drawn", async () => {
    const made = net();
    const start = made.progress.generator;
    await made.fit(data, { ...learning, epochs: 2 });
    expect(made.progress.generator).not.toEqual(start);
    const weights = weightsOf(made);
    await made.fit(data, { ...learning, epochs: 1, fresh: true });
    const again = net();
    for (const [name, values] of Object.entries(weights)) again.write(name, values as never);
    await again.fit(data, { ...learning, epochs: 1 });
    expect(saveCheckpoint(again)).toBe(saveCheckpoint(made));
  });

  test("a training that stops within an epoch goes on with the next masks", async () => {
    const stop = stopWhen("layer_1", () => true);
    const made = net();
    const [epoch] = await made.fit(data, { ...learning, batch: 3, epochs: 1, stopWhen: stop });
    expect(epoch!.rows).toBe(3);
    const session = reference.open(made.trainer(learning), { capacity: 3, seed: 1, chance: "book" });
    session.load({ layer_0: images, goal: labels });
    session.fit({ batch: 3, to: 1 });
    expect(made.progress.generator).toEqual(session.generator);
  });
});

describe("what cannot be is refused", () => {
  test("a rate other than a half, before training", async () => {
    const made = network(5, [dense(4, { dropout: 0.25 }), dense(3)], { chance: "book" });
    const before = saveCheckpoint(made);
    const message =
      "layer_1_mask: the book's masks silence one half, randint(2), but the rate is 0.25: make it 0.5";
    await expect(made.fit(data, { ...learning, epochs: 1 })).rejects.toThrow(new RangeError(message));
    expect(saveCheckpoint(made)).toBe(before);
    const numbers = { layer_0: images, goal: labels };
    const trainer = made.trainer(learning);
    expect(() => reference.open(trainer, { seed: 1, chance: "book" })).toThrow(message);
    expect(() => print(trainer, "numpy", { data: numbers, seed: 1, chance: "book" })).toThrow(message);
    expect(() => Trace.record({ ...score, program: trainer })).toThrow(message);
  });

  test("another kind of chance, and no seed", async () => {
    const dice = "dice" as "book";
    const message = 'chance is "dice", but must be "book" or left out';
    expect(() => reference.open(program, { seed: 1, chance: dice })).toThrow(new RangeError(message));
    await expect(net({ chance: dice }).fit(data, { ...learning, epochs: 1 })).rejects.toThrow(message);
    expect(() => reference.open(program, { chance: "book" })).toThrow("give a seed");
  });

  test("a generator where there is none, and checkpoints of the other kind or with a broken one", () => {
    const counted = reference.open(program, { seed: 1 });
    expect(counted.generator).toBeUndefined();
    const message = 'generator: only that of chance: "book" can be set, to what it was before';
    expect(() => {
      counted.generator = opened().generator;
    }).toThrow(message);
    for (const wrong of [undefined, null, {}, { state: { key: [1], pos: 0 } }])
      expect(() => {
        opened().generator = wrong as never;
      }).toThrow(message);
    const [book, plain] = [
      saveCheckpoint(net()),
      saveCheckpoint(
        network(5, [dense(6, { bias: false }), dense(3, { bias: false })], {
          initialize: uniform(-0.1, 0.1),
        }),
      ),
    ];
    const silent = () =>
      network(5, [dense(6, { bias: false }), dense(3, { bias: false })], { initialize: uniform(-0.1, 0.1) });
    expect(() => loadCheckpoint(silent(), book)).toThrow(FileError);
    const withBook = network(5, [dense(6, { bias: false }), dense(3, { bias: false })], {
      initialize: uniform(-0.1, 0.1),
      chance: "book",
    });
    expect(() => loadCheckpoint(withBook, plain)).toThrow(
      'this checkpoint is of a network without chance: "book"',
    );
    expect(() => loadCheckpoint(silent(), saveCheckpoint(withBook))).toThrow(
      'this checkpoint is of a network with chance: "book"',
    );
    const file = JSON.parse(saveCheckpoint(withBook));
    file.generator.state.pos = 900;
    expect(() => loadCheckpoint(withBook, sealed(file))).toThrow(
      'the checkpoint\'s "generator" is no state of a generator: state: pos is 900',
    );
  });
});
