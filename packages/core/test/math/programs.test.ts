import { describe, expect, it, vi } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import type { ElementwiseOp, Ref } from "../../src/ops/op.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Precision } from "../../src/program/data.ts";
import { print } from "../../src/program/print/print.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "../program/execute.ts";
import { differences } from "./printed.ts";

/** Ops that are named as functions of `math/` are, in a registry beside the ones there are. */
vi.mock("../../src/ops/registry.ts", async (original) => {
  const op = (expression: string): ElementwiseOp => ({
    kind: "elementwise",
    noun: "value",
    signature: "x[...] -> [...]",
    expression,
    gradient: {},
  });
  const own = { exp: op("exp(x)"), tanh: op("tanh(x)"), softplus: op("max(x, 0) + log1p(exp(-abs(x)))") };
  return { ...(await original<object>()), ...own };
});

const layer_0 = [
  [0.3, -1.7, 2.2, 0],
  [-0.01, 14, -33, 1e-9],
];
const wanted = ["grown", "bent", "soft"];

function program(precision: Precision) {
  const b = new ProgramBuilder("train", precision);
  const ops = b.ops as unknown as Record<string, (x: Ref) => Ref>;
  const x = b.input("layer_0", ["batch", 4]);
  b.name("grown", ops.exp!(x));
  b.name("bent", ops.tanh!(x));
  b.name("soft", ops.softplus!(x));
  return b.build();
}

describe.each(["float64", "float32"] as const)(
  "a %s program whose ops are named exp and tanh",
  (precision) => {
    const built = program(precision);
    const session = reference.open(built, { capacity: 2, keep: "all" });
    session.write({ layer_0 });
    session.run();
    const numbers = Object.fromEntries(wanted.map((name) => [name, Array.from(session.read(name).data)]));
    const text = (dialect: "numpy-exact" | "typescript") => print(built, dialect, { data: { layer_0 } });

    it("has the reference's bits in Python and in TypeScript", () => {
      const [python] = runPythonPrograms([{ text: text("numpy-exact"), names: wanted }]);
      const typescript = runTypescript({ text: text("typescript"), names: wanted });
      for (const outcome of [python!, typescript])
        for (const name of wanted)
          expect(differences(name, layer_0.flat(), outcome.numbers[name]!, numbers[name]!)).toEqual([]);
      expect(typeErrors([text("typescript")])).toEqual([]);
    });

    it("defines each function of math once", () => {
      const defined = text("numpy-exact").match(/def \w+/g)!;
      expect(defined.filter((each, i) => defined.indexOf(each) !== i)).toEqual([]);
      expect(defined).toEqual(expect.arrayContaining(["def _exp", "def exp", "def _tanh", "def tanh"]));
    });

    it("calls NumPy's own where it reads as the book does", () => {
      const book = print(built, "numpy");
      expect(book).toContain("np.exp(x)");
      expect(book).not.toMatch(/\b_\w+\(/);
    });
  },
);
