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
  const signatures = new Map<string, { readonly index: number; readonly code: Code }>();
  const typeOf = (parameters: readonly Type[], result?: Type): Code => {
    const key = `${parameters.join()} ${result}`;
    let known = signatures.get(key);
    if (known === undefined) {
      const results = result === undefined ? [] : [result];
      const code = [0x60, ...[parameters, results].map((each) => list(each.map((type) => [types[type]])))];
      known = { index: signatures.size, code };
      signatures.set(key, known);
    }
    return unsigned(known.index);
  };
  const importedTypes = imports.map(({ parameters }) => typeOf(parameters));
  const ownTypes = functions.map(({ parameters, result }) => typeOf(parameters, result));
  // Any memory of that many pages or more will do.
  const limits = [shared ? 3 : 1, unsigned(pages), unsigned(65536)];
  const imported = imports.map(({ name: of }, position) => [
    name("e"),
    name(of),
    0,
    importedTypes[position]!,
  ]);
  const exported = [
    ...[...exports].map(([of, index]) => [name(of), 0, unsigned(index)]),
    ...globals.map((global, index) => [name(global), 3, unsigned(index)]),
  ];
  const sections: readonly (readonly [id: number, items: readonly Code[]])[] = [
    [1, [...signatures.values()].map(({ code }) => code)],
    [2, [[name("e"), name("memory"), 2, limits], ...imported]],
    [3, ownTypes],
    [6, globals.map(() => [types.i32, 1, 0x41, 0, 0x0b])],
    [7, exported],
    [10, functions.map(functionBytes)],
  ];
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return flattened([magic, sections.map(([id, items]) => [id, sized(list(items))])]);
}

function functionBytes({ locals, code }: FunctionCode): Code {
  const runs: { count: number; readonly type: Type }[] = [];
  for (const type of locals) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ count: 1, type });
  }
  return sized([list(runs.map(({ count, type }) => [unsigned(count), types[type]])), code, 0x0b]);
}

/** How many there are, then one after the other. */
function list(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

/** How many bytes there are, then these. */
function sized(code: Code): Code {
  const bytes = flattened(code);
  return [unsigned(bytes.length), bytes];
}

function name(text: string): Code {
  return [unsigned(text.length), Array.from(text, (letter) => letter.charCodeAt(0))];
}
