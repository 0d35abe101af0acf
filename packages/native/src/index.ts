import { availableParallelism } from "node:os";
import type { Engine } from "@streetlight/core";
import { wasmEngine } from "@streetlight/core/wasm";
import { outsideBy } from "./blas.ts";
import { type Library, loadLibrary } from "./library.ts";

let library: Library | undefined;

/**
 * The engine whose large products are computed by OpenBLAS or Accelerate, and everything else by the WASM engine. The library
 * adds up in an order of its own and fuses multiplications with additions, so numbers agree with the reference's to rounding only.
 * `threads` are the library's, for large products.
 *
 * Throws `SessionError`, which says how to install a library, where there is none.
 */
export function native(): Engine {
  library ??= loadLibrary();
  const found = library;
  const contract = { precisions: ["float64", "float32"], sums: "any", unitsInTheLastPlace: 0 } as const;
  return {
    name: "native",
    contract,
    open: (programs, options = {}, why) => {
      const { threads = 1 } = options;
      const outside = outsideBy(found, Math.min(threads, availableParallelism()));
      return wasmEngine({ name: "native", contract, outside }).open(programs, options, why);
    },
  };
}
