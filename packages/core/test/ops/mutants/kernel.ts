import ts from "typescript";
import { descendants, type Edit, otherComparisons, otherNumbers, remove, replace } from "./edit.ts";

const otherOperators: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["+", "/"],
  "/": ["*"],
  "+=": ["-="],
  "-=": ["+="],
  ...otherComparisons,
};

const otherFunctions: Readonly<Record<string, string>> = {
  every: "some",
  min: "max",
  max: "min",
  abs: "sqrt",
  sqrt: "abs",
};

/**
 * Changes of a function that loops over numbers: operators, numbers, conditions; loops that begin or end one
 * early or late; sums in descending order; 0 for -0; a term, a rounding, a statement, an offset or a member
 * left out;
 * strides for sizes; two names of a list in the other order.
 *
 * A loop that carries nothing from turn to turn may run in any order, so only the others are reversed. The
 * counters of loops are left alone, for a loop that never ends fails no check.
 *
 * Each element of the answer is the edits of one mutant.
 */
export function kernelEdits(root: ts.Node): Edit[][] {
  const mutants: Edit[][] = [];
  const put = (...edits: Edit[]) => mutants.push(edits);
  for (const node of descendants(root)) {
    if (isCounter(node)) continue;
    if (ts.isBinaryExpression(node)) {
      for (const other of otherOperators[node.operatorToken.getText()] ?? [])
        put(replace(node.operatorToken, other));
      if (/^[-+*/]$/.test(node.operatorToken.getText()))
        for (const part of [node.left, node.right]) put(replace(node, `(${part.getText()})`));
    }
    if (ts.isForStatement(node)) {
      const { right } = node.condition as ts.BinaryExpression;
      put(replace(right, `(${right.getText()}) - 1`));
      if (carries(node)) put(reversed(node));
    }
    if (ts.isForOfStatement(node) && carries(node))
      put(replace(node.expression, `[...${node.expression.getText()}].reverse()`));
    if (ts.isNumericLiteral(node) && !ts.isPrefixUnaryExpression(node.parent))
      for (const other of otherNumbers(node)) put(replace(node, other));
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken)
      put(replace(node, node.operand.getText()));
    if (ts.isPostfixUnaryExpression(node)) put(replace(node, `${node.operand.getText()}--`));
    if (ts.isCallExpression(node) && node.expression.getText() === "round")
      put(replace(node, `(${node.arguments[0]!.getText()})`));
    if (ts.isConditionalExpression(node))
      put(
        replace(node.whenTrue, `(${node.whenFalse.getText()})`),
        replace(node.whenFalse, `(${node.whenTrue.getText()})`),
      );
    if (ts.isIfStatement(node)) put(replace(node.expression, `!(${node.expression.getText()})`));
    if (ts.isArrayBindingPattern(node)) put(...swapped(node));
    if (ts.isExpressionStatement(node)) put(replace(node, ";"));
    if (ts.isPropertyAccessExpression(node)) put(...otherMember(node));
    if (ts.isObjectLiteralExpression(node)) for (const edits of otherMembers(node)) put(...edits);
  }
  return mutants.filter((edits) => edits.length > 0);
}

/** What steps a loop on: `row++` between the parentheses of a for. */
function isCounter(node: ts.Node): boolean {
  if (!ts.isPostfixUnaryExpression(node)) return false;
  for (let at: ts.Node = node; at.parent; at = at.parent) {
    if (ts.isForStatement(at.parent)) return at.parent.incrementor === at;
    if (!ts.isBinaryExpression(at.parent)) return false;
  }
  return false;
}

/** Whether a turn of the loop finds what an earlier one left in a variable: a sum, or a place to write to. */
function carries(loop: ts.ForStatement | ts.ForOfStatement): boolean {
  const declared = new Set<string>();
  const assigned = new Set<string>();
  for (const node of descendants(loop)) {
    if (isCounter(node)) continue;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) declared.add(node.name.text);
    if (
      ts.isBinaryExpression(node) &&
      ts.isIdentifier(node.left) &&
      /^[-+*/]?=$/.test(node.operatorToken.getText())
    )
      assigned.add(node.left.text);
    if (ts.isPostfixUnaryExpression(node)) assigned.add(node.operand.getText());
  }
  return [...assigned].some((name) => !declared.has(name));
}

/** The same loop from its last turn to its first. What it steps along beside its counter begins at the end, too. */
function reversed(loop: ts.ForStatement): Edit {
  const counter = (loop.initializer as ts.VariableDeclarationList).declarations[0]!.name.getText();
  const bound = (loop.condition as ts.BinaryExpression).right.getText();
  const steps = [...descendants(loop.incrementor!)].filter(
    (node): node is ts.BinaryExpression =>
      ts.isBinaryExpression(node) && node.operatorToken.getText() === "+=",
  );
  const ahead = steps.map((step) => `${step.left.getText()} += ${step.right.getText()} * (${bound} - 1);`);
  const back = steps.map((step) => `, ${step.left.getText()} -= ${step.right.getText()}`);
  const head = `for (let ${counter} = ${bound} - 1; ${counter} >= 0; ${counter}--${back.join("")})`;
  return replace(loop, `{ ${ahead.join(" ")} ${head} ${loop.statement.getText()} }`);
}

function swapped(list: ts.ArrayBindingPattern): Edit[] {
  const [first, second] = list.elements;
  if (!first || !second || !/^\w+$/.test(first.getText()) || !/^\w+$/.test(second.getText())) return [];
  return [replace(first, second.getText()), replace(second, first.getText())];
}

function otherMember(node: ts.PropertyAccessExpression): Edit[] {
  const name = node.name.text;
  const other = otherFunctions[name];
  if (other !== undefined) return [replace(node.name, other)];
  if (name === "offset") return [replace(node, "0")];
  // Shapes and strides have one length, so there the one may stand for the other.
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === "length") return [];
  if (name === "shape") return [replace(node.name, "strides")];
  if (name === "strides") return [replace(node.name, "shape")];
  return [];
}

/** A record with one member less, or with two spread into it in the other order. */
function otherMembers({ properties }: ts.ObjectLiteralExpression): Edit[][] {
  const spread = properties.filter(ts.isSpreadAssignment);
  const [first, second] = spread;
  const less = properties.map((property) => [remove(property)]);
  const isLast = (edits: Edit[]) => edits[0]!.to === properties.at(-1)!.end;
  const commas = less.map((edits) => [{ ...edits[0]!, to: edits[0]!.to + (isLast(edits) ? 0 : 1) }]);
  return [
    ...(properties.some(ts.isSpreadAssignment) ? commas : []),
    ...(first && second ? [[replace(first, second.getText()), replace(second, first.getText())]] : []),
  ];
}
