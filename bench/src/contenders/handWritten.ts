import { copy } from "./copy.ts";
import { handWrittenLights } from "./handWrittenLights.ts";
import { handWrittenMlp } from "./handWrittenMlp.ts";
import { options, serve } from "./serve.ts";

/** What somebody writes who needs no library: loops over typed arrays. */
await serve({}, (spec) => {
  if (spec.kind === "lights") return handWrittenLights(spec, options());
  if (spec.kind === "mlp") return handWrittenMlp(spec);
  if (spec.kind === "copy") return copy(spec);
  throw new Error(`nobody has written ${spec.kind} by hand`);
});
