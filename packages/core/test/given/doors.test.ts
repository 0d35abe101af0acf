import { describe, expect, test } from "vitest";
import type { Numbers } from "../../src/index.ts";
import * as c from "../../src/index.ts";
import { print } from "../../src/program/print/index.ts";
import { type Kind, numbers, refused, taken } from "./kinds.ts";

/** A public way in for numbers; gives what comes of them, as text. */
type Door = (given: Numbers) => unknown;

const options = { loss: c.halfSquaredError, optimizer: c.sgd(1e-5), epochs: 2 };
const line = () => c.network(1, [c.dense(1)]);
const learnt = async (data: c.Examples, more: object = {}) => {
  const net = line();
  const epochs = await net.fit(data, { ...options, ...more });
  return [epochs, net.read("weights_0_1").toArray()];
};

const program = line().trainer(options);
const session = async () => c.openSession(program, { seed: 1, capacity: 4 });

const doors: Readonly<Record<string, Door>> = {
  array: (given) => c.array(given).toArray(),
  add: (given) => c.zeros(4).add(given).toArray(),
  greater: (given) => c.zeros(4).greater(given).toArray(),
  dot: (given) => c.ones(4).dot(given).at(),
  assign: (given) => {
    const array = c.zeros(4);
    array.assign(given);
    return array.toArray();
  },
  statistics: (given) => c.statistics(given),
  rSquared: (given) => c.rSquared(given, [1, 2, 3, 5]),
  confusionMatrix: (given) => c.confusionMatrix(given, [3, 0, 200, 8]).toArray(),
  permutation: (given) => new c.RandomState(1).permutation(given).toArray(),
  choice: (given) => new c.RandomState(1).choice(given, { size: 9 }).toArray(),
  predict: async (given) => (await c.network(4, [c.dense(2)]).predict(given)).toArray(),
  "predict of bytes": async (given) =>
    (await c.network(4, [c.dense(2)], { bytes: 255 }).predict(given)).toArray(),
  "inputs of fit": (given) => learnt({ inputs: given, targets: [1, 2, 3, 4] }),
  "targets of fit": (given) => learnt({ inputs: [1, 2, 3, 4], targets: given }),
  "inputs of validation": (given) =>
    learnt({ inputs: [1], targets: [2] }, { validation: { inputs: given, targets: [1, 2, 3, 4] } }),
  "targets of validation": (given) =>
    learnt({ inputs: [1], targets: [2] }, { validation: { inputs: [1, 2, 3, 4], targets: given } }),
  "write of a network": (given) => {
    const net = c.network(2, [c.dense(4)]);
    net.write("bias_1", given);
    return net.read("bias_1").toArray();
  },
  "trace of a prediction": async (given) =>
    (await c.network(4, [c.dense(2)]).trace(given)).read("layer_1")?.toArray(),
  "trace of a training": async (given) =>
    (await line().trace({ inputs: given, targets: [1, 2, 3, 4] }, options)).read("weights_0_1")?.toArray(),
  checkGradients: async (given) =>
    `${await c.checkGradients(line(), { inputs: given, targets: [1, 2, 3, 4] }, { loss: c.halfSquaredError })}`,
  "write of a session": async (given) => {
    const opened = await session();
    opened.write({ layer_0: c.array(given).reshape(4, 1) });
    return opened.read("layer_0").toArray();
  },
  "load of a session": async (given) => {
    const b = new c.ProgramBuilder("train");
    const labels = b.input("labels", ["batch"], "int32");
    b.name("picked", b.ops.oneHot(labels, { k: 201 }));
    const opened = await c.openSession(b.build());
    opened.load({ labels: given });
    opened.fit({ epochs: 1, batch: 1 });
    return opened.read("picked").toArray();
  },
  print: (given) => {
    const b = new c.ProgramBuilder("train");
    b.name("picked", b.ops.oneHot(b.input("labels", ["batch"], "int32"), { k: 201 }));
    return print(b.build(), "numpy", { data: { labels: given }, loop: { epochs: 1 } });
  },
};

describe.each(Object.entries(doors))("%s", (_, door) => {
  test("takes numbers in every kind of array", async () => {
    const right = await door(numbers);
    expect(right).toBeDefined();
    for (const { name, make } of taken) expect(await door(make() as Numbers), name).toEqual(right);
  });

  test("refuses what holds none, or not enough, and says where", async () => {
    for (const { name, make, says } of refused) {
      const error = await errorOf(() => door(make() as Numbers));
      expect(error?.message, name).toMatch(says);
      expect(error?.message, name).toMatch(/^\w[\w ().]*[[ .:]/);
    }
  });
});

async function errorOf(attempt: () => unknown): Promise<Error | undefined> {
  try {
    await attempt();
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

describe("rows that are typed arrays", () => {
  test("are those of a list", () => {
    const rows = [Float32Array.of(1, 2), [3, 4], c.array([5, 6])];
    expect(c.array(rows).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test("keep the type that all have", () => {
    const dtype = (...rows: Numbers[]) => c.array(rows).dtype;
    expect(dtype(Float32Array.of(1), Float32Array.of(2))).toBe("float32");
    expect(dtype(Uint8Array.of(1), new Uint8ClampedArray(1))).toBe("uint8");
    expect(dtype(Uint8Array.of(1), Float32Array.of(2))).toBe("float64");
    expect(dtype(Uint8Array.of(1), [2])).toBe("float64");
    expect(dtype([true], [false])).toBe("bool");
  });

  test("may hold further axes", () => {
    const matrix = c.arange(6).reshape(2, 3);
    expect(c.array([matrix, matrix.add(6)]).toArray()).toEqual(c.arange(12).reshape(2, 2, 3).toArray());
    expect(() => c.array([matrix, matrix.T])).toThrow("values[1] is 3 × 2, but values[0] is 2 × 3");
  });
});

test("a list of ten million numbers is read", () => {
  const long = new Array<number>(1e7).fill(1);
  expect(c.array(long).sum()).toBe(1e7);
});

test("a list a hundred thousand rows long is read", () => {
  const wide = Array.from({ length: 1e5 }, (_, k) => [k, 0]);
  expect(c.array(wide).max()).toBe(99_999);
});

describe("a block whose data end before its shape", () => {
  const ends = refused.filter(({ name }) => /data|offset|dtype|strides|size|step/.test(name));
  const blockDoors: Readonly<Record<string, (given: c.Block) => unknown>> = {
    wrap: (given) => c.wrap(given),
    Reading: (given) => new c.Reading(given),
    NumericArray: (given) => new c.NumericArray(given),
    str: (given) => c.str(given),
    repr: (given) => c.repr(given),
    writeSafetensors: (given) => c.writeSafetensors(new Map([["x", given]])),
    shuffle: (given) => new c.RandomState(1).shuffle(given),
  };
  test.each(Object.entries(blockDoors))("%s", async (_, door) => {
    expect(ends.length).toBeGreaterThan(8);
    for (const { name: kind, make, says } of ends) {
      expect((await errorOf(() => door(make() as c.Block)))?.message, kind).toMatch(says);
    }
  });
});

test("an array of which the data were transferred is refused, whatever is asked of it", () => {
  const asked: Readonly<Record<string, (array: c.NumericArray) => unknown>> = {
    sum: (array) => array.sum(),
    add: (array) => array.add(1),
    sqrt: (array) => array.sqrt(),
    max: (array) => array.max(),
    row: (array) => array.row(0),
    reshape: (array) => array.reshape(4),
    T: ({ T }) => T,
    copy: (array) => array.copy(),
    at: (array) => array.at(0, 0),
    toArray: (array) => array.toArray(),
    toTyped: (array) => array.toTyped(),
    toString: (array: c.NumericArray) => array.toString(),
    dot: (array) => array.dot([1, 2]),
  };
  for (const [name, ask] of Object.entries(asked)) {
    const array = c.array([
      [1, 2],
      [3, 4],
    ]);
    structuredClone(array.data.buffer, { transfer: [array.data.buffer as ArrayBuffer] });
    expect(() => ask(array), name).toThrow(/lost its numbers|end after 0 numbers/);
  }
});

test("what is shuffled is the caller's own array", () => {
  const right = [...numbers];
  new c.RandomState(1).shuffle(right);
  expect(right).not.toEqual(numbers);
  const kinds = taken.filter(({ name }: Kind) => !/Proxy|frozen/.test(name));
  for (const { name, make } of kinds) {
    const given = make() as number[];
    new c.RandomState(1).shuffle(given);
    expect(Array.from(given), name).toEqual(right);
  }
});
