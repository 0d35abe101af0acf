import { type Code, flattened, type Type, types, unsigned } from "./code.ts";

/** A function of a module: what it takes and gives, its further locals, and its code. */
export interface FunctionCode {
  readonly parameters: readonly Type[];
  readonly result?: Type;
  readonly locals: readonly Type[];
  readonly code: Code;
}

export interface ImportedFunction {
  readonly name: string;
  readonly parameters: readonly Type[];
}

export interface ModuleCode {
  /** The least pages, of 64 KiB, of the memory that is imported as `e.memory`. */
  readonly pages: number;
  /** Whether threads share it. */
  readonly shared: boolean;
  /** Imported from `e`; they have the first indices. */
  readonly imports: readonly ImportedFunction[];
  readonly functions: readonly FunctionCode[];
  /** Mutable whole numbers that begin at 0, all exported by name. */
  readonly globals: readonly string[];
  /** Indices of functions by name. */
  readonly exports: ReadonlyMap<string, number>;
}

/** A module in the binary format: https://webassembly.github.io/spec/core/binary/modules.html. */
export function moduleBytes({ pages, shared, imports, functions, globals, exports }: ModuleCode): Uint8Array {
  const signatures: string[] = [];
  const typeOf = (parameters: readonly Type[], result?: Type): number => {
    const signature = JSON.stringify([parameters, result === undefined ? [] : [result]]);
    const known = signatures.indexOf(signature);
    return known >= 0 ? known : signatures.push(signature) - 1;
  };
  const importedTypes = imports.map(({ parameters }) => typeOf(parameters));
  const ownTypes = functions.map(({ parameters, result }) => typeOf(parameters, result));
  const signatureBytes = signatures.map((signature) => {
    const [parameters, results] = JSON.parse(signature) as [Type[], Type[]];
    return [
      0x60,
      ...list(parameters.map((type) => [types[type]])),
      ...list(results.map((type) => [types[type]])),
    ];
  });
  // Any memory of that many pages or more will do.
  const limits = [shared ? 3 : 1, ...unsigned(pages), ...unsigned(65536)];
  const sections: (readonly [id: number, content: readonly number[]])[] = [
    [1, list(signatureBytes)],
    [
      2,
      list([
        [...name("e"), ...name("memory"), 2, ...limits],
        ...imports.map((each, position) => [
          ...name("e"),
          ...name(each.name),
          0,
          ...unsigned(importedTypes[position]!),
        ]),
      ]),
    ],
    [3, list(ownTypes.map((type) => unsigned(type)))],
    [6, list(globals.map(() => [types.i32, 1, 0x41, 0, 0x0b]))],
    [
      7,
      list([
        ...[...exports].map(([exported, index]) => [...name(exported), 0, ...unsigned(index)]),
        ...globals.map((global, index) => [...name(global), 3, ...unsigned(index)]),
      ]),
    ],
    [10, list(functions.map(functionBytes))],
  ];
  const bytes: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const [id, content] of sections) append(bytes, [id, ...unsigned(content.length)], content);
  return Uint8Array.from(bytes);
}

function functionBytes({ locals, code }: FunctionCode): number[] {
  const runs: [count: number, type: Type][] = [];
  for (const type of locals) {
    const last = runs[runs.length - 1];
    if (last?.[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  const declared = list(runs.map(([count, type]) => [...unsigned(count), types[type]]));
  const instructions = flattened(code);
  const bytes: number[] = unsigned(declared.length + instructions.length + 1);
  append(bytes, declared, instructions);
  bytes.push(0x0b);
  return bytes;
}

/** How many there are, then one after the other. */
function list(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length);
  append(bytes, ...items);
  return bytes;
}

/** Not by spreading: a function may have more bytes than a call takes operands. */
function append(bytes: number[], ...parts: readonly (readonly number[])[]): void {
  for (const part of parts) for (const byte of part) bytes.push(byte);
}

function name(text: string): number[] {
  return [...unsigned(text.length), ...Array.from(text, (letter) => letter.charCodeAt(0))];
}
