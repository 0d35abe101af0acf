import type { Evaluate } from "../../src/ops/expression.ts";
import { bits } from "./bits.ts";
import type { Library } from "./library.ts";
import { type Rounding, rounding } from "./sums.ts";

type Meaning = (x: number, y: number, round: Rounding) => number;

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** Texts of the language of elementwise ops and what each means, operation by operation. */
const meanings: Readonly<Record<string, Meaning>> = {
  "x + y": (x, y, r) => r(x + y),
  "x - y": (x, y, r) => r(x - y),
  "x * y": (x, y, r) => r(x * y),
  "x / y": (x, y, r) => r(x / y),
  "-x": (x) => -x,
  "-x * y": (x, y, r) => r(-x * y),
  "x - y - x": (x, y, r) => r(r(x - y) - x),
  "x - (y - x)": (x, y, r) => r(x - r(y - x)),
  "x / y * y": (x, y, r) => r(r(x / y) * y),
  "x + y * x": (x, y, r) => r(x + r(y * x)),
  "(x + y) * x": (x, y, r) => r(r(x + y) * x),
  "x * x + y * y": (x, y, r) => r(r(x * x) + r(y * y)),
  "0.1": (_x, _y, r) => r(0.1),
  "0.1 + x": (x, _, r) => r(r(0.1) + x),
  "2.5e-1 * x": (x, _, r) => r(r(0.25) * x),
  "x > y": (x, y) => truth(x > y),
  "x >= y": (x, y) => truth(x >= y),
  "x < y": (x, y) => truth(x < y),
  "x <= y": (x, y) => truth(x <= y),
  "x == y": (x, y) => truth(x === y),
  "(x > 0) * x": (x, _, r) => r(truth(x > 0) * x),
  "select(x > y, x, -y)": (x, y) => (x > y ? x : -y),
  "select(x, y, -y)": (x, y) => (x !== 0 ? y : -y),
  "select(1, x, y)": (x) => x,
  "select(0, x, y)": (_, y) => y,
  "abs(x)": (x) => Math.abs(x),
  "sqrt(abs(x))": (x, _, r) => r(Math.sqrt(Math.abs(x))),
  "min(x, y)": (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : least(x, y)),
  "max(x, y)": (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : -least(-x, -y)),
  "max(x + y, x * y)": (x, y, r) => {
    const [sum, product] = [r(x + y), r(x * y)];
    return Number.isNaN(sum) || Number.isNaN(product) ? Number.NaN : -least(-sum, -product);
  },
};

/** IEEE's minimum of two numbers: -0 is below 0. */
function least(x: number, y: number): number {
  if (x === 0 && y === 0) return Object.is(x, -0) ? x : y;
  return [x, y].sort((a, b) => a - b)[0]!;
}

const numbers = [0, -0, 1, -1, 0.1, -0.3, 1 / 3, 2.5, 1e8, -1e16, 5e-324, Infinity, -Infinity, Number.NaN];

/** Every text means what it says, in both precisions, for every pair of awkward numbers. Yields what differs. */
export function* checkExpressions({ expression }: Library): Generator<string> {
  const { compile, parse, substitute } = expression;
  for (const [precision, round] of Object.entries(rounding))
    for (const [text, meaning] of Object.entries(meanings)) {
      const evaluate = compile(parse(text), ["x", "y"], round);
      // With y known beforehand, which decides a select on y and leaves x alone.
      const withY = (y: number): Evaluate => compile(substitute(parse(text), { y }), ["x"], round);
      for (const y of numbers.map(round)) {
        const known = withY(y);
        for (const x of numbers.map(round)) {
          const wanted = bits(meaning(x, y, round));
          for (const found of [evaluate([x, y]), known([x])])
            if (bits(found) !== wanted)
              yield `${text} in ${precision} at x = ${x}, y = ${y}: ${found}, not ${meaning(x, y, round)}`;
        }
      }
    }
  for (const text of elementary.filter((each) => canRead(parse, each)))
    for (const x of numbers.map(Math.fround)) {
      const [double, single] = [rounding.float64, Math.fround].map((round) =>
        compile(parse(text), ["x"], round)([x]),
      );
      if (bits(single!) !== bits(Math.fround(double!)))
        yield `${text} in float32 at x = ${x}: ${single}, but in float64 ${double}`;
    }
  const constant = substitute(parse("select(y, x, 2)"), { y: 3 });
  if (JSON.stringify(constant) !== '{"kind":"name","name":"x"}')
    yield `select(3, x, 2) is not decided: ${JSON.stringify(constant)}`;
  const other = substitute(parse("select(y, x, 2)"), { y: 0 });
  if (JSON.stringify(other) !== '{"kind":"literal","value":2}')
    yield `select(0, x, 2) is not decided: ${JSON.stringify(other)}`;
}

/** What the language may have of the functions of `math/`: in float32 each is its float64 result, rounded once. */
const elementary = ["exp(x)", "expm1(x)", "log(x)", "log1p(x)", "tanh(x)", "cos(x)"];

function canRead(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts that are not expressions, and what the error says of each. */
export const refused: Readonly<Record<string, string>> = {
  "x +": '"the end"',
  "x y": '"y" is out of place',
  "(x": '")" expected',
  "pow(x, 2)": 'there is no function "pow"',
  "max(x)": "max takes 2 operands, not 1",
  "x % 2": 'cannot read "% 2"',
};
