import { openSession, ProgramBuilder } from "@streetlight/core";
import type { Options, ProductSpec } from "../protocol.ts";
import { readArrays } from "./arrays.ts";
import type { Job } from "./serve.ts";
import { blockOf, engineOf } from "./streetlightMlp.ts";

/** A product as a program of one step, in the loop of a training: only that uses several threads. */
export async function product({ data, size }: ProductSpec, given: Options): Promise<Job> {
  const { left, right } = readArrays(data);
  const b = new ProgramBuilder("product", "float32");
  b.name("product", b.ops.matmul(b.input("left", ["batch", size]), b.weights("right", [size, size])));
  const session = await openSession(b.build(), {
    ...engineOf(given),
    capacity: size,
    keep: ["product"],
  });
  session.load({ left: blockOf(left!) });
  session.write({ right: blockOf(right!) });
  return {
    plan: session.plan(),
    reset: () => {},
    run: (times) => {
      session.fit({ epochs: times, batch: size });
      return 0;
    },
    result: () => [session.read("product").data],
    close: () => session.close(),
  };
}
