import fc from "fast-check";
import { expect, test } from "vitest";
import { Body, type Local } from "../../src/engines/wasm/code/body.ts";
import { type Code, copyBytes, flattened, when } from "../../src/engines/wasm/code/code.ts";
import { forwarded } from "../../src/engines/wasm/code/forward.ts";
import { f64, f64x2, i32, i32x4, v128 } from "../../src/engines/wasm/code/instructions.ts";
import { type Lanes, lanesOf } from "../../src/engines/wasm/code/lanes.ts";
import { moduleBytes } from "../../src/engines/wasm/code/moduleBytes.ts";

// Numbers 0 to 31 of a small memory, in either precision, which the commands read and write at constant and other addresses.
const numbers = 32;

type Command =
  | { kind: "load"; count: number; at: number; into: number }
  | { kind: "splat"; at: number; into: number }
  | { kind: "store"; count: number; at: number; of: number }
  | { kind: "add"; left: number; right: number; into: number }
  | { kind: "hidden store"; at: number; of: number }
  | { kind: "scalar store"; at: number }
  | { kind: "copy"; to: number; from: number; count: number }
  | { kind: "when"; holds: boolean; yes: Command[]; no: Command[] }
  | { kind: "loop"; times: number; body: Command[] };

const place = fc.nat({ max: numbers - 4 });
const variable = fc.nat({ max: 2 });
const count = fc.constantFrom(1, 2, 4);
const simple: fc.Arbitrary<Command>[] = [
  fc.record({ kind: fc.constant("load" as const), count, at: place, into: variable }),
  fc.record({ kind: fc.constant("splat" as const), at: place, into: variable }),
  fc.record({ kind: fc.constant("store" as const), count, at: place, of: variable }),
  fc.record({ kind: fc.constant("add" as const), left: variable, right: variable, into: variable }),
  fc.record({ kind: fc.constant("hidden store" as const), at: place, of: variable }),
  fc.record({ kind: fc.constant("scalar store" as const), at: fc.nat({ max: 15 }) }),
  fc.record({
    kind: fc.constant("copy" as const),
    to: fc.nat({ max: 15 }),
    from: fc.nat({ max: 15 }),
    count: fc.nat({ max: 16 }),
  }),
];
const block = fc.array(fc.oneof(...simple), { maxLength: 8 });
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    ...simple.map((arbitrary) => ({ arbitrary, weight: 3 })),
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("when" as const),
        holds: fc.boolean(),
        yes: block,
        no: block,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("loop" as const),
        times: fc.integer({ min: 0, max: 3 }),
        body: block,
      }),
    },
  ),
  { maxLength: 24 },
);

function codeOf(all: readonly Command[], lanes: Lanes, body: Body, variables: readonly Local[]): Code {
  const zero = i32.const(0);
  const hidden = body.local("i32");
  const most = (wanted: number) => Math.min(wanted, lanes.width);
  // What the other lanes hold after the load of a few numbers is open.
  const first = (wanted: number, at: number) => {
    const word = (lane: number) => (4 * lane < wanted * lanes.bytes ? -1 : 0);
    const mask = i32x4.const(word(0), word(1), word(2), word(3));
    return v128.and(lanes.load(wanted, zero, at * lanes.bytes), mask);
  };
  const one = (command: Command): Code => {
    switch (command.kind) {
      case "load":
        return variables[command.into]!.set(first(most(command.count), command.at));
      case "splat":
        return variables[command.into]!.set(lanes.splat(zero, command.at * lanes.bytes));
      case "store":
        return lanes.store(
          most(command.count),
          i32.const(8),
          variables[command.of]!.get,
          command.at * lanes.bytes,
        );
      case "add":
        return variables[command.into]!.set(
          lanes.arithmetic["+"](variables[command.left]!.get, variables[command.right]!.get),
        );
      case "hidden store":
        return [
          hidden.set(i32.const(command.at * lanes.bytes)),
          lanes.store(lanes.width, hidden.get, variables[command.of]!.get),
        ];
      case "scalar store":
        return f64.store(i32.const(8 * command.at), f64.const(3));
      case "copy":
        return copyBytes(i32.const(8 * command.to), i32.const(8 * command.from), i32.const(command.count));
      case "when":
        return when(i32.const(Number(command.holds)), block(command.yes), block(command.no));
      case "loop":
        return body.loop(zero, i32.const(command.times), 1, () => block(command.body));
    }
  };
  const block = (each: readonly Command[]): Code => each.map(one);
  return block(all);
}

/** Memory after the commands, as bits. */
function memoryAfter(all: readonly Command[], lanes: Lanes, forward: boolean): string {
  const body = new Body();
  const variables = [0, 1, 2].map(() => body.local("v128"));
  const plain = codeOf(all, lanes, body, variables);
  const code = forward ? forwarded(plain, body) : plain;
  const bytes = moduleBytes({
    pages: 1,
    shared: false,
    imports: [],
    functions: [body.function(code)],
    globals: [],
    exports: new Map([["run", 0]]),
  });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const filled = lanes.bytes === 8 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  for (let k = 0; k < 2 * numbers; k++) filled[k] = k + 0.5;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), { e: { memory } })
    .exports;
  (run as () => void)();
  return new Uint8Array(memory.buffer, 0, 8 * 2 * numbers).join();
}

test.each(["float64", "float32"] as const)("memory ends up the same, %s", (precision) => {
  const lanes = lanesOf(precision);
  fc.assert(
    fc.property(commands, (all) => {
      expect(memoryAfter(all, lanes, true)).toBe(memoryAfter(all, lanes, false));
    }),
    { numRuns: 400 },
  );
});

const loads = (code: Code): number => {
  const marks = flattened(code);
  return marks.filter((byte, k) => byte === 0xfd && [0x00, 0x0a].includes(marks[k + 1]!)).length;
};

test("a number is taken from a variable as long as nothing can have changed it", () => {
  const body = new Body();
  const value = body.local("v128");
  const zero = i32.const(0);
  const store = v128.store(zero, value.get, 64);
  const reads = [value.set(v128.load(zero, 64)), value.set(v128.load64Splat(zero, 72))];
  expect(loads(reads)).toBe(2);
  expect(loads(forwarded([store, reads], body))).toBe(0);
  expect(loads(forwarded([store, f64.store(zero, f64.const(1), 80), reads], body))).toBe(0);
  expect(loads(forwarded([store, f64.store(zero, f64.const(1), 72), reads], body))).toBe(2);
  expect(loads(forwarded([store, f64.store(value.get, f64.const(1)), reads], body))).toBe(2);
  expect(loads(forwarded([store, when(zero, value.set(f64x2.const(1))), reads], body))).toBe(2);
  expect(loads(forwarded([reads, store], body))).toBe(2);
});
