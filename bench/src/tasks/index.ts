import { lights } from "./lights.ts";
import { mlps } from "./mlp.ts";
import type { Task } from "./task.ts";

/** Everything that is measured, in the order of the report. */
export const tasks: readonly Task[] = [lights, ...mlps];
