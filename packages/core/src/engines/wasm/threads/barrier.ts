import { Body } from "../code/body.ts";
import { type Code, drop, i64Const, repeat, trap, when } from "../code/code.ts";
import { atomic, i32 } from "../code/instructions.ts";
import type { FunctionCode } from "../code/moduleBytes.ts";

/** Words that threads share, each in a line of the cache of its own: byte offsets from where they begin. */
export const words = {
  /** How many threads have come to the barrier. */
  arrived: 0,
  /** Counts barriers that have opened. */
  generation: 64,
  /** Not 0 once a thread is lost; whoever waits then gives up. */
  failed: 128,
  /** Counts calls: the other threads wait for the next. */
  call: 192,
  /** What the call is: so many whole numbers. */
  given: 256,
  bytes: 512,
} as const;

/** Looks this often before it sleeps: about a millisecond, for waking up takes a tenth of one. */
const looks = 400_000;
/** Sleeps at most so many nanoseconds at a time, so that it notices when a thread has failed. */
const nap = 50_000_000;
/** About as many operations as a thread surely does in that time, and the least number of naps before it counts as lost. */
const operationsPerNap = 5e7;
const leastNaps = 200;

/**
 * Waits until a word is no longer `before`: first by looking at it again and again, then asleep. Gives up, by a trap,
 * when a thread has failed, or after so many naps.
 */
export function waiting(body: Body, control: Code, offset: number, before: Code, most?: number): Code {
  const left = body.local("i32");
  const slept = body.local("i32");
  const same = i32.eq(atomic.load(control, offset), before);
  const giveUp = [...atomic.store(control, i32.const(1), words.failed), ...trap];
  const look = [
    left.set(i32.const(looks)),
    when(
      same,
      repeat(left.set(i32.sub(left.get, i32.const(1))), i32.and(same, i32.ne(left.get, i32.const(0)))),
    ),
  ];
  const sleep = [
    drop(atomic.wait(control, before, i64Const(nap), offset)),
    when(atomic.load(control, words.failed), trap),
    most === undefined
      ? []
      : [slept.set(i32.add(slept.get, i32.const(1))), when(i32.gt(slept.get, i32.const(most)), giveUp)],
  ];
  return [...look, ...slept.set(i32.const(0)), ...when(same, repeat(sleep, same))];
}

/**
 * A function at which so many threads wait for each other, between which a batch of so many operations may lie. With `announced`
 * each that comes wakes those that wait for their turn (`inTurn.ts`).
 */
export function barrierFunction(
  address: number,
  threads: number,
  operations: number,
  announced: boolean,
): FunctionCode {
  const body = new Body();
  const most = leastNaps + Math.ceil(operations / operationsPerNap);
  const generation = body.local("i32");
  const control = i32.const(address);
  return body.function([
    generation.set(atomic.load(control, words.generation)),
    when(
      i32.eq(atomic.add(control, i32.const(1), words.arrived), i32.const(threads - 1)),
      [
        atomic.store(control, i32.const(0), words.arrived),
        drop(atomic.add(control, i32.const(1), words.generation)),
        drop(atomic.notify(control, i32.const(threads), words.generation)),
      ],
      [
        announced ? drop(atomic.notify(control, i32.const(threads), words.arrived)) : [],
        waiting(body, control, words.generation, generation.get, most),
      ],
    ),
  ]);
}
