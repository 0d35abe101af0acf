import { describe, expect, test } from "vitest";
import { ops } from "../../src/ops/table.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { NameError, nearest } from "../../src/program/names.ts";
import { runPython } from "../oracle/python.ts";

function declare(name: string): void {
  new ProgramBuilder("names").input(name, ["batch", 1]);
}

describe("an array's name is an identifier of Python and TypeScript", () => {
  test.each([
    "layer_0",
    "weights_0_1_velocity",
    "X",
    "a1",
    "constructor",
    "toString",
    "left_layer_1",
    "position",
  ])("%s is one", (name) => {
    expect(() => declare(name)).not.toThrow();
  });

  test.each(["", "1st", "_hidden", "__proto__", "a.b", "a-b", "a b", "größe", "a\n", "$x", "x;"])(
    "%j is none",
    (name) => {
      expect(() => declare(name)).toThrow(
        new NameError(
          `"${name}" is not a name for an array: use letters, digits and _, a letter first, as in layer_1`,
        ),
      );
    },
  );

  test("a program's name is one too", () => {
    expect(() => new ProgramBuilder("my net")).toThrow(
      '"my net" is not a name for a program: use letters, digits and _, a letter first, as in layer_1',
    );
  });

  test("Python's own list of reserved words is refused", () => {
    const words = JSON.parse(
      runPython("import json, keyword; print(json.dumps(keyword.kwlist + ['match', 'case', 'type']))"),
    ) as string[];
    expect(words.length).toBeGreaterThan(35);
    for (const word of words)
      expect(() => declare(word), word).toThrow(
        `"${word}" is a word of Python, TypeScript or printed programs: choose another name`,
      );
  });

  // ECMA-262, ReservedWord and the words that strict mode adds; and the global values that a program could hide.
  test.each(
    (
      "await break case catch class const continue debugger default delete do else enum export extends false finally " +
      "for function if import in instanceof new null return super switch this throw true try typeof var void while with " +
      "yield let static implements interface package private protected public arguments eval undefined NaN Infinity"
    ).split(" "),
  )("JavaScript's %s is refused", (word) => {
    expect(() => declare(word)).toThrow(NameError);
  });

  test.each(
    "np print range len min float dot Math Array Number console Uint32Array batch order rows each round i".split(
      " ",
    ),
  )("%s, which printed programs use themselves, is refused", (word) => {
    expect(() => declare(word)).toThrow(NameError);
  });

  test("every op is refused, as TypeScript and as Python write it", () => {
    for (const op of Object.keys(ops))
      for (const name of [op, op.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])
        expect(() => declare(name), name).toThrow(
          new NameError(`"${name}" is an op: choose another name, such as ${name}_result`),
        );
  });
});

describe("the nearest name", () => {
  test.each([
    ["layr_1", "layer_1"],
    ["layer_2", "layer_1"],
    ["WEIGHTS", undefined],
    ["gaol", "goal"],
    ["", undefined],
    ["quite_another_thing", undefined],
  ])("to %j is %j", (name, wanted) => {
    expect(nearest(name, ["layer_1", "goal", "weights"])).toBe(wanted);
  });
});
