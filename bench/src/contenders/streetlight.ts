import { readFileSync } from "node:fs";
import type { Spec } from "../protocol.ts";
import { type Job, options, serve } from "./serve.ts";

/** Streetlight; each kind of work is loaded when it is asked for, so that starting is what a user's program starts. */
const open: Partial<Record<Spec["kind"], (spec: never) => Promise<Job>>> = {
  mlp: async (spec) => (await import("./streetlightMlp.ts")).mlp(spec, options()),
  lights: async (spec) => (await import("./streetlightLights.ts")).lights(spec, options()),
  product: async (spec) => (await import("./streetlightProduct.ts")).product(spec, options()),
  own: async (spec) => (await import("./streetlightOwn.ts")).own(spec),
};

const { engine } = options();
await import("@streetlight/core");
await serve({ streetlight: versionOf("core"), ...(engine === "native" ? await blas() : {}) }, (spec) =>
  open[spec.kind]!(spec as never),
);

function versionOf(name: string): string {
  const url = import.meta.resolve(`@streetlight/${name}/package.json`);
  return JSON.parse(readFileSync(new URL(url), "utf8")).version;
}

/** The library that the native engine found, as its plan names it. */
async function blas(): Promise<Record<string, string>> {
  const { openSession, ProgramBuilder } = await import("@streetlight/core");
  const b = new ProgramBuilder("probe");
  b.name("y", b.ops.relu(b.input("x", ["batch", 1])));
  const session = await openSession(b.build(), { engine: "native" });
  const name = /large products by ([^,]+)/.exec(session.plan())?.[1];
  session.close();
  return name === undefined ? {} : { BLAS: name };
}
