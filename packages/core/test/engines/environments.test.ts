import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectSameBits } from "../program/bits.ts";

type Core = typeof import("../../src/index.ts");

/** The library anew: it remembers where memory was short. */
let core: Core;
const host = (globalThis as unknown as { WebAssembly: { Memory: new (limits: unknown) => object } })
  .WebAssembly;
const { Memory } = host;
const permission = Object.getOwnPropertyDescriptor(process, "permission");

beforeEach(async () => {
  vi.resetModules();
  core = await import("../../src/index.ts");
});
afterEach(() => {
  host.Memory = Memory;
  if (permission) Object.defineProperty(process, "permission", permission);
  else Reflect.deleteProperty(process, "permission");
});

/** From now on the host refuses memory as often as that; says how often it was asked. */
function refuse(times: number): { asked: number } {
  const count = { asked: 0 };
  host.Memory = class {
    constructor(limits: unknown) {
      if (++count.asked <= times) throw new RangeError("WebAssembly.Memory(): could not allocate memory");
      // biome-ignore lint/correctness/noConstructorReturn: it stands for the host's, which it gives.
      return new Memory(limits);
    }
  };
  return count;
}

const inputs = [
  [1, 0, 1],
  [0, 1, 1],
];
const data = { inputs, targets: [[1], [0]] };

function trained(options: object = {}) {
  const { dense, halfSquaredError, network, relu, sgd } = core;
  const net = network(3, [dense(4, { activation: relu }), dense(1)], { seed: 3, ...options });
  const fit = () => net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 4 });
  return { net, fit };
}

describe("where the host has no memory for another session", () => {
  test("the idle ones are closed, and it is asked once more", async () => {
    const { net, fit } = trained();
    await fit();
    const wanted = await net.predict(inputs);
    await fit();
    const other = trained();
    const count = refuse(1);
    await other.fit();
    expect(count.asked).toBe(2);
    expect(other.net.plan).toMatch(/^auto: wasm/);
    expectSameBits((await other.net.predict(inputs)).data, wanted.data);
    // The idle session is gone, and the next training opens one.
    const before = count.asked;
    await fit();
    expect(count.asked).toBe(before + 1);
  });

  test("nothing idle, it is asked but once", async () => {
    const count = refuse(Number.POSITIVE_INFINITY);
    await expect(core.openSession(trained().net.predictor, { seed: 1, engine: "wasm" })).rejects.toThrow(
      /^the WebAssembly memory of this session would take 1 MiB: more memory than there is; /,
    );
    expect(count.asked).toBe(1);
  });

  test("auto takes the reference, which has the same bits, and the plan says why", async () => {
    const count = refuse(Number.POSITIVE_INFINITY);
    const { net, fit } = trained();
    await fit();
    expect(net.plan).toMatch(/^auto: reference, since the host has no memory for a further session in WebAs/);
    const wanted = trained({ engine: "reference" });
    await wanted.fit();
    expectSameBits(net.read("weights_0_1").data, wanted.net.read("weights_0_1").data);
    expectSameBits((await net.predict(inputs)).data, (await wanted.net.predict(inputs)).data);
    // A host that had no memory for the first session is not asked again.
    expect(count.asked).toBe(1);
  });

  test("with fast and threads, too", async () => {
    refuse(Number.POSITIVE_INFINITY);
    const session = await core.openSession(trained().net.predictor, { seed: 1, fast: true, threads: 2 });
    expect(session.plan()).toMatch(/^auto: reference/);
  });

  test("what is given back may be taken again", async () => {
    const { predictor } = trained().net;
    const first = await core.openSession(predictor, { seed: 1 });
    refuse(1);
    const second = await core.openSession(predictor, { seed: 1 });
    expect(second.plan()).toMatch(/^auto: reference/);
    first.close();
    const third = await core.openSession(predictor, { seed: 1 });
    expect(third.plan()).toMatch(/^auto: wasm/);
  });
});

describe("more memory than any host has", () => {
  test("a session of the reference says how much, of which array, and how to take less", async () => {
    const b = new core.ProgramBuilder("large");
    b.name("y", b.ops.negate(b.weights("w", [2 ** 20, 2 ** 20])));
    const program = b.build();
    await expect(core.openSession(program, { engine: "reference" })).rejects.toThrow(
      /^w \(1048576 × 1048576\) would take 8,388,608 MiB: more memory than there is; a smaller capacity, /,
    );
    await expect(core.openSession(program, { engine: "reference" })).rejects.toBeInstanceOf(
      core.SessionError,
    );
  });

  test("and one with room for too many rows", () => {
    const { predictor } = trained().net;
    expect(() => core.reference.open(predictor, { seed: 1, capacity: 2 ** 40 })).toThrow(
      /^layer_0 \(1099511627776 × 3\) would take 25,165,824 MiB: more memory than there is; /,
    );
  });

  test.each(["uniform", "normal", "value"])("a network whose weights start with %s", (start) => {
    const { dense, network } = core;
    const initialize = { uniform: { uniform: [-1, 1] }, normal: { normal: [0, 1] }, value: { value: 2 } }[
      start
    ] as Parameters<typeof network>[2] extends { initialize?: infer Start } | undefined ? Start : never;
    expect(() => network(1, [dense(1e15)], { initialize })).toThrow(
      "weights_0_1 (1 × 1000000000000000) would take 7,629,394,532 MiB: more memory than there is",
    );
  });

  test("an array", () => {
    expect(() => core.zeros([2 ** 30, 2 ** 10])).toThrow(
      "an array would take 8,388,608 MiB: more memory than there is",
    );
    expect(() => core.ones(2 ** 50, "uint8")).toThrow("an array would take 1,073,741,824 MiB");
    expect(() => core.arange(2 ** 45)).toThrow("an array would take 268,435,456 MiB");
    // 2^104 numbers of 8 bytes are 2^87 MiB.
    expect(() => core.zeros([2 ** 52, 2 ** 52])).toThrow("an array would take 1.5474250491067253e+26 MiB");
  });
});

describe("where Node.js may not start threads", () => {
  test("one thread trains, and the plan says why", async () => {
    Object.defineProperty(process, "permission", {
      configurable: true,
      value: { has: (what: string) => what !== "worker" },
    });
    const { net, fit } = trained({ threads: 2 });
    await fit();
    expect(net.plan).toMatch(
      /1 thread\n {2}one thread instead of 2: the permission model of Node\.js forbids/,
    );
    const alone = trained();
    await alone.fit();
    expectSameBits(net.read("weights_0_1").data, alone.net.read("weights_0_1").data);
  });
});
