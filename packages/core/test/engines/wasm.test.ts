import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumericArray } from "../../src/array/numericArray.ts";
import { RandomState } from "../../src/array/randomState.ts";
import { type Session, SessionError } from "../../src/engines/engine.ts";
import { openSession } from "../../src/engines/open.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { halfSquaredError } from "../../src/losses/squared.ts";
import { network } from "../../src/network/network.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { block } from "../../src/shape/block.ts";
import { examples as data, train as program } from "./crossing.ts";

/** A network wide enough for its products to be shared out. */
function wide() {
  const net = network(40, [dense(64, { activation: relu }), dense(8)]);
  const rows = 64;
  return {
    program: net.trainer({ loss: halfSquaredError, optimizer: sgd(0.001) }),
    data: {
      layer_0: new Array(rows).fill(new Array(40).fill(0.1)),
      goal: new Array(rows).fill(new Array(8).fill(1)),
    },
    rows,
  };
}

function train(threads = 1): void {
  const session = wasm.open(program, { seed: 1, threads });
  session.load(data);
  session.fit({ epochs: 60 });
  session.close();
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the process holds after everything that nobody holds is gone, in two rounds, as finalizers hold some for one. */
const megabytes = () => {
  collect();
  collect();
  return process.memoryUsage().rss / 1e6;
};

describe("a session leaves nothing behind", () => {
  test.each([reference, wasm])("closed, it holds no memory, even if somebody holds it: $name", (engine) => {
    const large = new ProgramBuilder("large");
    large.name("y", large.ops.square(large.input("x", ["batch", 1_000_000])));
    const [program, rows] = [large.build(), new Float64Array(8_000_000).fill(1)];
    const closed = () => {
      const session = engine.open(program, { capacity: 8 });
      session.load({ x: block("float64", [8, 1_000_000], rows) });
      session.write({ x: block("float64", [8, 1_000_000], rows) });
      session.run();
      session.close();
      return session;
    };
    closed();
    const before = megabytes();
    // 128 MB each.
    const held = [closed(), closed(), closed(), closed()];
    expect(megabytes() - before).toBeLessThan(200);
    expect(() => held[0]!.read("x")).toThrow("this session is closed");
  });

  test("10,000 trainings of the chapter's network in one session take no more memory than 1,000", () => {
    const session = wasm.open(program, { seed: 1 });
    session.load(data);
    for (let k = 0; k < 1_000; k++) session.fit({ epochs: 60 });
    const before = megabytes();
    for (let k = 0; k < 9_000; k++) session.fit({ epochs: 60 });
    expect(megabytes() - before).toBeLessThan(30);
    session.close();
  });

  test("1,000 cycles of opening, loading, training and closing take no more memory than 200", () => {
    for (let k = 0; k < 200; k++) train();
    const before = megabytes();
    for (let k = 0; k < 800; k++) train();
    expect(megabytes() - before).toBeLessThan(40);
  });

  test("its threads end with it", async () => {
    const tasks = () => readdirSync("/proc/self/task").length;
    const ended: Promise<unknown>[] = [];
    const note = (worker: Worker) => ended.push(new Promise((done) => worker.once("exit", done)));
    process.on("worker", note);
    const { program: widened, data: rows, rows: capacity } = wide();
    const before = tasks();
    for (let k = 0; k < 10; k++) {
      const session = await openSession(widened, { engine: "wasm", threads: 3, capacity, seed: 1 });
      session.load(rows);
      session.fit({ epochs: 2, batch: "full" });
      expect(tasks()).toBeGreaterThanOrEqual(before + 2);
      session.close();
      await Promise.all(ended);
    }
    process.off("worker", note);
    expect(ended.length).toBe(20);
    expect(tasks()).toBeLessThanOrEqual(before + 1);
  });
});

describe("a thread that is killed", () => {
  async function opened() {
    const workers: Worker[] = [];
    const note = (worker: Worker) => workers.push(worker);
    process.on("worker", note);
    const { program: widened, data: rows, rows: capacity } = wide();
    const session = await openSession(widened, { engine: "wasm", threads: 2, capacity, seed: 1 });
    process.off("worker", note);
    session.load(rows);
    session.fit({ epochs: 1, batch: "full" });
    return { session, worker: workers[0]! };
  }
  const lost = /thread 1 of 2 .*: the numbers of this session are no longer sound; close it/;

  test("between two calls is an error of the next", async () => {
    const { session, worker } = await opened();
    await worker.terminate();
    expect(() => session.fit({ epochs: 1, batch: "full" })).toThrow(SessionError);
    expect(() => session.fit({ epochs: 1, batch: "full" })).toThrow(lost);
    session.close();
  });

  test("during a call is an error of that call, not a hang", async () => {
    const { session, worker } = await opened();
    // It is told to end, but has not yet.
    const ending = worker.terminate();
    expect(() => session.fit({ epochs: 100_000, batch: "full" })).toThrow(
      /a thread did not come back: the numbers of this session are no longer sound/,
    );
    await ending;
    session.close();
  });
});

describe("what does not fit is one clear error", () => {
  const large = (rows: number, columns: number) => {
    const b = new ProgramBuilder("large", "float32");
    b.name("y", b.ops.matmul(b.input("x", ["batch", 1]), b.weights("w", [1, columns])));
    return [b.build(), { capacity: rows }] as const;
  };

  test("arrays beyond what WebAssembly can address", () => {
    expect(() => wasm.open(...large(1_000_000, 10_000))).toThrow(
      /^the arrays take more than [\d,]+ MiB, but WebAssembly has 4,096 MiB: open the session with a smaller capacity/,
    );
  });

  test("so many threads as nobody has", () => {
    for (const threads of [0, -1, 1.5, 65, Number.NaN])
      expect(() => wasm.open(program, { seed: 1, threads })).toThrow(
        `threads is ${threads}, but must be a whole number from 1 to 64`,
      );
  });
});

test("plan says what runs, and what was asked for but is not to be had", () => {
  const session = wasm.open(program, { seed: 1, fast: true, threads: 2 });
  expect(session.plan()).toMatch(
    /^wasm: train in float64, 1\d steps over 2\d arrays, capacity 1 rows; .*, 2 threads/,
  );
  session.close();
});

test("fast, numbers agree to the rounding of any order of adding up, in products of all shapes", () => {
  const size = fc.constantFrom(1, 2, 7, 16, 31, 33, 65, 130);
  fc.assert(
    fc.property(size, size, size, fc.boolean(), fc.boolean(), (n, k, m, left, right) => {
      const b = new ProgramBuilder("product", "float32");
      const x = b.weights("x", left ? [k, n] : [n, k]);
      const y = b.weights("y", right ? [m, k] : [k, m]);
      const { matmul, transpose } = b.ops;
      b.name("z", matmul(left ? transpose(x) : x, right ? transpose(y) : y));
      const made = b.build();
      const chance = new RandomState(n * k + m);
      const drawn = (rows: number, columns: number) => chance.randn(rows, columns) as NumericArray;
      const given = { x: left ? drawn(k, n) : drawn(n, k), y: right ? drawn(m, k) : drawn(k, m) };
      const fast = wasm.open(made, { fast: true });
      const promised = { precisions: ["float64", "float32"], unitsInTheLastPlace: 0 };
      const fused = fast.plan().includes("products fused");
      expect(fast.contract).toEqual({ ...promised, sums: fused ? "any" : "as written" });
      const product = (session: Session, numbers: Record<"x" | "y", NumericArray>) => {
        session.write(numbers);
        session.run();
        return session.read("z").toTyped();
      };
      const found = product(fast, given);
      const wanted = product(reference.open(made), given);
      // What the terms add up to without their signs bounds what any order loses (Higham 2002, 3.5).
      const most = product(reference.open(made), { x: given.x.abs(), y: given.y.abs() });
      for (let i = 0; i < wanted.length; i++)
        expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThanOrEqual(2 * k * 2 ** -24 * most[i]!);
    }),
    { numRuns: 150 },
  );
});
