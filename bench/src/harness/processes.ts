import { type ChildProcess, spawn } from "node:child_process";
import type { Invocation } from "./runtimes.ts";

/** Those that run now, for whoever has to end them. */
const running = new Set<ChildProcess>();
const windows = process.platform === "win32";
/** How much of what a process complains about is kept. */
const keptComplaints = 4000;

/** A process with pipes, in a group of its own: Ctrl-C is the harness's to handle. */
export interface Started {
  readonly child: ChildProcess;
  /** What it has said on standard error, or why it did not start. */
  readonly complaints: () => string;
}

export function start({ command, args, env }: Invocation): Started {
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"], detached: !windows });
  running.add(child);
  let complaints = "";
  const note = (text: string) => {
    complaints = (complaints + text).slice(-keptComplaints);
  };
  child.once("exit", () => running.delete(child));
  child.once("error", (error) => note(error.message));
  child.stderr!.setEncoding("utf8").on("data", note);
  // A process that is gone is noticed by its silence.
  child.stdin!.on("error", () => {});
  return { child, complaints: () => complaints.trim() };
}

/** Ends a process and all that it started, at once. */
export function kill(child: ChildProcess): void {
  try {
    if (!windows && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

/** Ends every process, also those that are held. */
export function killAll(): void {
  for (const child of running) kill(child);
}

/** Stops a process from running until it is released. */
export function hold(child: ChildProcess): void {
  if (!windows) child.kill("SIGSTOP");
}

export function release(child: ChildProcess): void {
  if (!windows) child.kill("SIGCONT");
}
