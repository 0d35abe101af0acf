import type { Pace } from "../harness/pace.ts";
import type { Registry } from "../harness/registry.ts";
import type { Found } from "../harness/result.ts";

/** Something that is measured. */
export interface Task {
  readonly name: string;
  /** One sentence: what the work is. */
  readonly says: string;
  measure(run: TaskRun): Promise<Found>;
}

/** What a task is measured with. */
export interface TaskRun {
  readonly pace: Pace;
  readonly registry: Registry;
  /** A smoke run: few points, few repeats. */
  readonly quick: boolean;
}
