import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { arange, array, full, ones, wrap, zeros } from "../../src/array/create.ts";
import { RandomState } from "../../src/random/randomState.ts";
import { block, transposed } from "../../src/shape/block.ts";
import { repr, str } from "../../src/text/array.ts";
import { runPython } from "../oracle/python.ts";

const table = () => arange(6).reshape(2, 3);

describe("making arrays", () => {
  test("types follow the values unless told", () => {
    expect(array([1, 2]).dtype).toBe("float64");
    expect(array([true, false]).dtype).toBe("bool");
    expect(array([true, 2]).toArray()).toEqual([1, 2]);
    expect(array([]).dtype).toBe("float64");
    expect(array(true).dtype).toBe("bool");
    expect(array(Float32Array.of(0.5)).dtype).toBe("float32");
    expect(array(Int32Array.of(1)).dtype).toBe("int32");
    expect(array(Uint8Array.of(1)).dtype).toBe("uint8");
    expect(array(Uint8Array.of(1), "float32").dtype).toBe("float32");
    expect(full([2], false).dtype).toBe("bool");
    expect(zeros(2, "int32").dtype).toBe("int32");
  });

  test("array copies, to rows without gaps; wrap does not", () => {
    const typed = Float64Array.of(1, 2, 3, 4);
    const view = transposed(block("float64", [2, 2], typed));
    const copy = array(view);
    const wrapped = wrap(view);
    typed[1] = 9;
    expect(copy.strides).toEqual([2, 1]);
    expect(copy.toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(wrapped.toArray()).toEqual([
      [1, 3],
      [9, 4],
    ]);
    expect(array(typed).data).not.toBe(typed);
  });

  test("random numbers become arrays where they are", () => {
    const drawn = new RandomState(1).random([2, 3]);
    expect(wrap(drawn).data).toBe(drawn.data);
    expect(wrap(drawn).row(1).toTyped()).toEqual(drawn.data.slice(3));
  });

  test("shapes may be empty or without axes", () => {
    expect(array([[], []]).shape).toEqual([2, 0]);
    expect(array(3).shape).toEqual([]);
    expect(ones([]).at()).toBe(1);
    expect(zeros([0, 3]).toArray()).toEqual([]);
  });
});

describe("looking at arrays", () => {
  test("sizes", () => {
    const a = zeros([4, 2, 3]);
    expect([a.length, a.size, a.ndim]).toEqual([4, 24, 3]);
  });

  test("rows are views", () => {
    const a = table();
    const rows = [...a];
    expect(rows.map((row) => row.toArray())).toEqual(a.toArray());
    rows[1]!.assign(7);
    expect(a.row(-1).toArray()).toEqual([7, 7, 7]);
    expect([...a.row(0)].map((element) => element.at())).toEqual([0, 1, 2]);
  });

  test("views write through, copies do not", () => {
    const a = table();
    a.T.slice(2).assign([20, 50]);
    a.slice(null, [null, null, 2]).reshape(2, 2).row(0).assign(-1);
    expect(a.toArray()).toEqual([
      [-1, 1, -1],
      [3, 4, 50],
    ]);
    for (const copy of [a.copy(), a.flatten(), a.T.reshape(6), a.astype("float64"), a.add(0)])
      copy.assign(99);
    expect(a.max()).toBe(50);
    expect(a.toTyped()).not.toBe(a.data);
  });

  test("an overlapping assignment reads before it writes", () => {
    const a = arange(5);
    a.slice([1, null]).assign(a.slice([0, -1]));
    expect(a.toArray()).toEqual([0, 0, 1, 2, 3]);
  });

  test("elements and lists of booleans", () => {
    const a = table().greater(2);
    expect(a.toArray()).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
    expect(a.at(1, -1)).toBe(1);
    expect(a.toTyped()).toEqual(Uint8Array.of(0, 0, 0, 1, 1, 1));
    expect(a.sum()).toBe(3);
  });

  test("template strings print as f-strings, consoles as the prompt", () => {
    const shown = [table().divide(7), table().row(1), array(0.1), table().equal(3), array([-0, 0.51828245])];
    const script = `
import json
import numpy as np
table = np.arange(6.).reshape(2, 3)
shown = [table / 7, table[1], np.array(0.1), table == 3, np.array([-0., 0.51828245])]
print(json.dumps([[f"{a}", repr(a)] for a in shown]))
`;
    expect(shown.map((a) => [`${a}`, inspect(a)])).toEqual(JSON.parse(runPython(script)));
    expect(str(table())).toBe(`${table()}`);
    expect(inspect({ weights: ones([2], "float32") })).toContain(repr(ones([2], "float32")));
  });
});

describe("what NumPy leaves open or does otherwise", () => {
  test("a sum over a matrix goes down the columns, then across", () => {
    // Across first, both rows would lose their 1.
    const a = array([
      [1e16, 1],
      [-1e16, 1],
    ]);
    expect(a.sum()).toBe(2);
    expect(a.T.sum()).toBe(0);
  });

  test("sums start from their first term, and of nothing are +0", () => {
    expect(array([-0, -0]).sum()).toBe(-0);
    expect(array(-0).sum()).toBe(-0);
    expect(zeros(0).sum()).toBe(0);
    expect(array([-0]).dot([5]).at()).toBe(-0);
    expect(zeros(0).dot(zeros(0)).at()).toBe(0);
  });

  test("maximum and minimum are IEEE's: 0 lies above -0", () => {
    for (const zeros of [
      [0, -0],
      [-0, 0],
    ]) {
      expect(array(zeros).max()).toBe(0);
      expect(array(zeros).min()).toBe(-0);
    }
  });

  test("int32 products wrap around exactly, also beyond 2^53", () => {
    const left = [2147483647, -2147483648, 2147483647];
    const right = [2147483645, 2147483647, -2147483647];
    const products = left.map((value, i) => BigInt(value) * BigInt(right[i]!));
    const wrapped = (value: bigint) => Number(BigInt.asIntN(32, value));
    const a = array(left, "int32");
    expect(a.multiply(array(right, "int32")).toArray()).toEqual(products.map(wrapped));
    expect(a.dot(array(right, "int32")).at()).toBe(wrapped(products.reduce((sum, product) => sum + product)));
  });

  test("roots of small integers are float64, numbers beside booleans int32", () => {
    expect(array([2], "uint8").sqrt().dtype).toBe("float64");
    expect(array([true]).add(1).dtype).toBe("int32");
  });
});
