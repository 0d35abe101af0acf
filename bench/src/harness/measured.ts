import type { Contender } from "../tasks/contenders.ts";
import type { Tolerance } from "./agreement.ts";

/** What was found out about a contender. */
export interface Measured {
  readonly id: string;
  readonly peer: Contender["peer"];
  readonly label: string;
  readonly threads: number;
  readonly status: "measured" | "absent" | "disagrees";
  /** Why it is absent, or how it disagrees. */
  readonly why?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly plan?: string;
  readonly loss?: number;
  /** How far from the first contender's numbers and loss its own are. */
  readonly off?: Tolerance;
  /** Seconds for the work done once, round by round; null where it had no turn. */
  readonly seconds?: readonly (number | null)[];
  /** The most memory that the process held, in bytes. */
  readonly peak?: number;
  /** What else there is, by name. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** What is known of a contender before it is measured. */
export function described({ id, peer, label, options }: Contender) {
  return { id, peer, label, threads: options.threads };
}

export function lacking(contender: Contender, status: "absent" | "disagrees", why: string): Measured {
  return { ...described(contender), status, why };
}
