import fc from "fast-check";
import { signature } from "../../src/ops/signature.ts";
import { count, type Shape } from "../../src/shape/block.ts";
import { blockOf, elements } from "./bits.ts";
import { append, arrayOf } from "./cases.ts";
import { opNames, library as original } from "./library.ts";
import { block, matrices, number, type Property, precision, same, size } from "./numbers.ts";

/** Ops whose result has a row for each row of some operands, and those operands. */
export const rowwise = opNames.flatMap((op) => {
  const { operands, result } = signature(original.ops[op].signature);
  const withRows = operands.filter(({ pattern }) => pattern[0] === result[0] && result[0] !== undefined);
  return withRows.length > 0 ? [{ op, rows: new Set(withRows.map(({ name }) => name)) }] : [];
});

const most = 5;
const inputs = fc.record({
  to: precision,
  rows: size,
  width: size,
  other: size,
  pool: fc.array(number, { minLength: 2 * most * most + 2, maxLength: 2 * most * most + 2 }),
});

/** A batch gives what its rows give one by one. */
export const rowByRow: Property = (library, engine, effort) => {
  for (const { op, rows: withRows } of rowwise)
    fc.assert(
      fc.property(inputs, ({ to, rows, width, other, pool }) => {
        const { operands, result } = signature(original.ops[op].signature);
        const sizeOf = (letter: string) => (letter === "m" && op === "matmul" ? other : width);
        const free = result.filter((letter) => !operands.some(({ pattern }) => pattern.includes(letter)));
        const parameters = Object.fromEntries(free.map((letter) => [letter, other]));
        const b = new library.ProgramBuilder("law", to);
        const arrays = operands.map(({ name, pattern, dtype }, position) => {
          const inner = (withRows.has(name) && pattern[0] !== "..." ? pattern.slice(1) : pattern).map(sizeOf);
          const own = pool.slice(position * most * most);
          // Bytes, and labels and rows inside and outside.
          const numbers =
            dtype === undefined ? own : own.map((value) => Math.abs(Math.trunc(value)) % 7 || 0);
          return { name, inner, numbers, dtype };
        });
        const refs = arrays.map(({ name, inner, dtype }) =>
          withRows.has(name) ? b.input(arrayOf(name), ["batch", ...inner], dtype) : b.weights(name, inner),
        );
        b.name("result", append(b, op, refs, parameters));
        const session = library.engines[engine]!.open(b.build(), { capacity: most, keep: "all" });
        const resultOf = (from: number, to: number): number[] => {
          for (const { name, inner, numbers } of arrays) {
            const each = count(inner);
            const [shape, values]: [Shape, number[]] = withRows.has(name)
              ? [[to - from, ...inner], numbers.slice(from * each, to * each)]
              : [inner, numbers.slice(0, each)];
            session.write({ [arrayOf(name)]: blockOf("float64", shape, values) });
          }
          session.run();
          return elements(session.read("result"));
        };
        const single = Array.from({ length: rows }, (_, row) => resultOf(row, row + 1));
        return same(resultOf(0, rows), single.flat());
      }),
      effort,
    );
};

/** A run of few rows after a longer one gives its own rows and nothing of the others. */
export const onlyItsRows: Property = (library, engine, effort) =>
  fc.assert(
    fc.property(matrices, fc.integer({ min: 0, max: 6 }), ({ to, sizes: [n, k], left }, cut) => {
      const few = Math.min(cut, n);
      const b = new library.ProgramBuilder("law", to);
      const x = b.input("x", ["batch", k]);
      const y = b.name("y", b.ops.negate(x));
      b.name("across", b.ops.sumColumns(y));
      b.name("turned", b.ops.matmul(y, b.ops.transpose(b.weights("turning", [k, k]))));
      b.name("shares", b.ops.softmax(y));
      const names = ["y", "across", "turned", "shares"];
      const session = library.engines[engine]!.open(b.build(), { capacity: 6, keep: "all" });
      session.write({ x: block(left, k), turning: blockOf("float64", [k, k], new Array(k * k).fill(0.5)) });
      session.run();
      const before = names.map((name) => elements(session.read(name)));
      session.write({ x: block(left.slice(0, few), k) });
      session.run();
      return names.every((name, i) => {
        const width = n === 0 ? 0 : before[i]!.length / n;
        return same(elements(session.read(name)), before[i]!.slice(0, few * width));
      });
    }),
    effort,
  );
