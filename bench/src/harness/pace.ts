/** How long and how often is measured. */
export interface Pace {
  /** How often every contender has its turn. */
  readonly rounds: number;
  /** About how long a turn takes, in seconds. */
  readonly turn: number;
  /** A contender whose turns would take longer than this, in seconds, has fewer of them. */
  readonly budget: number;
}

/** How many of the rounds a contender takes part in, one of whose turns takes so many seconds. */
export function turnsWithin({ rounds, budget }: Pace, seconds: number): number {
  return Math.max(1, Math.min(rounds, Math.floor(budget / seconds)));
}

/** Whether it has a turn in this round; fewer turns are spread evenly over the rounds. */
export function hasTurn(turns: number, round: number, rounds: number): boolean {
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}
