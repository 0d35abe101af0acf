import { cos } from "./cos.ts";
import type { Definition } from "./definition.ts";
import { exp } from "./exp.ts";
import { expm1 } from "./expm1.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { tanh } from "./tanh.ts";

/** The elementary functions that expressions may call. */
export const functions = { exp, expm1, log, log1p, tanh, cos } as const satisfies Record<string, Definition>;

export type ElementaryFunction = keyof typeof functions;
