/** A piece of program text with how tightly its outermost operator binds, so that parentheses are put only where needed. */
export interface Code {
  readonly text: string;
  readonly binds: number;
}

/** Python's order of precedence, loosest first; TypeScript's agrees on these. */
export const binding = { comparison: 1, sum: 2, product: 3, sign: 4, power: 5, postfix: 6, atom: 7 } as const;

export function atom(text: string): Code {
  return { text, binds: binding.atom };
}

function within(code: Code, least: number): string {
  return code.binds < least ? `(${code.text})` : code.text;
}

const level: Record<string, number> = {
  "+": binding.sum,
  "-": binding.sum,
  "*": binding.product,
  "/": binding.product,
};

/** `left - right`; operators of one level group to the left, so a right operand of that level is parenthesised. */
export function infix(operator: string, left: Code, right: Code): Code {
  const binds = level[operator] ?? binding.comparison;
  // Comparisons chain in Python (a < b < c), so neither side may be a bare comparison.
  const least = binds === binding.comparison ? binds + 1 : binds;
  return { text: `${within(left, least)} ${operator} ${within(right, binds + 1)}`, binds };
}

export function minus(operand: Code): Code {
  return { text: `-${within(operand, binding.sign)}`, binds: binding.sign };
}

export function power(base: Code, exponent: number): Code {
  return { text: `${within(base, binding.postfix)} ** ${exponent}`, binds: binding.power };
}

export function call(name: string, ...operands: readonly Code[]): Code {
  return { text: `${name}(${operands.map((operand) => operand.text).join(", ")})`, binds: binding.postfix };
}

/** `object.dot(operand)`, or without operands the attribute `object.T`. */
export function member(object: Code, name: string, ...operands: readonly Code[]): Code {
  const text = `${within(object, binding.postfix)}.${name}`;
  return operands.length > 0 ? call(text, ...operands) : { text, binds: binding.postfix };
}

/** `object[:, None]`. */
export function index(object: Code, inside: string): Code {
  return { text: `${within(object, binding.postfix)}[${inside}]`, binds: binding.postfix };
}
