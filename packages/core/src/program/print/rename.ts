import type { ArrayDeclaration, ProgramData } from "../data.ts";
import { fold, type Printable } from "../fold.ts";
import type { Run, Script } from "./script.ts";

/**
 * Names that arrays may have and scripts of a language may not: what the functions of a script use, and what hosts keep for
 * themselves. Those that both languages refuse are refused where arrays are named (`program/names.ts`).
 */
export const hostWords = {
  python: new Set(["max"]),
  typescript: new Set(
    "DataView ArrayBuffer globalThis require module exports window document location top".split(" "),
  ),
} as const;

/** The script with other names for the arrays that its language cannot bear: `DataView_`. */
export function renamed(script: Script, words: ReadonlySet<string>): Script {
  const { program } = script;
  const clashing = program.data.arrays.filter(({ name }) => words.has(name));
  if (clashing.length === 0) return script;
  const taken = new Set([
    ...words,
    ...program.data.arrays.map(({ name }) => name),
    ...script.uses.map(({ name }) => name),
    ...(script.run?.examples.map(({ variable }) => variable) ?? []),
    ...(script.run?.starts.flatMap(({ byBatch }) => byBatch?.variable ?? []) ?? []),
  ]);
  const names = new Map<string, string>();
  for (const { name } of clashing) {
    let free = `${name}_`;
    while (taken.has(free)) free += "_";
    names.set(name, free);
    taken.add(free);
  }
  const called = (name: string): string => names.get(name) ?? name;
  return {
    ...script,
    program: new Renamed(program, called),
    ...(script.run === undefined ? {} : { run: runOf(script.run, called) }),
  };
}

class Renamed implements Printable {
  readonly data: ProgramData;
  readonly lines: Printable["lines"];
  readonly outputs: readonly string[];
  readonly #arrays: ReadonlyMap<string, ArrayDeclaration>;

  constructor({ data, outputs }: Printable, called: (name: string) => string) {
    const arrays = data.arrays.map((array) => named(array, called));
    const steps = data.steps.map((step) => ({
      ...step,
      reads: step.reads.map(called),
      writes: called(step.writes),
      ...(step.answers === undefined ? {} : { answers: called(step.answers) }),
    }));
    this.data = { ...data, arrays, steps };
    this.lines = fold(this.data);
    this.outputs = outputs.map(called);
    this.#arrays = new Map(arrays.map((array) => [array.name, array]));
  }

  has(name: string): boolean {
    return this.#arrays.has(name);
  }

  array(name: string): ArrayDeclaration {
    return this.#arrays.get(name)!;
  }
}

function runOf(run: Run, called: (name: string) => string): Run {
  return {
    ...run,
    masks: run.masks.map((mask) => named(mask, called)),
    examples: run.examples.map((example) => named(example, called)),
    starts: run.starts.map((start) => ({ ...start, array: named(start.array, called) })),
    // What a report says stays the program's.
    metrics: run.metrics.map((metric) => ({ label: metric.name, ...named(metric, called) })),
    outputs: run.outputs.map(called),
  };
}

function named<Value extends { readonly name: string }>(
  value: Value,
  called: (name: string) => string,
): Value {
  return { ...value, name: called(value.name) };
}
