import type ts from "typescript";
import { type Edit, replace } from "./edit.ts";

const token = /\d+(?:\.\d*)?(?:e[+-]?\d+)?|[A-Za-z_]\w*|>=|<=|==|[-+*/()<>,]/g;
const arithmetic = ["+", "-", "*", "/"];
const comparisons = [">", ">=", "<", "<=", "=="];
/** The functions of the language, and which each may be mistaken for. */
const functions: Readonly<Record<string, string>> = {
  abs: "sqrt",
  sqrt: "abs",
  min: "max",
  max: "min",
  exp: "expm1",
  expm1: "exp",
  log: "log1p",
  log1p: "log",
  tanh: "exp",
};

/**
 * Changes of an elementwise expression: every operator becomes each other of its kind, every number another one,
 * every operand another operand or its negative, every function another; a sign or a term is dropped; the operands of - and /, and the
 * choices of a select, change places.
 */
export function expressionEdits(literal: ts.StringLiteral, operands: readonly string[]): Edit[] {
  const text = literal.text;
  const found = [...text.matchAll(token)].map((match) => ({ word: match[0], at: match.index }));
  const edits: Edit[] = [];
  const put = (at: number, length: number, other: string) =>
    edits.push(replace(literal, JSON.stringify(text.slice(0, at) + other + text.slice(at + length))));
  for (const [i, { word, at }] of found.entries()) {
    const before = found[i - 1]?.word;
    const isSign = word === "-" && (before === undefined || /^[-+*/(,<>=]+$/.test(before));
    if (isSign) put(at, 1, "");
    else if (arithmetic.includes(word)) for (const other of arithmetic) if (other !== word) put(at, 1, other);
    if (comparisons.includes(word))
      for (const other of comparisons) if (other !== word) put(at, word.length, other);
    if (/^\d/.test(word))
      for (const other of [Number(word) + 1, Number(word) / 2])
        if (other !== Number(word)) put(at, word.length, String(other));
    if (operands.includes(word)) {
      // What abs takes may as well be negative.
      const inAbs = found[i - 2]?.word === "abs" && found[i + 1]?.word === ")";
      if (!inAbs) put(at, word.length, `(-${word})`);
      for (const other of operands) if (other !== word) put(at, word.length, other);
    } else if (Object.hasOwn(functions, word)) put(at, word.length, functions[word]!);
    else if (/^[A-Za-z_]/.test(word) && word !== "select")
      for (const other of operands) put(at, word.length, other);
  }
  for (const { 0: pair, 1: left, 2: operator, 3: right, index } of text.matchAll(/(\w+) ([-+*/]) (\w+)/g)) {
    put(index, pair.length, left!);
    put(index, pair.length, right!);
    const inAbs = text.slice(0, index).endsWith("abs(") && text[index + pair.length] === ")";
    if (left !== right && !inAbs && /[-/]/.test(operator!))
      put(index, pair.length, `${right} ${operator} ${left}`);
  }
  const choice = /^select\((.*), (.*), (.*)\)$/.exec(text);
  if (choice) put(0, text.length, `select(${choice[1]}, ${choice[3]}, ${choice[2]})`);
  return edits;
}
