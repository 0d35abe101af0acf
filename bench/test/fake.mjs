import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A contender that does no work: what it says is given by the words it is started with. */
const { says = 1, silent, prints, fails } = JSON.parse(process.argv[2]);
if (fails) throw new Error(fails);
if (prints) console.log(prints);
const answer = (reply) => console.log(JSON.stringify(reply));
answer({ versions: { fake: "1.0" } });
let runs = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (silent === command.do) process.exit(3);
  if (command.do === "open") answer({ plan: "nothing" });
  if (command.do === "check") {
    writeFileSync(command.result, new Float64Array([says]));
    answer({ loss: 0.5 });
  }
  if (command.do === "run") answer({ seconds: command.times * 0.001 * (++runs) ** 0 });
  if (command.do === "end") answer({ peak: 12345 });
}
