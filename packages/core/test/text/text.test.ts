import { expect, test } from "vitest";
import { block } from "../../src/shape/block.ts";
import { repr, str } from "../../src/text/array.ts";
import { python } from "../../src/text/scalar.ts";

test("numbers as Python prints them", () => {
  expect(python(1)).toBe("1.0");
  expect(python(-0)).toBe("-0.0");
  expect(python(1e16)).toBe("1e+16");
  expect(python(Number.NaN)).toBe("nan");
  expect(python(Number.NEGATIVE_INFINITY)).toBe("-inf");
  expect(python(5, "int32")).toBe("5");
  expect(python(255, "uint8")).toBe("255");
  expect(python(1, "bool")).toBe("True");
  expect(python(false)).toBe("False");
  expect(python(0.1, "float32")).toBe("0.1");
});

test("empty arrays name what their digits cannot show", () => {
  expect(str(block("float64", [0]))).toBe("[]");
  expect(repr(block("float64", [0]))).toBe("array([], dtype=float64)");
  expect(repr(block("float64", [0, 3]))).toBe("array([], shape=(0, 3), dtype=float64)");
  expect(repr(block("int32", [0]), { defaultInteger: "int32" })).toBe("array([], dtype=int32)");
});

test("more than 1000 elements show their ends", () => {
  expect(repr(block("float64", [1001]))).toBe("array([0., 0., 0., ..., 0., 0., 0.], shape=(1001,))");
});

test("options out of range are refused by name", () => {
  const one = block("float64", [1]);
  expect(() => str(one, { precision: -1 })).toThrow("precision must be an integer of at least 0, not -1");
  expect(() => str(one, { precision: 1.5 })).toThrow("precision must be an integer of at least 0, not 1.5");
  expect(() => repr(one, { edgeitems: 0 })).toThrow("edgeitems must be an integer of at least 1, not 0");
  expect(() => repr(one, { threshold: Number.NaN })).toThrow("threshold must be a number");
  expect(() => repr(one, { linewidth: Number.NaN })).toThrow("linewidth must be a number");
});
