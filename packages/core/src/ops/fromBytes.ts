import { infix } from "./code.ts";
import { input } from "./examples.ts";
import type { ElementwiseOp, Example, Examples } from "./op.ts";

/** Parameter: `divisor`, the byte that becomes 1, default 255. Bytes have no derivative. */
export const fromBytes: ElementwiseOp<["x"]> = {
  kind: "elementwise",
  noun: "numbers",
  signature: "x[...]:uint8 -> [...]",
  parameters: { divisor: 255 },
  expression: "x / divisor",
  gradient: {},
  print: { numpy: (x, divisor) => infix("/", x, divisor) },
};

const bytes = (): readonly Example[] =>
  [
    input([2, 3], 0, 1, 127, 128, 254, 255),
    input([1, 256], ...Array.from({ length: 256 }, (_, byte) => byte)),
    input([1, 1], 3),
    input([0, 3]),
    input([], 200),
  ].map((each) => ({ inputs: [each] }));

export const examples: Examples = () => ({
  fromBytes: [
    ...bytes(),
    ...[256, -0.3, 1000].flatMap((divisor) =>
      bytes().map(({ inputs }) => ({ inputs, parameters: { divisor } })),
    ),
  ],
});
