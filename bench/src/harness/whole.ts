import type { Finished } from "../contenders/whole.ts";
import { kill, start } from "./processes.ts";
import type { Invocation } from "./runtimes.ts";

/** What a program did from its start to its end. */
export interface WholeRun extends Finished {
  readonly seconds: number;
}

/** Runs a program to its end. Throws what it says where it fails or takes longer than so many seconds. */
export async function runWhole(invocation: Invocation, patience: number): Promise<WholeRun> {
  const began = performance.now();
  const { child, complaints } = start(invocation);
  child.stdin!.end();
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  let seconds = 0;
  child.once("exit", () => {
    seconds = (performance.now() - began) / 1000;
  });
  const timer = setTimeout(() => kill(child), patience * 1000);
  const code = await new Promise<number | null>((done) => child.once("close", done).once("error", done));
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(
      complaints() || (code === null ? `no end within ${patience} s` : `it ended with ${code}`),
    );
  return { ...(JSON.parse(output.trim().split("\n").at(-1)!) as Finished), seconds };
}
