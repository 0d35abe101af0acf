/** Every op, one line a file. The rest of the library finds ops here and nowhere else. */
export { add } from "./add.ts";
export { differenceSum } from "./differenceSum.ts";
export { divide } from "./divide.ts";
export { divideByScalar } from "./divideByScalar.ts";
export { matmul } from "./matmul.ts";
export { multiply } from "./multiply.ts";
export { negate } from "./negate.ts";
export { relu, relu2deriv } from "./relu.ts";
export { scale } from "./scale.ts";
export { spreadColumns } from "./spreadColumns.ts";
export { spreadRows } from "./spreadRows.ts";
export { square, square2deriv } from "./square.ts";
export { halfSquaredError, squaredError } from "./squaredError.ts";
export { subtract } from "./subtract.ts";
export { sumColumns } from "./sumColumns.ts";
export { sumRows } from "./sumRows.ts";
export { transpose } from "./transpose.ts";
