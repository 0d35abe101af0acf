import { type EngineName, openSession } from "@streetlight/core";
import { allStreetlights } from "./all-streetlights/lesson.ts";
import { backpropagation } from "./backpropagation/lesson.ts";
import { crossing } from "./crossing.ts";
import { elementwise } from "./elementwise/lesson.ts";
import { forward } from "./forward/lesson.ts";
import type { Lesson, Print } from "./lesson.ts";
import { oneIteration } from "./one-iteration/lesson.ts";
import { oneStreetlight } from "./one-streetlight/lesson.ts";
import { selfSufficient } from "./self-sufficient/lesson.ts";

/** The chapter's lessons in page order. */
export const chapter: readonly Lesson[] = [
  oneStreetlight,
  elementwise,
  allStreetlights,
  forward,
  backpropagation,
  oneIteration,
  selfSufficient,
];

/** Prints what every cell of the notebook prints, each under a line with its number. Every engine prints the same. */
export async function printChapter(print: Print, engine: EngineName = "auto"): Promise<void> {
  // An engine that is not there is found out before anything is printed.
  (await openSession(crossing().program, { engine, seed: 1 })).close();
  for (const lesson of chapter)
    for (const cell of lesson.cells) {
      print(`# In [${cell.number}]`);
      await cell.run(print, engine);
    }
}
