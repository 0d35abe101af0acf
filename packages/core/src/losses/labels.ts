import type { Ref } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { checkLoss, type Loss, type Metric } from "./loss.ts";

/**
 * The same loss on class numbers: targets are a list of whole numbers, 0 for the first output and so on. They stay int32, and
 * what predictions are compared with is a visible step of compare, `goal = one_hot(labels, 10)`. The numbers that are
 * learnt have the bits of those learnt from rows of 0s and 1s, and metrics are given such rows. Throws `RangeError` where
 * a network has one output: then there is one class, `TypeError` for what is no loss.
 */
export function ofLabels<Default extends Metric>(loss: Loss<Default>): Loss<Default> {
  checkLoss("ofLabels", loss);
  return { ...loss, goal: goalOfLabels };
}

function goalOfLabels(b: ProgramBuilder, name: string, outputs: number): Ref {
  if (outputs < 2)
    throw new RangeError("ofLabels: the network has one output, but each class needs one of its own");
  return b.name(name, b.ops.oneHot(b.target("labels", ["batch"], "int32"), { k: outputs }));
}
