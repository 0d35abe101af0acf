import { ContenderProcess } from "../harness/contender.ts";
import { described, lacking, type Measured } from "../harness/measured.ts";
import { now, say } from "../harness/progress.ts";
import type { Registry } from "../harness/registry.ts";
import type { Spec } from "../protocol.ts";
import {
  type Contender,
  handWritten,
  jaxjs,
  native,
  numpy,
  numpyLoops,
  smallTrainings,
  tfjs,
  torch,
  wasm,
} from "./contenders.ts";
import { lightsData, mlpData } from "./data.ts";
import type { Task } from "./task.ts";

const says = "a fresh process: until the library is loaded, and from then on until the first result";

const networks = [
  wasm[0]!,
  native[0]!,
  numpy[0]!,
  torch[0]!,
  jaxjs[0]!,
  ...tfjs("wasm", "fit"),
  ...tfjs("cpu", "fit"),
  handWritten,
];
const trainings = [...smallTrainings, ...numpyLoops, torch[0]!, handWritten];

interface Start {
  /** Seconds from nothing to the library's being loaded. */
  readonly loaded: number;
  /** Seconds from there to the result. */
  readonly first: number;
  readonly peak: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** How long one waits for the first number. */
export const start: Task = {
  name: "start",
  says,
  measure: async ({ pace, registry }) => {
    const rounds = Math.min(pace.rounds, 5);
    const sizes = [784, 128, 10];
    const { data } = mlpData("start", sizes, 32);
    const mlp: Spec = { kind: "mlp", data, sizes, rows: 32, batch: 32, rate: 0.01 };
    const lights: Spec = { kind: "lights", data: lightsData().data, epochs: 60, alpha: 0.2 };
    const ofNetworks = await started(networks, mlp, rounds, registry);
    const ofTrainings = await started(trainings, lights, rounds, registry);
    const series = (
      name: string,
      found: ReadonlyMap<Contender, Start[] | string>,
      which: "loaded" | "first",
    ) => ({
      name,
      work: {},
      contenders: [...found].map(([contender, starts]) => summed(contender, starts, which)),
    });
    return {
      says,
      series: [
        series("until the library is loaded", ofNetworks, "loaded"),
        series("the first step of 784-128-10, building the network included", ofNetworks, "first"),
        series("the first training of the chapter's network, building it included", ofTrainings, "first"),
      ],
    };
  },
};

async function started(
  contenders: readonly Contender[],
  spec: Spec,
  rounds: number,
  registry: Registry,
): Promise<Map<Contender, Start[] | string>> {
  const found = new Map<Contender, Start[] | string>(contenders.map((each) => [each, []]));
  for (let round = 0; round < rounds; round++)
    for (const contender of contenders) {
      const mine = found.get(contender)!;
      if (typeof mine === "string") continue;
      now(`start: round ${round + 1} of ${rounds}, ${contender.peer}, ${contender.label}`);
      const one = await oneStart(contender, spec, registry);
      if (typeof one !== "string") mine.push(one);
      else {
        found.set(contender, one);
        say(`start: ${contender.peer}, ${contender.label}, absent: ${one.split("\n")[0]}`);
      }
    }
  return found;
}

/** Why there is none, where it fails. */
async function oneStart(contender: Contender, spec: Spec, registry: Registry): Promise<Start | string> {
  const invocation = registry.invocation(contender);
  if ("missing" in invocation) return invocation.missing;
  let process: ContenderProcess | undefined;
  try {
    process = await ContenderProcess.start(invocation);
    const loaded = process.startSeconds;
    const began = performance.now();
    await process.ask({ do: "open", spec });
    await process.ask({ do: "run", times: 1 });
    const first = (performance.now() - began) / 1000;
    const { versions } = process;
    return { loaded, first, peak: await process.end(), versions };
  } catch (error) {
    process?.kill();
    return (error as Error).message;
  }
}

function summed(contender: Contender, starts: Start[] | string, which: "loaded" | "first"): Measured {
  if (typeof starts === "string") return lacking(contender, "absent", starts);
  return {
    ...described(contender),
    status: "measured",
    versions: starts[0]!.versions,
    seconds: starts.map((each) => each[which]),
    ...(which === "first" ? { peak: Math.max(...starts.map(({ peak }) => peak)) } : {}),
  };
}
