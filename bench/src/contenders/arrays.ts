import { readFileSync } from "node:fs";

/** An array of a file. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

const types = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;

/**
 * Reads a safetensors file that the harness wrote; the arrays are views of it. Contenders that measure how soon they start are
 * not to load a library for this.
 */
export function readArrays(path: string): Record<string, Stored> {
  const { buffer } = new Uint8Array(readFileSync(path));
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length))) as Record<
    string,
    { dtype: keyof typeof types; shape: number[]; data_offsets: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from],
        },
      ]) => {
        const size = shape.reduce((product, each) => product * each, 1);
        return [name, { shape, data: new types[dtype](buffer, 8 + length + from, size) }];
      },
    ),
  );
}

/** The names of a network's weights in order: `weights_0_1`, `bias_1`, `weights_1_2`, … */
export function weightNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, k) => [`weights_${k}_${k + 1}`, `bias_${k + 1}`]).flat();
}
