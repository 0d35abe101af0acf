import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { against, explained } from "./against/against.ts";
import { environment } from "./harness/environment.ts";
import { commit, installPeers } from "./harness/install.ts";
import type { Pace } from "./harness/pace.ts";
import { say } from "./harness/progress.ts";
import { Registry } from "./harness/registry.ts";
import { type Result, writeResult } from "./harness/result.ts";
import { bench } from "./harness/runtimes.ts";
import { endWhenInterrupted } from "./harness/scratch.ts";
import { table } from "./report/table.ts";
import { tasks } from "./tasks/index.ts";

const usage = `npm run bench -- [task …] [--quick] [--node PATH]

Measures Streetlight and its peers side by side; needs a machine that does nothing else. Tasks, all by default:
${tasks.map(({ name, says }) => `  ${name.padEnd(9)} ${says}`).join("\n")}

  --quick      a smoke run: few and short turns, results in bench/results/quick
  --rounds N   how many turns each contender has (default 7)
  --node PATH  the Node in which contenders in JavaScript run (default: the newest at hand)
  --against C  compares the working tree with the commit C instead, without peers (below)

Results go to bench/results; npm run bench:report writes docs/performance.md from them.

${explained}`;

const unhurried: Pace = { rounds: 7, turn: 0.25, budget: 8 };
const quickly: Pace = { rounds: 2, turn: 0.02, budget: 0.5 };

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      node: { type: "string" },
      against: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, help } = values;
  if (values.against !== undefined && !help) {
    endWhenInterrupted();
    return against(values.against, positionals, values);
  }
  const unknown = positionals.find((name) => !tasks.some((task) => task.name === name));
  if (help || unknown !== undefined) {
    process.stdout.write(`${unknown === undefined ? "" : `there is no task ${unknown}\n\n`}${usage}\n`);
    return help ? 0 : 2;
  }
  endWhenInterrupted();
  const pace = { ...(quick ? quickly : unhurried), ...(values.rounds && { rounds: Number(values.rounds) }) };
  const noPeers = installPeers();
  const registry = new Registry({
    ...(values.node === undefined ? {} : { node: values.node }),
    ...(noPeers === undefined ? {} : { noPeers }),
  });
  if (loadavg()[0]! > 0.3)
    say(`bench: this machine is busy (load ${loadavg()[0]!.toFixed(1)}): the figures will not be worth much`);
  const found = environment(registry, commit());
  const chosen = tasks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let disagreements = 0;
  for (const task of chosen) {
    say(`bench: ${task.name}: ${task.says}`);
    const result: Result = {
      format: "streetlight-bench",
      version: 1,
      task: task.name,
      environment: found,
      pace,
      ...(await task.measure({ pace, registry, quick })),
    };
    writeResult(`${bench}results/${quick ? "quick/" : ""}${task.name}.json`, result);
    process.stdout.write(`${table(result)}\n\n`);
    disagreements += result.series
      .flatMap(({ contenders }) => contenders)
      .filter(({ status }) => status === "disagrees").length;
  }
  if (disagreements > 0)
    say(`bench: ${disagreements} results disagree with the others: they are not counted`);
  return disagreements > 0 ? 1 : 0;
}
