import type { StructuredOpName } from "../../../ops/op.ts";
import type { Code } from "../code/code.ts";
import type { Kernel } from "../plan/lower.ts";
import type { Context, Part } from "./context.ts";
import { elementwiseCode } from "./elementwise.ts";
import { metricCode } from "./metrics.ts";
import { productCode } from "./product.ts";
import { gatherRowsCode, oneHotCode, scatterRowsCode } from "./rows.ts";
import { softmaxCode } from "./softmax.ts";
import { sumColumnsCode, sumRowsCode, transposeCode } from "./sums.ts";

type KernelCode = (kernel: Kernel, context: Context, part: Part) => Code;

/** Every structured op; spreads are read through by elementwise steps, or copied as one. */
const structured = {
  gatherRows: gatherRowsCode,
  logSoftmax: (kernel, context, part) => softmaxCode(kernel, context, part, true),
  matmul: productCode,
  oneHot: oneHotCode,
  scatterRows: scatterRowsCode,
  softmax: (kernel, context, part) => softmaxCode(kernel, context, part, false),
  spreadColumns: elementwiseCode,
  spreadRows: elementwiseCode,
  sumColumns: sumColumnsCode,
  sumRows: sumRowsCode,
} satisfies Record<StructuredOpName, KernelCode>;

/** The code of a kernel. */
export function kernelCode(kernel: Kernel, context: Context, part: Part): Code {
  const { main } = kernel;
  if (main === undefined) return elementwiseCode(kernel, context, part);
  if (main.op in structured) return structured[main.op as StructuredOpName](kernel, context, part);
  return main.op === "transpose" ? transposeCode(kernel, context, part) : metricCode(kernel, context, part);
}
