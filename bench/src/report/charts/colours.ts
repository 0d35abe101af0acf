import type { Peer } from "../../tasks/contenders.ts";

/** How a contender is drawn. */
export interface Pen {
  readonly colour: string;
  /** Dashes and gaps of a line, for those with more than one thread. */
  readonly dashes?: string;
}

/** Okabe and Ito's colours, which those who see fewer colours can tell apart; they are readable on light and on dark. */
const colours: Record<Peer, string> = {
  Streetlight: "#e69f00",
  NumPy: "#0072b2",
  PyTorch: "#cc79a7",
  "jax-js": "#009e73",
  "TensorFlow.js": "#56b4e9",
  JavaScript: "#8c8c8c",
};

/** The engines that may round otherwise have colours of their own. */
const inexact: readonly (readonly [id: RegExp, colour: string])[] = [
  [/^(native|auto)/, "#d55e00"],
  [/^fast/, "#8f5f2a"],
];

export function pen({ id, peer, threads }: { id: string; peer: Peer; threads: number }): Pen {
  const special = peer === "Streetlight" && inexact.find(([pattern]) => pattern.test(id));
  const colour = special ? special[1] : colours[peer];
  const dashes = threads > 1 ? "6 3" : id.startsWith("torch-modules") ? "2 3" : undefined;
  return dashes === undefined ? { colour } : { colour, dashes };
}
