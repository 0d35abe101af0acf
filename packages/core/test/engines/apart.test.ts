import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Engine, Session } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { wasm } from "../../src/engines/wasm/wasm.ts";
import type { Ref } from "../../src/ops/op.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import { loadProgram } from "../../src/program/loadProgram.ts";
import type { Program } from "../../src/program/program.ts";
import { times } from "../long.ts";
import { expectSameBits } from "../program/bits.ts";
import { build, type Recipe, recipe } from "../program/randomPrograms.ts";
import { inOrder, orders } from "./inTurn.ts";

type Data = Readonly<Record<string, number[][] | number[]>>;

/** A recurrent network unrolled for some words; only the weights, the prediction and the examples have names. */
function unrolled(words: number): Program {
  const b = new ProgramBuilder(`words_${words}`);
  const embed = b.weights("embed", [2, 3], { uniform: [-1, 1] });
  const recur = b.weights("recur", [3, 3], { uniform: [-1, 1] });
  const decode = b.weights("decode", [3, 1], { uniform: [-1, 1] });
  let hidden: Ref | undefined;
  for (let k = 0; k < words; k++) {
    const read = b.ops.matmul(b.input(`word_${k}`, ["batch", 2]), embed);
    hidden = b.ops.tanh(hidden === undefined ? read : b.ops.add(b.ops.matmul(hidden, recur), read));
  }
  const prediction = b.name("prediction", b.ops.matmul(hidden!, decode));
  const goal = b.target("goal", ["batch", 1]);
  b.metric("error", b.ops.squaredError(prediction, goal));
  const gradients = b.gradient(b.ops.halfSquaredError(prediction, goal), { reduce: "mean" });
  const alpha = b.setting("alpha", 0.1);
  b.inUpdate(() => {
    for (const [weights, delta] of gradients)
      b.update(weights, b.ops.subtract(weights, b.ops.scale(alpha, delta)));
  });
  return b.build();
}

/** So many sentences of so many words. */
function sentences(words: number, rows: number): Data {
  const number = (k: number) => Math.sin(7 * k + words);
  const data: Record<string, number[][]> = {};
  for (let k = 0; k < words; k++)
    data[`word_${k}`] = Array.from({ length: rows }, (_, row) => [number(3 * row + k), number(5 * row - k)]);
  return { ...data, goal: Array.from({ length: rows }, (_, row) => [number(row)]) };
}

interface Part {
  readonly program: Program;
  readonly data: Data;
}

/** How one of two programs goes on: the first may be trained, either may be run. */
interface Turn {
  readonly part: 0 | 1;
  readonly fit: boolean;
}

function trainedBy(session: Session, { program, data }: Part, { fit }: Turn, number: number, rows: number) {
  if (fit) {
    session.load(data);
    session.fit({ epochs: 2, batch: Math.min(2, rows) });
  } else {
    session.write(data);
    session.run({ program: program.name, batch: number }, rows);
  }
}

/**
 * Expects two programs that share a session to have the bits of two sessions between which all that is learnt is carried by hand.
 */
function expectAsCarried(
  engine: Engine,
  parts: readonly [Part, Part],
  turns: readonly Turn[],
  rows: number,
  what = "",
): void {
  const options = { capacity: rows, seed: 3, keep: "all" as const };
  const shared = engine.open([parts[0].program, parts[1].program], options);
  const alone = parts.map(({ program }) => reference.open(program, options));
  const learnt = parts.flatMap(({ program: { data } }) =>
    data.arrays.filter(({ role }) => role === "weights" || role === "state"),
  );
  const carried = new Map(learnt.map(({ name }) => [name, shared.read(name)]));
  for (const [number, turn] of turns.entries()) {
    const part = parts[turn.part];
    const session = alone[turn.part]!;
    const own = [...carried].filter(([name]) => part.program.has(name));
    session.write(Object.fromEntries(own));
    trainedBy(session, part, turn, number, rows);
    for (const [name] of own) carried.set(name, session.read(name));
    trainedBy(shared, part, turn, number, rows);
    for (const { name } of part.program.data.arrays) {
      const wanted = session.read(name);
      for (const asked of [name, `${part.program.name}.${name}`]) {
        const found = shared.read(asked);
        expect(found.shape, `${asked} ${what}`).toEqual(wanted.shape);
        expectSameBits(found.toTyped(), wanted.toTyped(), `${asked} ${what}`);
      }
    }
  }
  shared.close();
}

const turns: Turn[] = [
  { part: 0, fit: false },
  { part: 1, fit: false },
  { part: 1, fit: false },
  { part: 0, fit: true },
  { part: 1, fit: false },
  { part: 0, fit: true },
  { part: 0, fit: false },
  { part: 1, fit: false },
];

const engines: Readonly<Record<string, Engine>> = {
  reference,
  wasm,
  "wasm with two threads": {
    ...wasm,
    open: (programs, options, why) => wasm.open(programs, { ...options, threads: 2 }, why),
  },
};

describe.each(Object.entries(engines))("in %s", (_, engine) => {
  test.each([
    [2, 3],
    [3, 2],
    [1, 4],
  ])("networks unrolled for %i and for %i words share weights and no derivatives", (few, many) => {
    const part = (words: number) => ({ program: unrolled(words), data: sentences(words, 5) });
    expectAsCarried(engine, [part(few), part(many)], turns, 5);
  });
});

test("random programs that share weights have the bits of sessions of their own", () => {
  const rows = 4;
  const turn = fc.oneof(
    fc.record({ part: fc.constantFrom(0 as const, 1 as const), fit: fc.constant(false) }),
    fc.record({ part: fc.constant(0 as const), fit: fc.constant(true) }),
  );
  const which = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("reference" as const, "wasm" as const) },
    fc.constantFrom(...orders),
  );
  const sequence = fc.array(turn, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(recipe, recipe, sequence, which, (one, another, each, name) => {
      const { precision, bytes, width, mask } = one;
      const other: Recipe = { ...another, precision, bytes, width, mask, rows };
      const engine = typeof name === "string" ? engines[name]! : inOrder(name);
      const parts = [build({ ...one, rows }, "one", true), build(other, "other", true)] as const;
      expectAsCarried(engine, parts, each, rows, JSON.stringify([one, other, each, name]));
    }),
    { numRuns: times(60, 5000) },
  );
}, 300_000);

/** `y = op(x · w)` and its derivative; the product has no name. */
function small(name: string, columns: number, op: "square" | "sigmoid" = "square"): Program {
  const b = new ProgramBuilder(name);
  const w = b.weights(`w_${columns}`, [2, columns], { value: 1 });
  const y = b.name(`y_${columns}`, b.ops[op](b.ops.matmul(b.input("x", ["batch", 2]), w)));
  b.gradient(b.ops.total(b.ops.multiply(y, b.ops.exp(y))), { by: [w] });
  return b.build();
}

/** `z = (x + x) · w`, where the sum has the name that `small` of one column makes up for its product. */
function named(name: string): Program {
  const b = new ProgramBuilder(name);
  const x = b.input("x", ["batch", 2]);
  const sum = b.name("y_1_sum", b.ops.add(x, x));
  b.name("z", b.ops.matmul(sum, b.weights("w_1", [2, 1], { value: 1 })));
  return b.build();
}

const x = [
  [1, 2],
  [3, 5],
];

describe("a name that was made up", () => {
  const clash = () => {
    const session = reference.open([small("one", 1), small("two", 1, "sigmoid")], {
      capacity: 2,
      keep: "all",
    });
    session.write({ x });
    return session;
  };

  test("means the array computed last, and with a program before it that program's", () => {
    const session = clash();
    session.run({ program: "one" });
    session.run({ program: "two", phase: "predict" });
    // Of x · w = [3, 8] there are, by y, the derivatives (1 + y) exp(y), and by the product those times 2 · 3 and 2 · 8.
    const ofOne = Array.from(session.read("one.y_1_delta").data);
    expect(ofOne[0]! / (10 * Math.exp(9) * 6)).toBeCloseTo(1, 12);
    expect(Array.from(session.read("y_1_delta").data)).toEqual(ofOne);
    session.run({ program: "two" });
    const s = 1 / (1 + Math.exp(-3));
    expect(session.read("y_1_delta").data[0]! / ((1 + s) * Math.exp(s) * s * (1 - s))).toBeCloseTo(1, 12);
    expect(Array.from(session.read("one.y_1_delta").data)).toEqual(ofOne);
    expect(Array.from(session.read("two.y_1_delta").data)).toEqual(
      Array.from(session.read("y_1_delta").data),
    );
  });

  test("is there only in the program that computed it", () => {
    const session = clash();
    session.run({ program: "one" });
    session.run({ program: "two", phase: "predict" });
    expect(() => session.read("two.y_1_delta")).toThrow(
      "two.y_1_delta is not computed yet: run backpropagate first",
    );
    expect(() => session.run({ program: "two", steps: [10, 13] })).toThrow(/^two\.\w+ is not computed yet/);
  });

  test("stays one array where all programs compute it alike", () => {
    const session = clash();
    session.run({ program: "one", phase: "predict" });
    // The product is the same in both, so what one has computed, two has.
    expect(Array.from(session.read("two.y_1_sum").data)).toEqual([3, 8]);
  });

  test("is kept for all programs by the name alone, and for one by its own", () => {
    const programs = [small("one", 1), small("two", 1, "sigmoid")];
    for (const [keep, refused] of [
      [["y_1_delta"], []],
      [["two.y_1_delta"], ["one.y_1_delta"]],
    ] as const) {
      const session = reference.open(programs, { capacity: 2, keep });
      session.write({ x });
      session.run({ program: "one" });
      session.run({ program: "two" });
      for (const name of ["one.y_1_delta", "two.y_1_delta"])
        if ((refused as readonly string[]).includes(name))
          expect(() => session.read(name)).toThrow(`${name} was not kept`);
        else expect(session.read(name).shape).toEqual([2, 1]);
    }
    expect(() => reference.open(programs, { keep: ["three.y_1_delta"] })).toThrow(
      'there is no array "three.y_1_delta" in this session',
    );
  });

  test.each([0, 1])("gives way to a name that was given: order %i", (order) => {
    const programs = [small("one", 1), named("other")];
    const session = reference.open(order === 0 ? programs : programs.reverse(), { capacity: 2, keep: "all" });
    session.write({ x });
    session.run({ program: "other" });
    session.run({ program: "one" });
    expect(session.read("y_1_sum").toArray()).toEqual([
      [2, 4],
      [6, 10],
    ]);
    expect(session.read("other.y_1_sum").shape).toEqual([2, 2]);
    expect(session.read("one.y_1_sum").toArray()).toEqual([[3], [8]]);
  });

  test("gives way, where it is that of the constant 1, to an array called one", () => {
    const b = new ProgramBuilder("other");
    b.name(
      "two",
      b.ops.multiply(b.weights("one", [2], { values: [4, 5] }), b.weights("w", [2], { value: 2 })),
    );
    const session = reference.open([small("train", 1), b.build()], { capacity: 2, keep: "all" });
    session.run({ program: "other" });
    expect(Array.from(session.read("two").data)).toEqual([8, 10]);
    expect(Array.from(session.read("train.one").data)).toEqual([1]);
  });

  test("is not known as such in a program saved before: there it clashes as it did", () => {
    const old = (program: Program) => loadProgram(JSON.stringify(program).replaceAll(',"invented":true', ""));
    expect(() => reference.open([old(unrolled(2)), old(unrolled(3))], { seed: 1 })).toThrow(
      /in words_3, but .* in a program before it|computed otherwise in words_3/,
    );
    const again = (program: Program) => loadProgram(JSON.stringify(program));
    reference.open([again(unrolled(2)), again(unrolled(3))], { seed: 1 });
  });
});
