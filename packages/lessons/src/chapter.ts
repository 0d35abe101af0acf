import { allStreetlights } from "./all-streetlights/lesson.ts";
import { backpropagation } from "./backpropagation/lesson.ts";
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

/** Prints what every cell of the notebook prints, each under a line with its number. */
export async function printChapter(print: Print): Promise<void> {
  for (const lesson of chapter)
    for (const cell of lesson.cells) {
      print(`# In [${cell.number}]`);
      await cell.run(print);
    }
}
