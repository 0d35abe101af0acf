import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Chance,
  dense,
  halfSquaredError,
  loadProgram,
  momentum,
  network,
  openSession,
  type Run,
  relu,
  type Session,
} from "../../src/index.ts";
import { phases } from "../../src/program/data.ts";
import { expectSameBits } from "../program/bits.ts";

const net = network(3, [dense(6, { activation: relu, dropout: 0.5 }), dense(2, { dropout: 0.5 })], {
  seed: 4,
});
const train = net.trainer({ loss: halfSquaredError, optimizer: momentum(0.05) });
const masks = ["layer_1_mask", "layer_2_mask"];
const inputs = [
  [1, 0, 1],
  [0, 1, 1],
];
const goal = [
  [1, 0],
  [0.5, 0.25],
];

const engines = ["reference", "wasm"] as const;
const chances: readonly (Chance | undefined)[] = [undefined, "book"];
const cases = engines.flatMap((engine) => chances.map((chance) => ({ engine, chance })));

describe.each(cases)("$engine, chance $chance", ({ engine, chance }) => {
  const opened = async (): Promise<Session> => {
    const session = await openSession(train, { engine, seed: 4, chance, capacity: 2, keep: "all" });
    session.write({ layer_0: inputs, goal });
    return session;
  };
  const maskOf = (session: Session) => masks.flatMap((name) => [...session.read(name).data]).join();
  /** The masks of batches 0 to 9, each told to a session by its number. */
  const told = async (): Promise<string[]> => {
    const session = await opened();
    return Array.from({ length: 10 }, (_, batch) => {
      session.run({ batch });
      return maskOf(session);
    });
  };

  test("a run that begins again is of the next batch", async () => {
    const wanted = await told();
    expect(new Set(wanted).size).toBe(10);
    const session = await opened();
    for (const mask of wanted) {
      session.run();
      expect(maskOf(session)).toBe(mask);
    }
  });

  test("runs without numbers have the bits of fit", async () => {
    const [ran, fitted] = [await opened(), await opened()];
    for (let batch = 0; batch < 7; batch++) ran.run();
    fitted.load({ layer_0: inputs, goal });
    fitted.fit({ epochs: 7, batch: 2 });
    for (const { name } of train.data.arrays)
      expectSameBits(ran.read(name).data, fitted.read(name).data, name);
    // After it, a run counts on.
    for (const session of [ran, fitted]) {
      session.run();
      expect(maskOf(session)).toBe((await told())[7]);
    }
  });

  test("the parts of a batch have its masks, however it is cut", async () => {
    const wanted = await opened();
    for (let batch = 0; batch < 3; batch++) wanted.run();
    const { length } = train.data.steps;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(length), { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
        async (batches) => {
          const session = await opened();
          for (const cuts of batches) {
            const stops = [0, ...cuts, length].sort((a, b) => a - b);
            for (const [k, from] of stops.slice(0, -1).entries())
              session.run({ steps: [from, stops[k + 1]!] });
          }
          for (const { name } of train.data.arrays)
            expectSameBits(session.read(name).data, wanted.read(name).data, name);
          session.close();
        },
      ),
      { numRuns: 15 },
    );
    const session = await opened();
    for (let batch = 0; batch < 3; batch++) for (const phase of phases) session.run(phase);
    expectSameBits(session.read("weights_0_1").data, wanted.read("weights_0_1").data);
  });

  test("predicting alone goes on to the next batch, comparing again stays in it", async () => {
    const wanted = await told();
    const session = await opened();
    const after = (run: Run) => {
      session.run(run);
      return wanted.indexOf(maskOf(session));
    };
    expect([
      after({ phase: "predict" }),
      after({ phase: "predict" }),
      after({ phase: "compare" }),
      after({ phase: "compare" }),
      after({ phase: "backpropagate" }),
      after({ phase: "predict" }),
      after({}),
    ]).toEqual([0, 1, 1, 1, 1, 2, 3]);
  });

  test("a number that is given is where counting goes on", async () => {
    const session = await opened();
    const other = await opened();
    session.run({ batch: 40, phase: "predict" });
    session.run("compare");
    other.run({ batch: 40 });
    expect(maskOf(session)).toBe(maskOf(other));
    session.run();
    other.run({ batch: 41 });
    expect(maskOf(session)).toBe(maskOf(other));
    session.run({ batch: 41 });
    expect(maskOf(session)).toBe(maskOf(other));
  });

  test("each program counts its own, and what runs in between changes no mask", async () => {
    const wanted = await opened();
    const second = net.trainer({ loss: halfSquaredError, optimizer: momentum(0.05), metrics: [] });
    const renamed = loadProgram({ ...second.data, name: "other" });
    const session = await openSession([train, renamed, net.predictor], {
      engine,
      seed: 4,
      chance,
      capacity: 2,
      keep: "all",
    });
    session.write({ layer_0: inputs, goal });
    session.run("predict");
    const mask = maskOf(session);
    wanted.run("predict");
    expect(mask).toBe(maskOf(wanted));
    session.run({ program: "predict" });
    session.run({ program: "other", phase: "predict" });
    session.run({ program: "predict" });
    session.run({ phase: "predict", batch: 0 });
    session.run("compare");
    session.run("backpropagate");
    expect(maskOf(session)).toBe(mask);
    wanted.run("compare");
    wanted.run("backpropagate");
    for (const name of ["layer_1_delta", "layer_2_delta"])
      expectSameBits(session.read(name).data, wanted.read(name).data, name);
  });
});
