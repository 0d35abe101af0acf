import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runPython } from "../oracle/python.ts";
import { activations, batch, build, data, epochs, learning, losses, optimizers } from "./combinations.ts";

interface Outcome {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
}

const combinations = Object.keys(losses).flatMap((loss) =>
  Object.keys(optimizers).flatMap((optimizer) =>
    Object.keys(activations).map((activation) => ({ activation, loss, optimizer })),
  ),
);

const names = ["weights_0_1", "bias_1", "weights_1_2", "bias_2"];

function wanted(): Outcome[] {
  const asked = combinations.map((combination) => {
    const net = build(combination);
    const weights = Object.fromEntries(names.map((name) => [name, net.read(name).toArray()]));
    return { ...combination, data, weights, batch, epochs };
  });
  const script = readFileSync(new URL("oracle.py", import.meta.url), "utf8");
  return JSON.parse(runPython(script, asked)) as Outcome[];
}

/** Largest difference, relative to the largest number wanted or 1. */
function distance(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(1, ...expected.map(Math.abs));
  return Math.max(...found.map((value, i) => Math.abs(value - expected[i]!))) / largest;
}

describe("51 updates, batches of three with a last one of one, agree with NumPy's to 1e-9", () => {
  const outcomes = wanted();
  const byLoss = Object.keys(losses).flatMap((loss) =>
    Object.keys(optimizers).map((optimizer) => ({ loss, optimizer })),
  );

  it.each(byLoss)("$loss by $optimizer, with every activation", async ({ loss, optimizer }) => {
    for (const [place, combination] of combinations.entries()) {
      if (combination.loss !== loss || combination.optimizer !== optimizer) continue;
      const net = build(combination);
      const reports = await net.fit(data, { ...learning(combination), batch, epochs });
      const { losses: reported, weights } = outcomes[place]!;
      const found = reports.map(({ metrics }) => metrics.loss);
      expect(distance(found, reported), `loss with ${combination.activation}`).toBeLessThan(1e-9);
      for (const name of names) {
        const values = Array.from(net.read(name).data);
        const expected = weights[name]!.flat() as number[];
        expect(distance(values, expected), `${name} with ${combination.activation}`).toBeLessThan(1e-9);
      }
    }
  });
});
