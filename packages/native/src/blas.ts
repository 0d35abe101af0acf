import type { Outside, OutsideProduct, WasmMemory } from "@streetlight/core/wasm";
import koffi from "koffi";
import type { Library } from "./library.ts";

/** cblas.h: matrices lie row after row; an operand as it lies, or transposed. */
const rowMajor = 101;
const asItLies = 111;
const transposed = 112;

/** Below so many multiplications a call costs more than it saves. */
const worthACall = 4_000;
/** From so many on, more threads are worth waking. */
const worthThreads = 8_000_000;

/** Computes products by a library, in place on WebAssembly's memory. */
export function outsideBy(library: Library, threads: number): Outside {
  return {
    name: library.name,
    worthwhile: (multiplications) => multiplications >= worthACall,
    prepare: (product, memory) => {
      const call = prepared(product, memory, library);
      const { rows, terms, columns } = product;
      return (batch) => {
        const size = (each: number | "batch") => (each === "batch" ? batch : each);
        library.setThreads?.(size(rows) * size(terms) * size(columns) >= worthThreads ? threads : 1);
        call(batch);
      };
    },
  };
}

function prepared(
  { precision, rows, terms, columns, left, right, result, minus, keep }: OutsideProduct,
  memory: WasmMemory,
  library: Library,
): (batch: number) => void {
  const gemm = library.product[precision];
  const [a, b] = [left, right].map((operand) => (operand.transposed ? transposed : asItLies)) as [
    number,
    number,
  ];
  const { buffer: first } = memory;
  let buffer = first;
  let base = addressOf(buffer);
  let factor = minus === undefined ? undefined : numberAt(precision, buffer, minus);
  return (batch) => {
    if (memory.buffer !== buffer) {
      buffer = memory.buffer;
      base = addressOf(buffer);
      factor = minus === undefined ? undefined : numberAt(precision, buffer, minus);
    }
    const size = (each: number | "batch") => (each === "batch" ? batch : each);
    const n = size(columns);
    gemm(
      rowMajor,
      a,
      b,
      size(rows),
      n,
      size(terms),
      factor === undefined ? 1 : -factor[0]!,
      base + left.address,
      size(left.width),
      base + right.address,
      size(right.width),
      keep,
      base + result,
      n,
    );
  };
}

function addressOf(buffer: ArrayBuffer): number {
  return Number(koffi.address(new Uint8Array(buffer)));
}

function numberAt(
  precision: "float32" | "float64",
  buffer: ArrayBuffer,
  at: number,
): Float32Array | Float64Array {
  return precision === "float32" ? new Float32Array(buffer, at, 1) : new Float64Array(buffer, at, 1);
}
