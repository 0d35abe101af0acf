import { bundles } from "./bundles.ts";
import { growth } from "./growth.ts";
import { lights } from "./lights.ts";
import { mlps } from "./mlp.ts";
import { mnist } from "./mnist.ts";
import { products } from "./products.ts";
import { start } from "./start.ts";
import type { Task } from "./task.ts";

/** Everything that is measured, in the order of the report. */
export const tasks: readonly Task[] = [lights, ...mlps, mnist, products, growth, start, bundles];
