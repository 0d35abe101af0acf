import type { OpName } from "../../src/ops/op.ts";
import { shown } from "./bits.ts";
import { cases, run } from "./cases.ts";
import type { Library } from "./library.ts";
import { agrees, type Oracle, shownWanted } from "./oracle.ts";

/** Every example of an op, run by an engine, is what the oracle says. Yields what differs. */
export function* checkExamples(
  library: Library,
  engine: string,
  op: OpName,
  oracle: Oracle,
): Generator<string> {
  for (const each of cases) {
    if (each.op !== op) continue;
    const result = run(library, engine, each);
    const wanted = oracle.get(each.key)!;
    if (!agrees(result, wanted))
      yield `${each.key} on ${engine}: ${shown(result)}\n  wants ${shownWanted(wanted)}`;
  }
}
