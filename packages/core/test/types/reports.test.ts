import { expect, test } from "vitest";
import { Editor } from "./editor.ts";

const editor = new Editor();

/** What the compiler says of a program that uses a report, in a strict project. */
function problems(program: string): string[] {
  const types = "Difference, Epoch, NonFinite, NumbersReport, PartialDerivative, Phase, Slip, TraceEvent";
  const shown = "declare function show(...values: (string | number | Phase)[]): void;";
  return editor.type(`import type { ${types} } from "@streetlight/core";\n${shown}\n${program}`).problems();
}

test.each([
  [
    "how an epoch ended",
    `function read(epoch: Epoch): void {
      switch (epoch.stopped) {
        case "condition":
          return show(epoch.stoppedBy.array, epoch.stoppedBy.batch);
        case "early":
        case undefined:
          return;
        default:
          epoch satisfies never;
      }
    }`,
  ],
  [
    "how an epoch ended, by what stopped it",
    "function read({ stoppedBy }: Epoch): void { if (stoppedBy) show(stoppedBy.array); }",
  ],
  [
    "an event of a trace",
    `function read(event: TraceEvent): void {
      switch (event.kind) {
        case "edit":
          return show(event.batch, event.step, event.array, event.element, event.value);
        default:
          event.kind satisfies never;
      }
    }`,
  ],
  [
    "where two traces part",
    "function read(found: Difference): void { if (found.step !== undefined) show(found.step, found.phase); }",
  ],
  [
    "the first number that is not finite",
    `function read(found: NonFinite): void {
      if (found.line !== undefined) show(found.line, found.phase, found.step, found.op);
    }`,
  ],
  [
    "where a learner's numbers part",
    `function read({ parting }: NumbersReport): void {
      if (parting?.line !== undefined) show(parting.array, parting.line, parting.phase);
    }`,
  ],
  [
    "a partial derivative",
    `function read({ verdict, byDifference, byBackpropagation }: PartialDerivative): void {
      switch (verdict) {
        case "agrees":
        case "kink":
          return;
        case "differs":
          return show(byDifference - byBackpropagation);
        default:
          verdict satisfies never;
      }
    }`,
  ],
  [
    "a slip",
    `function read({ kind, says }: Slip): void {
      switch (kind) {
        case "transpose":
        case "slope":
        case "alpha":
        case "sum or mean":
        case "sign":
        case "factor":
        case "updated weights":
        case "another batch":
        case "precision":
          return show(says);
        default:
          kind satisfies never;
      }
    }`,
  ],
])("%s is told apart without a cast", (_, program) => {
  expect(problems(program)).toEqual([]);
});

test.each([
  ["epoch.stoppedBy.array", "Epoch", "possibly 'undefined'"],
  ["epoch.phase.length", "Difference", "possibly 'undefined'"],
  ["epoch.line.length", "NonFinite", "possibly 'undefined'"],
])("and %s is not taken for granted", (text, type, message) => {
  expect(problems(`function read(epoch: ${type}): void { show(${text}); }`).join()).toContain(message);
});
