import { formatShape, type SizeShape } from "./size.ts";

/** One operand as an error shows it: its role in the operation, its name, its shape, the pattern it must fit. */
export interface OperandRow {
  readonly operand: string;
  readonly name: string;
  readonly shape: SizeShape;
  readonly pattern: string;
}

/**
 * Arrays that do not fit together.
 *
 *     matmul(layer_0, weights_0_1): k is 3 in layer_0 but 2 in weights_0_1
 *       left   layer_0       batch × 3   [n k]
 *       right  weights_0_1       2 × 4   [k m]
 *       in predict: layer_1 = relu(layer_0.dot(weights_0_1))
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  readonly problem: string;
  readonly rows: readonly OperandRow[];

  /** `where` is the phase and the line of a program in which the clash stands. */
  constructor(problem: string, rows: readonly OperandRow[] = [], where?: string) {
    super([problem, ...table(rows), ...(where === undefined ? [] : [`  in ${where}`])].join("\n"));
    this.problem = problem;
    this.rows = rows;
  }
}

function table(rows: readonly OperandRow[]): string[] {
  const width = (pick: (row: OperandRow) => string) => Math.max(0, ...rows.map((row) => pick(row).length));
  const operand = width((row) => row.operand);
  const name = width((row) => row.name);
  const shape = width((row) => formatShape(row.shape));
  return rows.map(
    (row) =>
      `  ${row.operand.padEnd(operand)}  ${row.name.padEnd(name)}   ` +
      `${formatShape(row.shape).padStart(shape)}   ${row.pattern}`,
  );
}
