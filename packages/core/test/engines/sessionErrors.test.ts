import { describe, expect, test } from "vitest";
import { type Session, SessionError } from "../../src/engines/engine.ts";
import { type EngineName, openSession } from "../../src/engines/open.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import type { Phase } from "../../src/program/data.ts";
import { NameError } from "../../src/program/names.ts";
import { ShapeError } from "../../src/shape/shapeError.ts";
import { examples, lights, opened, predict, thrownBy, train, walk } from "./crossing.ts";

const range = "train has 17 steps, counted from 0, and to is not before from";

const promises: readonly (readonly [
  what: string,
  error: new (message: string) => Error,
  message: string,
  act: (session: Session) => unknown,
])[] = [
  [
    "reading what was not kept",
    SessionError,
    'layer_1 was not kept: open the session with keep: ["layer_1"], or keep: "all"',
    (s) => s.read("layer_1"),
  ],
  [
    "reading a gradient that was not kept",
    SessionError,
    'weight_delta_0_1 was not kept: open the session with keep: ["weight_delta_0_1"], or keep: "all"',
    (s) => s.read("weight_delta_0_1"),
  ],
  [
    "reading a mistyped name",
    NameError,
    'there is no array "weigths_0_1" in this session; did you mean "weights_0_1"?',
    (s) => s.read("weigths_0_1"),
  ],
  [
    "reading a name every object has",
    NameError,
    /^there is no array "__proto__" in this session; there are layer_0, /.source,
    (s) => s.read("__proto__"),
  ],
  [
    "keeping a mistyped name",
    NameError,
    'there is no array "layer_11" in this session; did you mean "layer_1"?',
    () => opened({ keep: ["layer_11"] }),
  ],

  [
    "writing a mistyped name",
    NameError,
    'there is no array "gaol" in this session; did you mean "goal"?',
    (s) => s.write({ gaol: walk }),
  ],
  [
    "writing what is computed",
    SessionError,
    "layer_1 is computed by the program: it cannot be written",
    (s) => s.write({ layer_1: [[1, 2, 3, 4]] }),
  ],
  [
    "writing a gradient",
    SessionError,
    "weight_delta_1_2 is computed by the program: it cannot be written",
    (s) => s.write({ weight_delta_1_2: [[1], [2], [3], [4]] }),
  ],
  [
    "writing another shape",
    ShapeError,
    "weights_1_2 is 4 × 1, but the numbers given for it are 4",
    (s) => s.write({ weights_1_2: [1, 2, 3, 4] }),
  ],
  [
    "writing rows of another width",
    ShapeError,
    "layer_0 is batch × 3, but the numbers given for it are 1 × 2",
    (s) => s.write({ layer_0: [[1, 2]] }),
  ],
  [
    "writing a list where one number is needed",
    ShapeError,
    "alpha is scalar, but the numbers given for it are 1",
    (s) => s.write({ alpha: [1] }),
  ],
  [
    "writing examples with different rows",
    ShapeError,
    "goal has 1 rows but layer_0 has 2",
    (s) => s.write({ layer_0: lights.slice(0, 2), goal: [[1]] }),
  ],
  [
    "writing more rows than there is room for",
    SessionError,
    "layer_0 has 5 rows, but the session's capacity is 4: open it with a larger one",
    (s) => s.write({ layer_0: [...lights, [1, 1, 1]] }),
  ],

  [
    "running an unknown phase",
    NameError,
    'there is no phase "predikt" in train; did you mean "predict"?',
    (s) => s.run("predikt" as Phase),
  ],
  [
    "running an unknown program",
    NameError,
    'there is no program "trian" in this session; did you mean "train"?',
    (s) => s.run({ program: "trian" }),
  ],
  [
    "running more rows than there is room for",
    SessionError,
    "a run of 5 rows does not fit the session's capacity of 4",
    (s) => s.run({}, 5),
  ],
  [
    "running half a row",
    SessionError,
    "a run of 0.5 rows does not fit the session's capacity of 4",
    (s) => s.run({}, 0.5),
  ],
  [
    "running fewer than no rows",
    SessionError,
    "a run of -1 rows does not fit the session's capacity of 4",
    (s) => s.run({}, -1),
  ],
  [
    "running steps beyond the last",
    SessionError,
    `run: steps 0 to 18: ${range}`,
    (s) => s.run({ steps: [0, 18] }),
  ],
  ["running steps backwards", SessionError, `run: steps 3 to 2: ${range}`, (s) => s.run({ steps: [3, 2] })],
  ["running half a step", SessionError, `run: steps 0.5 to 2: ${range}`, (s) => s.run({ steps: [0.5, 2] })],

  [
    "loading a mistyped name",
    NameError,
    'there is no array "layer_O" in this session; did you mean "layer_0"?',
    (s) => s.load({ layer_O: lights }),
  ],
  [
    "loading what has no rows",
    SessionError,
    "load: weights_1_2 has no rows; write it instead",
    (s) => s.load({ weights_1_2: [[1], [2], [3], [4]] }),
  ],
  [
    "loading what is computed",
    SessionError,
    "load: layer_1 is computed by the program: it cannot be loaded",
    (s) => s.load({ layer_1: [[1, 2, 3, 4]] }),
  ],
  [
    "loading different rows",
    ShapeError,
    "goal has 1 rows but layer_0 has 4",
    (s) => s.load({ layer_0: lights, goal: [[1]] }),
  ],
  [
    "loading rows of another width",
    ShapeError,
    "goal is batch × 1, but the numbers given for it are 4",
    (s) => s.load({ layer_0: lights, goal: [1, 1, 0, 0] }),
  ],

  [
    "fitting without inputs",
    SessionError,
    "fit: load layer_0 first: it is an input of train",
    (s) => s.fit({ epochs: 1 }),
  ],
  [
    "fitting without targets",
    SessionError,
    "fit: load goal first: it is a target of train",
    (s) => {
      s.load({ layer_0: lights });
      s.fit({ epochs: 1 });
    },
  ],
  [
    "fitting batches larger than the capacity",
    SessionError,
    "fit: batches of 4 rows do not fit the session's capacity of 2",
    () => {
      const s = opened({ capacity: 2 });
      s.load(examples);
      s.fit({ epochs: 1, batch: "full" });
    },
  ],
  ["fitting without an end", RangeError, "loop: give epochs, or to", (s) => loaded(s).fit({})],
  [
    "fitting to before from",
    RangeError,
    "loop: to is 2, but must be a whole number of at least 3",
    (s) => loaded(s).fit({ from: 3, to: 2 }),
  ],
  [
    "fitting from half a batch",
    RangeError,
    "loop: from is 0.5, but must be a whole number of at least 0",
    (s) => loaded(s).fit({ from: 0.5, to: 2 }),
  ],
  [
    "fitting batches of no rows",
    RangeError,
    "loop: batch is 0, but must be a whole number of at least 1",
    (s) => loaded(s).fit({ epochs: 1, batch: 0 }),
  ],
  [
    "fitting batches where there are no rows",
    RangeError,
    "loop: to is 3, but without rows there are no batches",
    (s) => loaded(s).fit({ rows: 0, to: 3 }),
  ],
  [
    "fitting rows that are not there",
    RangeError,
    "loop: rows is 5, but the data have 4",
    (s) => loaded(s).fit({ epochs: 1, rows: 5 }),
  ],
  [
    "fitting an order that leaves the data",
    RangeError,
    "loop: order[2] is 4, but the data have rows 0 to 3",
    (s) => loaded(s).fit({ epochs: 1, order: [0, 1, 4] }),
  ],
  [
    "setting what is no setting",
    NameError,
    "loop: settings.weights_0_1: weights_0_1 is not a setting, its role is weights",
    (s) => loaded(s).fit({ epochs: 1, settings: { weights_0_1: 1 } }),
  ],
  [
    "setting a mistyped name",
    NameError,
    'there is no array "aplha" in this session; did you mean "alpha"?',
    (s) => loaded(s).fit({ epochs: 1, settings: { aplha: 1 } }),
  ],
  [
    "setting too few values",
    RangeError,
    "loop: settings.alpha has 3 values, but batch 3 needs one",
    (s) => loaded(s).fit({ epochs: 1, settings: { alpha: [1, 2, 3] } }),
  ],

  [
    "half a row of capacity",
    SessionError,
    "capacity is 1.5, but must be a whole number of rows",
    () => opened({ capacity: 1.5 }),
  ],
  [
    "random weights without a seed",
    TypeError,
    "weights_0_1 starts with random numbers: give a seed, such as seed: 1",
    () => reference.open(train),
  ],
];

function loaded(session: Session): Session {
  session.load(examples);
  return session;
}

describe("a session refuses", () => {
  test.each(promises)("%s", (_, kind, message, act) => {
    const error = thrownBy(() => act(opened()));
    expect(error).toBeInstanceOf(kind);
    if (message.startsWith("^")) expect(error.message).toMatch(new RegExp(message));
    else expect(error.message).toBe(message);
  });

  test("a phase that its program has not", () => {
    expect(() => reference.open(predict, { seed: 1 }).run("update")).toThrow(
      new SessionError("predict has no update: its phases are predict"),
    );
  });

  test("to go on after a failed call changes nothing: everything still works", () => {
    const session = opened();
    for (const [, , , act] of promises) thrownBy(() => act(session));
    const fresh = opened();
    for (const each of [session, fresh]) {
      each.load(examples);
      each.fit({ epochs: 1 });
    }
    expect(Array.from(session.read("weights_0_1").data)).toEqual(Array.from(fresh.read("weights_0_1").data));
  });
});

test.each([
  ["refrence", 'there is no engine "refrence" in this library; did you mean "reference"?'],
  [
    "constructor",
    'there is no engine "constructor" in this library; there are auto, reference, wasm, native',
  ],
])("the engine %s is refused", async (engine, message) => {
  await expect(openSession(train, { engine: engine as EngineName })).rejects.toThrow(new NameError(message));
});

test.each([null, ["wasm"], 3])("the engine %j is refused by name", async (engine) => {
  await expect(openSession(train, { engine: engine as never })).rejects.toThrow(/^there is no engine "/);
});

test("what is neither true nor false does not allow other bits", async () => {
  await expect(openSession(train, { fast: "false" as never })).rejects.toThrow(
    new SessionError('fast is "false", but must be true or false'),
  );
});

describe("close", () => {
  test("makes every method but close throw", () => {
    const session = opened();
    session.close();
    for (const act of [
      () => session.write({ alpha: 1 }),
      () => session.run(),
      () => session.load(examples),
      () => session.fit({ epochs: 1 }),
      () => session.read("alpha"),
      () => session.plan(),
      () => session.generator,
      () => {
        session.generator = undefined;
      },
    ])
      expect(act).toThrow(new SessionError("this session is closed"));
    expect(() => session.close()).not.toThrow();
  });
});
