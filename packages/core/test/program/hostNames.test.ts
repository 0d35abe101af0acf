import ts from "typescript";
import { expect, test } from "vitest";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { checkName, NameError } from "../../src/program/names.ts";
import { print } from "../../src/program/print/print.ts";
import type { PrintOptions } from "../../src/program/print/script.ts";
import type { Program } from "../../src/program/program.ts";
import { long } from "../long.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "./bits.ts";
import { runPythonPrograms, runTypescript, typeErrors } from "./execute.ts";

const options: PrintOptions = {
  data: {
    inlet: [
      [0.5, -1.5],
      [0.25, 3],
    ],
    aim: [
      [0, 1],
      [1, 0],
    ],
  },
  seed: [1, 2],
  loop: { epochs: 2, batch: 1, settings: { pace: [0.1, 0.2, 0.1, 0.2] } },
};

/** Weights of these names, in a program that draws, masks, calls functions of `math/` and learns. */
function programOf(names: readonly string[], normal = true): Program {
  const b = new ProgramBuilder("names");
  const inlet = b.input("inlet", ["batch", 2]);
  const weights = names.map((name, k) =>
    b.weights(name, [2], normal && k === 0 ? { normal: [0, 1] } : { uniform: [-0.1, 0.1] }),
  );
  // Lines of their own: of calls within calls the compiler's inference takes long.
  const sum = weights.reduce((left, right, k) => b.name(`part_${k}`, b.ops.add(left, right)));
  const masked = b.ops.multiply(b.ops.tanh(b.ops.add(inlet, sum)), b.noise("veil", 2, 0.25));
  const outlet = b.name("outlet", b.ops.log(b.ops.add(b.ops.exp(b.ops.maximum(masked, inlet)), inlet)));
  const pace = b.setting("pace", 0);
  const aim = b.target("aim", ["batch", 2]);
  const gradients = b.gradient(b.ops.halfSquaredError(outlet, aim));
  b.metric("miss", b.ops.squaredError(outlet, aim));
  b.inUpdate(() => {
    for (const [array, delta] of gradients) b.update(array, b.ops.subtract(array, b.ops.scale(pace, delta)));
  });
  return b.build();
}

function isAllowed(name: string): boolean {
  try {
    checkName(name);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(NameError);
    return false;
  }
}

/** All that languages and hosts name, and all that a script itself does. */
function allNames(): string[] {
  const texts = [true, false].flatMap((normal) =>
    (["numpy", "numpy-exact", "typescript"] as const).map((dialect) =>
      print(programOf(["one_of_them"], normal), dialect, options),
    ),
  );
  const own = new Set(["one_of_them", "inlet", "outlet", "aim", "pace", "veil", "miss"]);
  const python = JSON.parse(
    runPython(
      "import json, keyword, builtins; print(json.dumps(dir(builtins) + keyword.kwlist + keyword.softkwlist))",
    ),
  ) as string[];
  const hosts =
    "DataView ArrayBuffer Float64Array Object globalThis abs max sum input list iter require module exports window document location top self name status event arguments eval let of get set async await";
  const found = [
    ...texts.flatMap((text) => text.match(/\b[A-Za-z]\w*/g) ?? []),
    ...(long ? [...Object.getOwnPropertyNames(globalThis), ...python] : []),
    ...hosts.split(" "),
  ];
  return [...new Set(found)].filter(
    (name) => !own.has(name) && !/^(outlet|part)_/.test(name) && isAllowed(name),
  );
}

test("arrays may have any name that languages, hosts and scripts have, or are refused by name", () => {
  const names = allNames();
  for (const name of ["DataView", "ArrayBuffer", "Float64Array", "Object", "globalThis", "require", "max"])
    expect(names).toContain(name);
  const groups = Array.from({ length: Math.ceil(names.length / 100) }, (_, k) =>
    names.slice(100 * k, 100 * k + 100),
  );
  const programs = groups.map((group, k) => programOf(group, k % 2 === 0));
  const plain = groups.map((group, k) =>
    programOf(
      group.map((_, place) => `w_${place}`),
      k % 2 === 0,
    ),
  );
  const wanted = ["outlet"];
  const run = (program: Program) => ({ text: print(program, "numpy-exact", options), names: wanted });
  const inPython = runPythonPrograms([...programs, ...plain].map(run));
  const scripts = programs.map((program) => print(program, "typescript", options));
  for (const [place, text] of scripts.entries()) {
    const expected = inPython[programs.length + place]!;
    const python = inPython[place]!;
    expect(python.output).toEqual(expected.output);
    expectSameBits(python.numbers.outlet!, expected.numbers.outlet!, `Python: ${names.join(" ")}`);
    // A loop's arrays are its own, so what is compared is what it reports; as a module of CommonJS it runs too.
    const outcome = runTypescript({ text, names: [] });
    expect(outcome.output.map(numberOf), text).toEqual(expected.output.map(numberOf));
    const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
    expect(() => new Function("require", "module", "exports", "__filename", outputText), text).not.toThrow();
  }
  expect(typeErrors(scripts)).toEqual([]);
});

/** The number at the end of a report, which Python and JavaScript may write in two ways. */
function numberOf(report: string): [string, number] {
  const [label, value] = report.split(" : ") as [string, string];
  return [label, Number(value)];
}

test("reports and data keep the program's own names", () => {
  const b = new ProgramBuilder("names");
  const view = b.input("DataView", ["batch", 1]);
  const next = b.name("DataView_", b.ops.tanh(view));
  b.metric("ArrayBuffer", b.ops.squaredError(next, b.target("aim", ["batch", 1])));
  const text = print(b.build(), "typescript", { data: { DataView: [[1]], aim: [[0]] } });
  expect(text).toContain("const DataView__ = [[1]];");
  const { output } = runTypescript({ text, names: [] });
  expect(output.at(-1)).toMatch(/^ArrayBuffer : 0\.58/);
});
