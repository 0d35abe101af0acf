import { describe, expect, test } from "vitest";
import { RandomState } from "../../src/array/randomState.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { reference } from "../../src/engines/reference/reference.ts";
import { ProgramBuilder } from "../../src/program/builder.ts";
import type { Loop } from "../../src/program/loop.ts";
import type { Program } from "../../src/program/program.ts";
import type { Numbers } from "../../src/shape/numbers.ts";
import { long } from "../long.ts";
import { expectSameBits } from "../program/bits.ts";
import { inOrder, orders } from "./inTurn.ts";
import { programOf, readers, rows } from "./readers.ts";

interface Training {
  readonly program: Program;
  readonly data: Readonly<Record<string, Numbers>>;
  readonly loop: Loop;
  readonly capacity: number;
}

function outcome(engine: Engine, { program, data, loop, capacity }: Training) {
  const session = engine.open(program, { capacity, seed: 1, keep: "all" });
  session.load(data);
  const reported = session.fit(loop);
  const arrays = program.data.arrays.map(({ name }) => [name, session.read(name).toTyped()] as const);
  session.close();
  return { reported, arrays };
}

/** Expects the reference's bits in these orders of threads. */
function expectSame(training: Training, what: object, among = orders): void {
  const wanted = outcome(reference, training);
  for (const order of among) {
    const found = outcome(inOrder(order), training);
    const where = JSON.stringify({ ...what, order });
    expect(found.reported, where).toEqual(wanted.reported);
    for (const [k, [name, numbers]] of wanted.arrays.entries())
      expectSameBits(found.arrays[k]![1], numbers, `${name} of ${where}`);
  }
}

const [two, three] = [2, 3].map((threads) => orders.filter(({ length }) => length === threads));
/** In `npm test` one order for each way to be given; each op meets both orders of two threads, and some of three. */
const ordersOf = (k: number) =>
  long ? orders : [two![k % 2]!, ...(k % 4 === 0 ? [three![(k / 4) % 6]!] : [])];

describe("whichever thread comes last, numbers are the reference's", () => {
  const order = Array.from({ length: rows }, (_, place) => (place * 8 + 5) % rows);
  const loop = { epochs: 2, batch: 13, order };

  test.each([...new Set(readers.map(({ op }) => op))])("where %s reads what the batch is given", (op) => {
    for (const [k, reader] of readers.entries())
      if (reader.op === op) expectSame({ ...programOf(reader), loop, capacity: 13 }, reader, ordersOf(k));
  });

  test("and an epoch's numbers are finite if they were when it ended", () => {
    const b = new ProgramBuilder("train");
    b.input("x", ["batch", 1]);
    const w = b.weights("w", [20, 20], { value: 1e300 });
    // No thread needs what another writes: it may be a batch ahead.
    b.inUpdate(() => b.update(w, b.ops.scale(b.setting("factor", 1e4), w)));
    const data = { x: new RandomState(1).randn(3, 1) };
    expectSame(
      { program: b.build(), data, loop: { epochs: 3, batch: "full" }, capacity: 3 },
      {},
      ordersOf(0),
    );
  });
});
