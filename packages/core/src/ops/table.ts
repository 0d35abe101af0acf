import type { Op, OpName } from "./op.ts";
import * as registry from "./registry.ts";

/** Every op by name, for code that meets ops as data. */
export const ops: Readonly<Record<OpName, Op>> = registry;
