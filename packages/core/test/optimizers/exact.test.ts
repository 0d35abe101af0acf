import { expect, test } from "vitest";
import { runPythonPrograms } from "../program/execute.ts";
import { bodies, epochs, exact } from "./combinations.ts";
import { expectReference, printedTraining } from "./printed.ts";

/** Deep networks of relu with bias: every optimizer with every loss, and every body with both. */
const trainings = Object.keys(bodies).flatMap((body) =>
  ["sgd", "momentum", "nesterov"].flatMap((optimizer) =>
    exact.loss.map((loss) =>
      printedTraining({ activation: "relu", loss, optimizer, schedule: "step", body }, epochs),
    ),
  ),
);

const outcomes = runPythonPrograms(
  trainings.map(({ text, names }) => ({ text: text("numpy-exact"), names })),
);

test.each(trainings.map((each, place) => ({ ...each, outcome: outcomes[place]! })))(
  "$key: 200 updates by numpy-exact, run by Python, have the reference's bits",
  (each) => {
    expect(each.reported.length).toBe(50);
    expectReference(each.outcome, each);
  },
);
