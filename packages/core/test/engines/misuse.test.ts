import { describe, expect, test } from "vitest";
import * as core from "../../src/index.ts";

const { dense, halfSquaredError, loadProgram, network, openSession, ProgramBuilder, reference, sgd } = core;

/** JavaScript, which no compiler has looked at. */
// biome-ignore lint/suspicious/noExplicitAny: what is tried here is what types forbid.
type Untyped = any;

const net = (): Untyped => network(1, [dense(1)]);
const { predictor } = net();
const trainer = net().trainer({ loss: halfSquaredError, optimizer: sgd(1) });
const builder = (): Untyped => new ProgramBuilder("tried");
const open = (...given: Untyped[]): Untyped => (openSession as Untyped)(...given);
const session = (): Untyped => {
  const opened = reference.open(trainer, { seed: 1, keep: "all" });
  opened.load({ layer_0: [[1], [2]], goal: [[1], [2]] });
  return opened;
};
const weights = (b = builder()) => [b, b.ops.total(b.ops.square(b.weights("w", [2])))];

/** What people leave out, or put in by mistake. */
const wrong: readonly unknown[] = [undefined, null, {}, [], 5, 5n, "x", true, Number.NaN, () => 1];

/** Calls by what is said of them: every argument in turn is something else. */
const calls: Readonly<Record<string, (given: Untyped) => unknown>> = {
  "network's options": (given) => (network as Untyped)(1, [dense(1)], given),
  "network's seed": (seed) => network(1, [dense(1)], { seed }),
  "network's layers": (layers) => network(1, layers),
  "a layer": (layer) => network(1, [layer]),
  "dense's options": (given) => network(1, [(dense as Untyped)(1, given)]),
  "a program to open": (given) => open(given, { seed: 1 }),
  "one program of a list": (given) => open([given], { seed: 1 }),
  "the reference's program": (given) => reference.open(given, { seed: 1 }),
  "a session's options": (given) => open(predictor, given),
  "a session's seed": (seed) => open(predictor, { seed }),
  keep: (keep) => open(predictor, { seed: 1, keep }),
  "a name in keep": (name) => open(predictor, { seed: 1, keep: [name] }),
  capacity: (capacity) => open(predictor, { seed: 1, capacity }),
  engine: (engine) => open(predictor, { seed: 1, engine }),
  fast: (fast) => open(predictor, { seed: 1, fast }),
  threads: (threads) => open(predictor, { seed: 1, threads }),
  chance: (chance) => open(predictor, { seed: 1, chance }),
  fit: (loop) => session().fit(loop),
  "fit's epochs": (epochs) => session().fit({ epochs }),
  "fit's settings": (settings) => session().fit({ epochs: 1, settings }),
  "a setting": (alpha) => session().fit({ epochs: 1, settings: { alpha } }),
  "fit's order": (order) => session().fit({ epochs: 1, order }),
  write: (arrays) => session().write(arrays),
  "a written array": (alpha) => session().write({ alpha }),
  load: (data) => session().load(data),
  "loaded rows": (layer_0) => session().load({ layer_0 }),
  run: (what) => session().run(what, 0),
  "a phase": (phase) => session().run({ phase }, 0),
  "a program to run": (program) => session().run({ program }, 0),
  "a batch": (batch) => session().run({ batch }, 0),
  steps: (steps) => session().run({ steps }, 0),
  rows: (rows) => session().run({ steps: [0, 0] }, rows),
  read: (name) => session().read(name),
  generator: (generator) => {
    session().generator = generator;
  },
  "a program's title": (title) => new ProgramBuilder(title),
  "a program's precision": (precision) => new ProgramBuilder("x", precision),
  "a name": (name) => builder().input(name, ["batch", 1]),
  "a shape": (shape) => builder().weights("w", shape),
  "how weights start": (start) => builder().weights("w", [2], start),
  "an input's type": (dtype) => builder().input("x", ["batch", 1], dtype),
  "a setting's value": (value) => builder().setting("alpha", value),
  "columns of noise": (columns) => builder().noise("m", columns, 0.5),
  "a rate of noise": (rate) => builder().noise("m", 3, rate),
  "what is named": (ref) => builder().name("y", ref),
  "a metric": (ref) => builder().metric("y", ref),
  "an op's array": (ref) => builder().ops.matmul(ref, ref),
  "a loss": (loss) => builder().gradient(loss),
  "gradient's options": (options) => {
    const [b, loss] = weights();
    b.gradient(loss, options);
  },
  "by what": (by) => {
    const [b, loss] = weights();
    b.gradient(loss, { by });
  },
  reduce: (reduce) => {
    const [b, loss] = weights();
    b.gradient(loss, { reduce });
  },
  inUpdate: (build) => builder().inUpdate(build),
  "what is updated": (target) => builder().update(target, target),
  "a program's array": (name) => predictor.array(name),
  "a trainer's options": (options) => net().trainer(options),
  "what a network reads": (name) => net().read(name),
  loadProgram: (data) => loadProgram(data),
};

/** How JavaScript itself complains. */
const fromInside =
  /is not a function|not iterable|not a constructor|Cannot (read|destructure|convert|mix|set)|typed array|intermediate|Reduce of|Invalid (array|count)|reading '/;

describe("errors are the library's own, whatever is given", () => {
  test.each(Object.entries(calls))("%s", async (_, call) => {
    for (const given of wrong) {
      let message = "";
      try {
        await call(given);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        ({ message } = error as Error);
      }
      expect(message, `given ${String(given)}`).not.toMatch(fromInside);
    }
  });

  test.each([
    [
      "fit without a loop",
      () => session().fit(),
      "fit: give a record, such as { epochs: 10 }, not undefined",
    ],
    [
      "keep: null",
      () => open(predictor, { seed: 1, keep: null }),
      'keep is null, but must be a list of names, such as ["layer_1"], or "all"',
    ],
    [
      "seed: null",
      () => network(1, [dense(1)], { seed: null as Untyped }),
      "seed is null; give a whole number from 0 to 4294967295, or a list of them",
    ],
    [
      "seed: 5n",
      () => network(1, [dense(1)], { seed: 5n as Untyped }),
      "seed is 5n; give a whole number from 0 to 4294967295, or a list of them",
    ],
    [
      "a network for a program",
      () => open(net(), { seed: 1 }),
      "a session runs programs, such as net.predictor, net.trainer({ … }) or builder.build(), not Network",
    ],
    [
      "write nothing",
      () => session().write(),
      "write: give a record, such as { layer_0: [[1, 0, 1]] }, not undefined",
    ],
    [
      "a layer that was not called",
      () => network(1, [dense(1), {} as Untyped]),
      "network: layer 2 is {}, not a layer such as dense(1)",
    ],
    ["an op without arrays", () => builder().ops.matmul(), "matmul: give 2 arrays"],
    ["read nothing", () => session().read(), "there is no array undefined in this session"],
  ])("%s", async (_, call, message) => {
    await expect((async () => call())()).rejects.toThrow(message);
  });
});
