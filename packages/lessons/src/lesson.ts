import type { EngineName } from "@streetlight/core";

/** Writes one line, as Python's `print` does. */
export type Print = (line: string) => void;

/** A cell of the notebook that prints: the number it carries there, and a program that prints the same, whatever engine runs it. */
export interface Cell {
  readonly number: number;
  readonly run: (print: Print, engine: EngineName) => void | Promise<void>;
}

/** A part of the chapter: its cells in page order. */
export interface Lesson {
  readonly title: string;
  readonly cells: readonly Cell[];
}
