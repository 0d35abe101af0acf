import { measureOnce } from "../harness/field.ts";
import { reached } from "../harness/goals.ts";
import {
  handWritten,
  iteratedByHand,
  jaxjs,
  numpyLoops,
  reference,
  seededByHand,
  smallTrainings,
  tfjs,
  torch,
} from "./contenders.ts";
import { lightsData } from "./data.ts";
import type { Task } from "./task.ts";

const epochs = 60;
const says =
  "the chapter's 3-4-1 network (relu, no bias, alpha 0.2): 60 epochs of 4 single updates from its initial weights on, " +
  "float64: time of a training";

/** Rounding otherwise changes the last digits only: the training is short and contracts. */
const doublePrecision = { loss: 1e-9, numbers: 1e-12 } as const;
const singlePrecision = { loss: 1e-2, numbers: 1e-4 } as const;

const session = { ...smallTrainings[0]!, exact: true as const };
const contenders = [
  ...smallTrainings,
  { ...reference, options: { ...reference.options, variant: "session" } },
  handWritten,
  seededByHand,
  iteratedByHand,
  ...numpyLoops,
  ...torch.filter(({ options }) => options.threads === 1),
  { ...jaxjs[0]!, single: true as const },
  ...tfjs("cpu", "minimize").map((each) => ({ ...each, single: true as const })),
];

const iterated =
  "giving the word back to the host after each epoch costs typed arrays by hand something too (the line with an async iterator); on top come " +
  "a call into WebAssembly and a report for each epoch, and the checks, the weights in and the weights out of a training.";

/** The smallest network: what a step costs beside the arithmetic. */
export const lights: Task = {
  name: "lights",
  says,
  measure: async ({ pace, registry }) => {
    const { data, initial } = lightsData();
    const work = {
      spec: { kind: "lights", data, epochs, alpha: 0.2 } as const,
      initial,
      tolerance: doublePrecision,
      singleTolerance: singlePrecision,
    };
    const measured = await measureOnce("lights", contenders, work, pace, registry);
    const steps = 4 * epochs;
    const goals = [
      {
        says: "session.fit, the weights written before, at most 0.9 of the time of typed arrays by hand",
        ours: [session.id],
        theirs: [handWritten.id],
        measure: "of the time",
        wanted: { atMost: 0.9 },
        limit:
          "the 240 updates take some 5.6 µs, where each number waits for the one before; the rest is 60 reports, which are objects " +
          "that typed arrays by hand do not make.",
      },
      {
        says: "through for await … net.train at most 3 times the time by hand, seeding included",
        ours: ["train"],
        theirs: [seededByHand.id],
        measure: "of the time",
        wanted: { atMost: 3 },
        limit: iterated,
      },
      {
        says: "the same against typed arrays by hand that seed nothing",
        ours: ["train"],
        theirs: [handWritten.id],
        measure: "of the time",
        wanted: { atMost: 3 },
        limit: iterated,
      },
      {
        says: "from building the network to its result in less time than a training by NumPy",
        ours: ["again"],
        theirs: numpyLoops.map(({ id }) => id),
        measure: "of the time",
        wanted: { below: 1 },
      },
      {
        says: "the same where the process has never compiled such a program",
        ours: ["anew"],
        theirs: numpyLoops.map(({ id }) => id),
        measure: "of the time",
        wanted: { below: 1 },
        limit:
          "the host takes some 0.3 ms to make a module, its memory and its instance, however small they are, and the rest is work " +
          "that nobody does for a loop in place: building and checking two programs and writing the module. As the book writes the " +
          "loop, NumPy takes longer.",
      },
    ] as const;
    return {
      says,
      series: [
        { name: "lights", work: { samples: steps, steps }, tolerance: doublePrecision, contenders: measured },
      ],
      goals: goals.map((each) => reached(each, measured)),
    };
  },
};
