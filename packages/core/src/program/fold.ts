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

/** How deep a line's expression may be; what lies deeper is a line of its own. Python reads 200 brackets deep. */
const deepest = 50;

/** An expression under construction: how deep it is, and the first step after it that rewrites what it reads. */
interface Growing {
  readonly folded: Folded;
  readonly depth: number;
  readonly rewritten: number;
}

/**
 * Folds steps into lines. An inline array disappears into the step that reads it if only that one does and if
 * nothing its expression reads is rewritten between the two; so a line may take in steps of an earlier phase,
 * as `weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)` does.
 */
export function fold(program: Pick<ProgramData, "arrays" | "steps">): readonly Line[] {
  const { steps } = program;
  const mayFold = new Set(program.arrays.filter((array) => array.inline).map((array) => array.name));
  const readers = new Map<string, { times: number; last: number }>();
  const writer = new Map<string, number>();
  const positions = new Map<Step, number>();
  for (const [position, step] of steps.entries()) {
    positions.set(step, position);
    writer.set(step.writes, position);
    for (const name of step.reads)
      readers.set(name, { times: (readers.get(name)?.times ?? 0) + 1, last: position });
  }

  const pending = new Map<string, Growing>();
  const lines: Line[] = [];
  for (const [position, step] of steps.entries()) {
    let depth = 1;
    let rewritten = Infinity;
    const operands = step.reads.map((name) => {
      const inner = pending.get(name);
      const next = inner?.rewritten ?? writer.get(name) ?? Infinity;
      if (next > position) rewritten = Math.min(rewritten, next);
      if (inner === undefined) return name;
      depth = Math.max(depth, inner.depth + 1);
      return inner.folded;
    });
    const expression: Folded = { step, operands };
    const { times, last } = readers.get(step.writes) ?? { times: 0, last: 0 };
    if (mayFold.has(step.writes) && times === 1 && last > position && rewritten >= last && depth < deepest) {
      pending.set(step.writes, { folded: expression, depth, rewritten });
      continue;
    }
    const own = stepsOf(expression).map((each) => positions.get(each)!);
    lines.push({ phase: step.phase, writes: step.writes, expression, steps: own.sort((a, b) => a - b) });
  }
  return lines;
}

/** The steps of an expression. */
function stepsOf({ step, operands }: Folded): Step[] {
  return [step, ...operands.flatMap((operand) => (typeof operand === "string" ? [] : stepsOf(operand)))];
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
