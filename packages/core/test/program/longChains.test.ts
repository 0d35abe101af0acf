import { expect, test } from "vitest";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { print } from "../../src/program/print/print.ts";
import { expectSameBits } from "./bits.ts";
import { runPythonPrograms, runTypescript } from "./execute.ts";

/** `out = tanh(0.5 * … tanh(0.5 * (x + w)))`, differentiated and updated; no step between has a name. */
function chain(length: number) {
  const b = new ProgramBuilder("train");
  const half = b.setting("half", 0.5);
  const w = b.weights("w", [2], { value: 0.5 });
  let at = b.ops.add(b.input("x", ["batch", 2]), w);
  for (let k = 0; k < length; k++) at = k % 2 === 0 ? b.ops.scale(half, at) : b.ops.negate(at);
  sgd(0.1).append(b, b.gradient(b.ops.total(b.name("out", at))));
  return b.build();
}

test("a chain of 10,000 steps is built, listed, printed and compiled, and has the reference's bits", () => {
  const program = chain(10_000);
  expect(program.data.steps.length).toBeGreaterThan(20_000);
  for (const { name } of program.data.arrays) expect(name.length).toBeLessThan(150);
  expect(`${program}`).toContain("out = ");
  for (const dialect of ["numpy", "numpy-exact", "typescript"] as const)
    expect(print(program, dialect)).toContain("out");
  const [wanted, found] = [reference, wasm].map((engine) => {
    const session = engine.open(program, { capacity: 2 });
    session.load({
      x: [
        [1, 2],
        [3, 4],
      ],
    });
    session.fit({ epochs: 2, batch: 2 });
    const learnt = session.read("w").toTyped();
    session.close();
    return learnt;
  });
  expectSameBits(found!, wanted!);
});

test("a printed chain that is too deep for one expression runs and has the reference's bits", () => {
  const program = chain(300);
  const data = {
    x: [
      [1, 2],
      [3, 4],
    ],
  };
  const session = reference.open(program, { capacity: 2 });
  session.write(data);
  session.run();
  const names = ["out", "w"];
  const text = (dialect: "numpy-exact" | "typescript") => print(program, dialect, { data });
  const [python] = runPythonPrograms([{ text: text("numpy-exact"), names }]);
  const typescript = runTypescript({ text: text("typescript"), names });
  for (const name of names)
    for (const { numbers } of [python!, typescript])
      expectSameBits(numbers[name]!, session.read(name).toTyped(), name);
});

test("an error about an array at the end of a chain names its last steps only", () => {
  const b = new ProgramBuilder("train");
  let at = b.input("x", ["batch", 2]);
  for (let k = 0; k < 10_000; k++) at = b.ops.negate(at);
  const out = b.name("out", b.ops.matmul(at, b.weights("w", [3, 1])));
  expect(() => b.shape(out)).toThrow(
    /^matmul\((negate\(){6}…\)+, w\): k is 2 in (negate\(){6}…\)+ but 3 in w/,
  );
  expect(() => b.build()).toThrow(/^matmul\(out_negated, w\): k is 2 in out_negated but 3 in w/);
});
