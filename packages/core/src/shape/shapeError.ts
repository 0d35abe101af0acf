import type { Dtype } from "./block.ts";
import { formatShape, type SizeShape } from "./size.ts";

/** One operand as an error shows it: its role in the operation, its name, its shape, the pattern it must fit. */
export interface OperandRow {
  readonly operand: string;
  readonly name: string;
  readonly shape: SizeShape;
  /** Shown behind the shape where it matters. */
  readonly dtype?: Dtype;
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
  override readonly name: string = "ShapeError";

  readonly problem: string;
  readonly rows: readonly OperandRow[];

  /** `where` is the phase and the line of a program in which the clash stands. */
  constructor(problem: string, rows: readonly OperandRow[] = [], where?: string) {
    super([problem, ...table(rows), ...(where === undefined ? [] : [`  in ${where}`])].join("\n"));
    this.problem = problem;
    this.rows = rows;
  }

  /** The same error with the place where the clash stands. */
  at(where: string): this {
    return new (this.constructor as new (...given: ConstructorParameters<typeof ShapeError>) => this)(
      this.problem,
      this.rows,
      where,
    );
  }
}

/**
 * An array whose element type an operation does not take.
 *
 *     matmul(pixels, weights_0_1): pixels is uint8, the program's precision needed: take it through fromBytes first
 *       left   pixels        batch × 784 uint8   [n k]
 *       right  weights_0_1            784 × 40   [k m]
 *       in predict: layer_1 = pixels.dot(weights_0_1)
 */
export class DtypeError extends ShapeError {
  override readonly name = "DtypeError";
}

function table(rows: readonly OperandRow[]): string[] {
  const width = (pick: (row: OperandRow) => string) => Math.max(0, ...rows.map((row) => pick(row).length));
  const operand = width((row) => row.operand);
  const name = width((row) => row.name);
  const shape = width(shapeOf);
  return rows.map(
    (row) =>
      `  ${row.operand.padEnd(operand)}  ${row.name.padEnd(name)}   ` +
      `${shapeOf(row).padStart(shape)}   ${row.pattern}`,
  );
}

function shapeOf({ shape, dtype }: OperandRow): string {
  return formatShape(shape) + (dtype === undefined ? "" : ` ${dtype}`);
}
