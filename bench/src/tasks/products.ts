import { Field } from "../harness/field.ts";
import type { Series } from "../harness/result.ts";
import { fast, handWritten, jaxjs, native, numpy, tfjs, torch, wasm } from "./contenders.ts";
import { copyData, productData } from "./data.ts";
import type { Task } from "./task.ts";

const says =
  "products of two square float32 matrices, and copies in memory: what arithmetic and memory give on this machine, by size";
const contenders = [
  ...wasm,
  ...fast,
  ...native,
  ...numpy,
  ...torch
    .filter(({ options }) => options.variant === "hand")
    .map((each) => ({ ...each, label: `mm out=, ${each.label.split(", ")[1]}` })),
  ...jaxjs,
  ...tfjs("wasm", "hand").map((each) => ({ ...each, label: "wasm, matMul" })),
];
const sizes = [16, 32, 64, 128, 256, 512, 1024];
const kilobytes = [64, 512, 4096, 32768, 262144];

/** The rounding of a sum of so many terms, in any order, against its largest result. */
const tolerance = { loss: 0, numbers: 1e-5 };

/** The limits of the machine: nothing that multiplies matrices is faster than its products. */
export const products: Task = {
  name: "products",
  says,
  measure: async ({ pace, registry, quick }) => {
    const short = { rounds: Math.min(pace.rounds, 5), turn: pace.turn / 3, budget: pace.budget / 6 };
    const series: Series[] = [];
    const field = await Field.start("products", contenders, registry);
    for (const size of quick ? [16, 256] : sizes) {
      const { data, initial } = productData("product", size);
      const work = { spec: { kind: "product", data, size } as const, initial, tolerance };
      const measured = await field.measure(short, work, `${size} × ${size}`);
      series.push({
        name: `${size} × ${size}`,
        place: { of: "size", at: size },
        work: { flops: 2 * size ** 3, bytes: 12 * size ** 2 },
        contenders: measured,
      });
    }
    await field.end();
    const copier = await Field.start("products", [{ ...handWritten, label: "copying" }], registry);
    for (const size of quick ? [64] : kilobytes) {
      const { data, initial } = copyData("copy", size * 1024);
      const work = { spec: { kind: "copy", data, bytes: size * 1024 } as const, initial, tolerance };
      series.push({
        name: `copying ${size} KiB`,
        place: { of: "bytes", at: size * 1024 },
        // Read once and written once.
        work: { bytes: 2 * size * 1024 },
        contenders: await copier.measure(short, work, `copies of ${size} KiB`),
      });
    }
    await copier.end();
    return { says, series };
  },
};
