import type { OpName } from "../../src/ops/op.ts";
import { fingerprint, shown } from "./bits.ts";
import { cases, run } from "./cases.ts";
import type { Library } from "./library.ts";
import type { Oracle } from "./oracle.ts";

/** Every example of an op, run by an engine, has the oracle's bits. Yields what differs. */
export function* checkExamples(
  library: Library,
  engine: string,
  op: OpName,
  oracle: Oracle,
): Generator<string> {
  for (const each of cases) {
    if (each.op !== op) continue;
    const result = run(library, engine, each);
    const wanted = oracle.get(each.key);
    if (fingerprint(result) !== wanted)
      yield `${each.key} on ${engine}: ${shown(result)}\n  has   ${fingerprint(result)}\n  wants ${wanted}`;
  }
}
