import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { distance } from "../oracle/distance.ts";
import { runPython } from "../oracle/python.ts";
import { expectSameBits } from "../program/bits.ts";
import {
  batch,
  build,
  type Combination,
  combinations,
  dataFor,
  epochs,
  exact,
  learning,
  losses,
  optimizers,
  seed,
} from "./combinations.ts";

interface Outcome {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
}

function wanted(): Outcome[] {
  const asked = combinations.map((combination) => {
    const net = build(combination);
    const weights = Object.fromEntries(net.weightNames.map((name) => [name, net.read(name).toArray()]));
    return { ...combination, data: dataFor(combination), weights, batch, epochs, seed };
  });
  const script = readFileSync(new URL("oracle.py", import.meta.url), "utf8");
  return JSON.parse(runPython(script, asked)) as Outcome[];
}

const fields = Object.keys(exact) as (keyof typeof exact)[];

function isExact(combination: Combination): boolean {
  return fields.every((field) => exact[field].includes(combination[field]));
}

describe("200 updates, batches of three with a last one of one, agree with NumPy's to 1e-9 or in bits", () => {
  const outcomes = wanted();
  const byLoss = Object.keys(losses).flatMap((loss) =>
    Object.keys(optimizers).map((optimizer) => ({ loss, optimizer })),
  );

  it.each(byLoss)("$loss by $optimizer, with every activation", async ({ loss, optimizer }) => {
    for (const [place, combination] of combinations.entries()) {
      if (combination.loss !== loss || combination.optimizer !== optimizer) continue;
      const net = build(combination);
      const reports = await net.fit(dataFor(combination), { ...learning(combination), batch, epochs });
      const { activation, schedule, body } = combination;
      const compare = (found: ArrayLike<number>, expected: readonly number[], what: string) => {
        const where = `${what} with ${activation}, ${schedule}, ${body}`;
        if (isExact(combination)) expectSameBits(found, expected, where);
        else expect(distance(found, expected), where).toBeLessThan(1e-9);
      };
      const expected = outcomes[place]!;
      const found = reports.map(({ metrics }) => metrics.loss);
      compare(found, expected.losses, "losses");
      for (const name of net.weightNames)
        compare(net.read(name).data, expected.weights[name]!.flat() as number[], name);
    }
  });
});

test("every two of activation, loss, optimizer, schedule and body meet", () => {
  const all = [...fields, "body"] as const;
  const valuesOf = (field: keyof Combination) => [...new Set(combinations.map((each) => each[field]))];
  const missing = all.flatMap((one, place) =>
    all.slice(place + 1).flatMap((other) =>
      valuesOf(one).flatMap((left) =>
        valuesOf(other)
          .filter((right) => !combinations.some((each) => each[one] === left && each[other] === right))
          .map((right) => `${left} with ${right}`),
      ),
    ),
  );
  expect(missing).toEqual([]);
});

test("every exact loss and optimizer is compared in bits", () => {
  const compared = combinations.filter(isExact);
  for (const field of ["loss", "optimizer", "activation"] as const)
    expect(new Set(compared.map((each) => each[field]))).toEqual(new Set(exact[field]));
});
