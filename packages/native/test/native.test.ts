import {
  adam,
  categoricalCrossEntropy,
  dense,
  meanOf,
  type NumericArray,
  network,
  openSession,
  type Precision,
  ProgramBuilder,
  RandomState,
  reference,
  relu,
  sgd,
} from "@streetlight/core";
import type { WasmMemory } from "@streetlight/core/wasm";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { outsideBy } from "../src/blas.ts";
import { native } from "../src/index.ts";
import { coreType, loadLibrary } from "../src/library.ts";

const roundings: Readonly<Record<Precision, number>> = { float64: 2 ** -53, float32: 2 ** -24 };
const size = fc.constantFrom(1, 2, 7, 16, 31, 33, 64, 257);

/** Both operands as they lie or transposed, as a program may have them. */
function product(n: number, k: number, m: number, left: boolean, right: boolean, precision: Precision) {
  const b = new ProgramBuilder("product", precision);
  const x = b.weights("x", left ? [k, n] : [n, k]);
  const y = b.weights("y", right ? [m, k] : [k, m]);
  const { matmul, transpose } = b.ops;
  b.name("z", matmul(left ? transpose(x) : x, right ? transpose(y) : y));
  return b.build();
}

test("a product is within the rounding of any order of adding up", () => {
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom<Precision>("float64", "float32"),
      (n, k, m, left, right, precision) => {
        const program = product(n, k, m, left, right, precision);
        const chance = new RandomState(n * k + m);
        const drawn = (rows: number, columns: number) => chance.randn(rows, columns) as NumericArray;
        const given = { x: left ? drawn(k, n) : drawn(n, k), y: right ? drawn(m, k) : drawn(k, m) };
        const [found, wanted, sizes] = [
          [native(), given],
          [reference, given],
          // The sum of the sizes of all terms bounds what other orders may lose: k roundings of it (Higham 2002, 3.5).
          [reference, { x: sized(given.x), y: sized(given.y) }],
        ].map(([engine, numbers]) => {
          const session = (engine as typeof reference).open(program);
          session.write(numbers as typeof given);
          session.run();
          return session.read("z").toTyped();
        });
        for (let i = 0; i < wanted!.length; i++)
          expect(Math.abs(found![i]! - wanted![i]!)).toBeLessThanOrEqual(
            2 * k * roundings[precision] * sizes![i]!,
          );
      },
    ),
    { numRuns: 80 },
  );
});

function sized(numbers: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }) {
  const { shape, data } = numbers;
  return Array.from({ length: shape[0]! }, (_, row) =>
    Array.from({ length: shape[1]! }, (_, column) => Math.abs(data[row * shape[1]! + column]!)),
  );
}

describe.each(["float64", "float32"] as const)("a training in %s", (precision) => {
  test.each([
    ["sgd, whose update is part of the product", sgd(0.05)],
    ["adam", adam(0.01)],
  ])(
    "by %s agrees with the reference's to rounding, with partial batches and two threads",
    async (_, optimizer) => {
      const net = network(97, [dense(130, { activation: relu }), dense(33)], { precision, seed: 2 });
      const loss = meanOf(categoricalCrossEntropy);
      const program = net.trainer({ loss, optimizer });
      const chance = new RandomState(5);
      const data = { layer_0: chance.uniform(-1, 1, [70, 97]), goal: chance.uniform(0, 1, [70, 33]) };
      const outcomes = [];
      for (const options of [{ engine: "reference" }, { engine: "native", threads: 2 }] as const) {
        const session = await openSession(program, { ...options, capacity: 32, seed: 2, keep: ["layer_2"] });
        session.load(data);
        const epochs = session.fit({ epochs: 3, batch: 32 });
        outcomes.push({
          loss: epochs.map(({ metrics }) => metrics.layer_2_loss!),
          weights: session.read("weights_0_1").toTyped(),
        });
        session.close();
      }
      const [wanted, found] = outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]];
      const tolerance = precision === "float64" ? 1e-11 : 1e-3;
      for (const [k, value] of wanted.loss.entries())
        expect(Math.abs(found.loss[k]! - value) / value).toBeLessThan(tolerance);
      for (const [k, value] of wanted.weights.entries())
        expect(Math.abs(found.weights[k]! - value)).toBeLessThan(tolerance);
    },
  );
});

test("plan names the library, and auto takes the engine where other bits are allowed", async () => {
  const { predictor } = network(3, [dense(2)]);
  const session = await openSession(predictor, { seed: 1, fast: true });
  expect(session.plan()).toMatch(
    /^auto: native, since fast is allowed and it is installed\nnative: predict in float64, .*; large products by \S+/,
  );
  const exact = await openSession(predictor, { seed: 1 });
  expect(exact.plan()).toMatch(/^auto: wasm, since the reference's bits are asked for\nwasm: predict /);
});

test("without a library, one line says how to install one and what does the work until then", () => {
  expect(() => loadLibrary(["/nowhere/libblas.so", "/nowhere/else.so"])).toThrow(
    /^no BLAS library was found: apt-get install libopenblas0-pthread, brew install openblas, or name one in STREETLIGHT_BLAS; until then the engine wasm does the same work \(tried \/nowhere\/libblas.so: .*; \/nowhere\/else.so: .*\)$/,
  );
});

test("a library that STREETLIGHT_BLAS names is the only one that is tried", () => {
  const before = process.env.STREETLIGHT_BLAS;
  process.env.STREETLIGHT_BLAS = "/nowhere/typo.so";
  try {
    expect(() => loadLibrary()).toThrow(
      /^no BLAS library was found: .* \(tried \/nowhere\/typo.so: [^;]*\)$/,
    );
  } finally {
    if (before === undefined) delete process.env.STREETLIGHT_BLAS;
    else process.env.STREETLIGHT_BLAS = before;
  }
});

test("a library is found where /proc/cpuinfo cannot be read", async () => {
  const asked: unknown[] = [];
  vi.resetModules();
  vi.doMock("node:fs", async (original) => ({
    ...(await original<typeof import("node:fs")>()),
    // A version for which the processor is asked after, whichever is installed.
    realpathSync: () => "/usr/lib/libopenblasp-r0.3.21.so",
    readFileSync: (path: unknown) => {
      asked.push(path);
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
    },
  }));
  vi.stubEnv("OPENBLAS_CORETYPE", undefined);
  try {
    const { loadLibrary: load } = await import("../src/library.ts");
    expect(load().name).toMatch(/OpenBLAS|Accelerate/);
    if (process.platform === "linux" && process.arch === "x64") expect(asked).toContain("/proc/cpuinfo");
    expect(process.env.OPENBLAS_CORETYPE).toBeUndefined();
  } finally {
    vi.doUnmock("node:fs");
    vi.unstubAllEnvs();
  }
});

test("sessions with other numbers of threads do not change each other's", () => {
  const library = loadLibrary();
  const set: number[] = [];
  const counting = { ...library, setThreads: (threads: number) => void set.push(threads) };
  const product = {
    precision: "float32",
    rows: 256,
    terms: 256,
    columns: 256,
    left: { address: 0, transposed: false, width: 256 },
    right: { address: 262144, transposed: false, width: 256 },
    result: 524288,
    keep: 0,
  } as const;
  const memory = new WebAssembly.Memory({ initial: 16 }) as unknown as WasmMemory;
  const [one, two] = [1, 2].map((threads) => outsideBy(counting, threads).prepare(product, memory));
  for (const run of [one!, two!, one!]) run(0);
  expect(set).toEqual([1, 2, 1]);
});

test.each([
  [
    "Xeon of 2023",
    "flags\t\t: fpu sse2 avx avx2 fma avx512f avx512dq avx512bw avx512vl amx_tile\n",
    "SkylakeX",
  ],
  ["Ryzen of 2020", "model name : x\nflags : fpu sse4_2 avx avx2 fma\n", "Haswell"],
  ["Core of 2012", "flags : fpu sse4_2 avx\n", undefined],
  ["something else", "", undefined],
])("a %s is told to OpenBLAS by what it can do", (_, cpuinfo, type) => {
  expect(coreType(cpuinfo)).toBe(type);
});
