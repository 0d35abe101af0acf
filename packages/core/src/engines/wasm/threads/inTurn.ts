import { Body } from "../code/body.ts";
import { drop, globalGet, i64Const, repeat, trap, when } from "../code/code.ts";
import { atomic, i32 } from "../code/instructions.ts";
import type { FunctionCode } from "../code/moduleBytes.ts";
import { threadGlobal } from "../kernels/context.ts";
import { words } from "./barrier.ts";

/** Wakes up so often, in nanoseconds, to see whether a thread has failed. */
const nap = 50_000_000;

/**
 * For tests: from one barrier to the next the threads compute one after the other, the thread `t` after `order[t]` others.
 * Where a thread reads what another writes without a barrier between them, some order shows other numbers, every time.
 */
export function inTurnFunction(address: number, order: readonly number[]): FunctionCode {
  const body = new Body();
  const [before, arrived] = [body.local("i32"), body.local("i32")];
  const control = i32.const(address);
  const look = arrived.set(atomic.load(control, words.arrived));
  const tooFew = i32.lt(arrived.get, before.get);
  return body.function([
    order.map((others, thread) =>
      when(i32.eq(globalGet(threadGlobal), i32.const(thread)), before.set(i32.const(others))),
    ),
    look,
    when(
      tooFew,
      repeat(
        [
          drop(atomic.wait(control, arrived.get, i64Const(nap), words.arrived)),
          when(atomic.load(control, words.failed), trap),
          look,
        ],
        tooFew,
      ),
    ),
  ]);
}
