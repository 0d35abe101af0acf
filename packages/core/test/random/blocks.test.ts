import { describe, expect, it } from "vitest";
import { RandomState } from "../../src/random/randomState.ts";
import { type Block, block, type Data, positions, transposed } from "../../src/shape/block.ts";
import { runPython } from "../oracle/python.ts";

function numbers(view: Block): number[] {
  return Array.from(positions(view), (position) => view.data[position]!);
}

describe("what is returned", () => {
  it("one number without a shape, a block with one", () => {
    const generator = new RandomState(1);
    for (const one of [generator.random(), generator.random(null), generator.uniform(), generator.randn()]) {
      expect(one).toBeTypeOf("number");
    }
    for (const one of [
      generator.normal(),
      generator.randint(5),
      generator.choice(5),
      generator.choice([0.5]),
    ]) {
      expect(one).toBeTypeOf("number");
    }
    expect(generator.random([2, 3])).toMatchObject({
      dtype: "float64",
      shape: [2, 3],
      strides: [3, 1],
      offset: 0,
    });
    expect(generator.random(4).shape).toEqual([4]);
    expect(generator.random([]).shape).toEqual([]);
    expect(generator.randn(2, 0).shape).toEqual([2, 0]);
  });

  it("whole numbers as int32 where every possible one fits, otherwise float64", () => {
    const generator = new RandomState(1);
    expect(generator.randint(-2147483648, 2147483648, 2).dtype).toBe("int32");
    expect(generator.randint(-2147483649, 0, 2).dtype).toBe("float64");
    expect(generator.randint(0, 2147483649, 2).dtype).toBe("float64");
    expect(generator.permutation(3).dtype).toBe("int32");
    expect(generator.choice(3, { size: 2 }).dtype).toBe("int32");
    expect(generator.choice(2147483649, { size: 2 }).dtype).toBe("float64");
    expect(generator.choice([1, 2], { size: 2 }).dtype).toBe("int32");
    expect(generator.choice([1, -0], { size: 2 }).dtype).toBe("float64");
    expect(generator.choice([1, 2147483648], { size: 2 }).dtype).toBe("float64");
  });

  it("members of a typed array in its own dtype", () => {
    const generator = new RandomState(1);
    const arrays: [Data, string][] = [
      [new Float64Array(3), "float64"],
      [new Float32Array(3), "float32"],
      [new Int32Array(3), "int32"],
      [new Uint8Array(3), "uint8"],
    ];
    for (const [array, dtype] of arrays) {
      expect(generator.permutation(array).dtype).toBe(dtype);
      expect(generator.choice(array, { size: [2, 2] })).toMatchObject({ dtype, shape: [2, 2] });
    }
    const mask = block("bool", [2], Uint8Array.of(1, 1));
    expect(generator.permutation(mask)).toEqual(mask);
  });

  it("nothing, and nothing moves, for a shape without elements", () => {
    const generator = new RandomState(1);
    const before = generator.getState();
    expect(generator.randint(0, 0, 0).shape).toEqual([0]);
    expect(generator.choice(0, { size: [0, 2] }).shape).toEqual([0, 2]);
    expect(generator.choice([], { size: 0, replace: false }).shape).toEqual([0]);
    expect(generator.permutation(0).shape).toEqual([0]);
    expect(generator.permutation([]).shape).toEqual([0]);
    expect(generator.getState()).toEqual(before);
  });
});

describe("probabilities", () => {
  it("may miss the sum 1 by the square root of their dtype's precision, as in NumPy", () => {
    const script = `
import json
import numpy as np
generator = np.random.RandomState(2)
print(json.dumps([generator.choice(2, 30, p=p).tolist() for p in (
    [0.5, 0.5 + 2**-26],
    np.array([0.5, 0.5 + 2**-12], np.float32),
    np.array([0, 1], np.int32))]))
`;
    const generator = new RandomState(2);
    const ours = [[0.5, 0.5 + 2 ** -26], Float32Array.of(0.5, 0.5 + 2 ** -12), Int32Array.of(0, 1)].map((p) =>
      numbers(generator.choice(2, { size: 30, p })),
    );
    expect(ours).toEqual(JSON.parse(runPython(script)));
    expect(() => generator.choice(2, { p: Float32Array.of(0.5, 0.5 + 2 ** -11) })).toThrow("p sums to");
  });

  it("may come as a block", () => {
    const p = [0.125, 0.5, 0.375];
    const [list, view] = [p, block("float64", [3], Float64Array.from(p))].map((given) =>
      new RandomState(3).choice(3, { size: 50, p: given }),
    );
    expect(view).toEqual(list);
  });
});

describe("views whose rows are not laid out one after another", () => {
  it("are permuted and shuffled as NumPy does with a transposed array", () => {
    const script = `
import json
import numpy as np
table = np.arange(12).reshape(3, 4)
generator = np.random.RandomState(8)
permuted = generator.permutation(table.T)
generator.shuffle(table.T)
column = generator.choice(table[:, 1], 5)
generator.shuffle(table[:, 2])
print(json.dumps([permuted.tolist(), table.tolist(), column.tolist()]))
`;
    const [permuted, shuffled, chosen] = JSON.parse(runPython(script)) as [number[][], number[][], number[]];
    const table = block(
      "int32",
      [3, 4],
      Int32Array.from({ length: 12 }, (_, i) => i),
    );
    const column = (j: number): Block => ({ ...table, shape: [3], strides: [4], offset: j });

    const generator = new RandomState(8);
    const ours = generator.permutation(transposed(table));
    expect(ours.shape).toEqual([4, 3]);
    expect(numbers(ours)).toEqual(permuted.flat());
    generator.shuffle(transposed(table));
    expect(numbers(generator.choice(column(1), { size: 5 }))).toEqual(chosen);
    generator.shuffle(column(2));
    expect(numbers(table)).toEqual(shuffled.flat());
  });

  it("shuffles the rows of nested lists, the same lists", () => {
    const rows = [[1, 2], [3], []];
    const before = [...rows];
    new RandomState(1).shuffle(rows);
    expect(new Set(rows)).toEqual(new Set(before));
    for (const row of rows) expect(before).toContain(row);
  });
});
