import { describe, expect, it } from "vitest";
import { type PrimitiveName, primitives } from "../../src/math/primitives.ts";
import { runPython } from "../oracle/python.ts";
import { runTypescript } from "../program/execute.ts";
import { fromHex, hex } from "../random/bits.ts";
import { argumentsOf } from "./arguments.ts";
import { askNumpy, differences, printed } from "./printed.ts";

const wholes = Array.from({ length: 2046 }, (_, i) => i - 1022);
const normal = [...argumentsOf.exp, ...argumentsOf.log].filter(
  (x, i) => i % 4 === 0 && Math.abs(x) >= 2.2250738585072014e-308 && Math.abs(x) < Infinity,
);

const inputs: Record<PrimitiveName, readonly number[]> = {
  pow2: wholes,
  exponent: normal,
  significand: normal,
};

/** What each means, by Python's exact functions; frexp's significand lies from ½ up to 1. */
const meaning = `
import json, math, struct, sys
asked = json.load(sys.stdin)
f = {
    "pow2": lambda k: math.ldexp(1.0, int(k)),
    "exponent": lambda x: math.frexp(x)[1] - 1.0,
    "significand": lambda x: abs(math.frexp(x)[0]) * 2,
}[asked["name"]]
x = [struct.unpack(">d", bytes.fromhex(digits))[0] for digits in asked["x"]]
print(json.dumps([struct.pack(">d", f(each)).hex() for each in x]))
`;

describe.each(Object.keys(primitives) as PrimitiveName[])("%s", (name) => {
  const x = inputs[name];
  const wanted = x.map(primitives[name].reference);

  it("means what it says", () => {
    const answer = JSON.parse(runPython(meaning, { name, x: x.map(hex) })) as string[];
    expect(differences(name, x, wanted, answer.map(fromHex))).toEqual([]);
  });

  it("is printed as NumPy and TypeScript", () => {
    const [numpy] = askNumpy([{ expression: `${name}(x)`, x }]);
    expect(differences(name, x, numpy!, wanted)).toEqual([]);
    const { before, code } = printed(`${name}(x)`, "typescript");
    const text = `${before}\nconst result = [${x.join(", ")}].map((x) => ${code});`;
    expect(differences(name, x, runTypescript({ text, names: ["result"] }).numbers.result!, wanted)).toEqual(
      [],
    );
  });
});
