import { exp } from "../math/exp.ts";
import { expm1 } from "../math/expm1.ts";
import { log } from "../math/log.ts";
import { log1p } from "../math/log1p.ts";
import { tanh } from "../math/tanh.ts";
import { prepared } from "./language.ts";

/** The functions of `math/` that ops call. Every program brings them, so those that none calls are left out. */
export const called = /* @__PURE__ */ prepared({ exp, expm1, log, log1p, tanh });
