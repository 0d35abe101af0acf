import { Program } from "../../program/program.ts";
import type { Engine } from "../engine.ts";
import { ReferenceSession } from "./session.ts";

/** The engine that every other is measured by: plain loops in ascending order, one rounding per operation. */
export const reference: Engine = {
  name: "reference",
  contract: { precisions: ["float64", "float32"], sums: "as written", unitsInTheLastPlace: 0 },
  open: (programs, options) =>
    new ReferenceSession(programs instanceof Program ? [programs] : programs, options),
};
