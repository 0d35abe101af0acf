import ts from "typescript";
import { descendants, type Edit, otherComparisons, otherNumbers, replace } from "./edit.ts";

/** The steps that one may be mistaken for, given what it is applied to. */
const otherSteps: Readonly<Record<string, (...given: string[]) => string[]>> = {
  add: (a, b) => [`emit.subtract(${a}, ${b})`],
  subtract: (a, b) => [`emit.add(${a}, ${b})`, `emit.subtract(${b}, ${a})`],
  multiply: (a, b) => [`emit.divide(${a}, ${b})`, `emit.add(${a}, ${b})`],
  divide: (a, b) => [`emit.multiply(${a}, ${b})`, `emit.divide(${b}, ${a})`],
  divideByScalar: (a, b) => [`emit.scale(${b}, ${a})`, `emit.divideByScalar(${b}, ${a})`],
  scale: (a, b) => [`emit.divideByScalar(${b}, ${a})`, `emit.scale(${b}, ${a})`],
  matmul: (a, b) => [`emit.matmul(${b}, ${a})`, `emit.multiply(${a}, ${b})`],
  square2deriv: (a) => [`emit.square(${a})`],
  relu2deriv: (a, options) => [`emit.relu(${a}, ${options})`],
  transpose: (a) => [`emit.negate(${a})`],
  sumRows: (a) => [`emit.sumColumns(${a})`],
  sumColumns: (a) => [`emit.sumRows(${a})`],
  spreadRows: (a, sizes) => [`emit.spreadColumns(${a}, { m: ${sizes}.n })`],
  spreadColumns: (a, sizes) => [`emit.spreadRows(${a}, { n: ${sizes}.m })`],
  total: (a) => [`emit.sumRows(${a})`],
  gatherRows: (a, rows) => [`emit.scatterRows(${a}, ${rows}, { v: 3 })`],
  scatterRows: (a, rows) => [`emit.gatherRows(${a}, ${rows})`],
};

/** A rule as text to be changed. `open` adds to a change of the body what puts every array's name at hand. */
interface Rule {
  readonly names: readonly string[];
  readonly open: (edit: Edit) => Edit[];
  readonly result: ts.Expression;
}

/**
 * Changes of a gradient rule: its result with the other sign or twice; each step left out, mistaken for another,
 * or its operands in the other order; each array mistaken for another one; each number, condition and option
 * changed. Changing the order of a product or a sum is no change, so it is not made.
 *
 * Each element of the answer is the edits of one mutant.
 */
export function gradientEdits(
  rule: ts.ArrowFunction,
  operands: readonly string[],
  isMetric: boolean,
): Edit[][] {
  const { open, names, result } = read(rule, operands, isMetric);
  const mutants: Edit[][] = [];
  const put = (edit: Edit) => mutants.push(open(edit));
  const text = result.getText();
  put(replace(result, `emit.negate(${text})`));
  put(replace(result, `emit.add(${text}, ${text})`));
  for (const node of descendants(rule.body)) {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const step = node.expression.name.text;
      if (step === "size") continue;
      const given = node.arguments.map((argument) => argument.getText());
      for (const other of otherSteps[step]?.(...given) ?? []) put(replace(node, other));
      for (const argument of node.arguments)
        if (!ts.isObjectLiteralExpression(argument)) put(replace(node, argument.getText()));
        else put(replace(argument, "{}"));
    }
    if (ts.isIdentifier(node) && isRead(node) && names.includes(node.text))
      for (const other of names) if (other !== node.text) put(replace(node, other));
    if (ts.isNumericLiteral(node)) for (const other of otherNumbers(node)) put(replace(node, other));
    if (ts.isBinaryExpression(node))
      for (const other of otherComparisons[node.operatorToken.getText()] ?? [])
        put(replace(node.operatorToken, other));
    if (ts.isConditionalExpression(node)) {
      put(replace(node.whenTrue, node.whenFalse.getText()));
      put(replace(node.whenFalse, node.whenTrue.getText()));
      mutants.push([
        ...open(replace(node.whenTrue, node.whenFalse.getText())),
        replace(node.whenFalse, node.whenTrue.getText()),
      ]);
    }
  }
  return mutants;
}

function read(rule: ts.ArrowFunction, operands: readonly string[], isMetric: boolean): Rule {
  const [at, emit] = rule.parameters;
  // A metric is where deltas start, so its rule has none.
  const names = [...operands, "output", ...(isMetric ? [] : ["delta"])];
  const open = (edit: Edit): Edit[] => [
    replace(at!, `{ ${[...names, "parameters"].join(", ")} }${emit === undefined ? ", emit" : ""}`),
    edit,
  ];
  const returned = ts.isBlock(rule.body)
    ? rule.body.statements.find(ts.isReturnStatement)!.expression!
    : rule.body;
  return { names, open, result: returned as ts.Expression };
}

/** Whether an identifier reads an array, rather than naming a method, a property or an option. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (
    !ts.isPropertyAssignment(parent) &&
    !ts.isShorthandPropertyAssignment(parent) &&
    !ts.isBindingElement(parent)
  );
}
