import { ops } from "../ops/table.ts";
import type { ArrayDeclaration, Phase, ProgramData, Step } from "./data.ts";

/** A step with the inline arrays that it reads opened up. */
export interface Folded {
  readonly step: Step;
  /** Each operand: an array by name, or the step that computes it on the spot. */
  readonly operands: readonly (string | Folded)[];
}

/** What a reader sees and steps over: one named array and the expression that gives it. */
export interface Line {
  readonly phase: Phase;
  readonly writes: string;
  readonly expression: Folded;
  /** The positions of its steps in the program, ascending. */
  readonly steps: readonly number[];
}

/** A program as printers see it. */
export interface Printable {
  readonly data: ProgramData;
  readonly lines: readonly Line[];
  /** The arrays that predict computes and none of its steps reads. */
  readonly outputs: readonly string[];
  /** Whether there is an array of this name. */
  has(name: string): boolean;
  /** The declaration of an array. Throws `NameError`. */
  array(name: string): ArrayDeclaration;
}

/**
 * Folds steps into lines. An inline array disappears into the step that reads it if only that one does and if
 * nothing its expression reads is rewritten between the two; so a line may take in steps of an earlier phase,
 * as `weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)` does.
 */
export function fold(program: Pick<ProgramData, "arrays" | "steps">): readonly Line[] {
  const { steps } = program;
  const mayFold = new Set(program.arrays.filter((array) => array.inline).map((array) => array.name));
  const readers = new Map<string, number[]>();
  for (const [position, step] of steps.entries())
    for (const name of step.reads) readers.set(name, [...(readers.get(name) ?? []), position]);

  const foldedAt = new Map<number, Folded>();
  const positionsOf = new Map<Folded, number[]>();
  const pending = new Map<string, number>();
  const lines: Line[] = [];

  const rewrittenBetween = (folded: Folded, from: number, to: number): boolean => {
    const leaves = new Set(namesRead(folded));
    return steps.slice(from + 1, to).some((step) => leaves.has(step.writes));
  };

  for (const [position, step] of steps.entries()) {
    const used = [position];
    const operands = step.reads.map((name) => {
      const source = pending.get(name);
      if (source === undefined) return name;
      const folded = foldedAt.get(source)!;
      used.push(...positionsOf.get(folded)!);
      return folded;
    });
    const expression: Folded = { step, operands };
    foldedAt.set(position, expression);
    positionsOf.set(expression, used);
    const reading = readers.get(step.writes) ?? [];
    const [reader] = reading;
    if (
      mayFold.has(step.writes) &&
      reading.length === 1 &&
      reader! > position &&
      !rewrittenBetween(expression, position, reader!)
    ) {
      pending.set(step.writes, position);
      continue;
    }
    lines.push({ phase: step.phase, writes: step.writes, expression, steps: used.sort((a, b) => a - b) });
  }
  return lines;
}

/** The arrays whose numbers an expression takes from memory. */
export function namesRead(folded: Folded): string[] {
  return folded.operands.flatMap((operand) => (typeof operand === "string" ? [operand] : namesRead(operand)));
}

/** Whether NumPy's broadcasting makes a spread invisible: it stands inside an elementwise op beside a full operand. */
export function isBroadcast(operand: string | Folded, parent: Folded): boolean {
  const isSpread = (each: string | Folded) => typeof each !== "string" && ops[each.step.op].noun === "spread";
  return ops[parent.step.op].kind === "elementwise" && isSpread(operand) && !parent.operands.every(isSpread);
}
