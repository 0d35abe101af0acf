import type { ArrayDeclaration } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import { unknownName } from "../program/names.ts";
import type { Program } from "../program/program.ts";
import { inWholeType } from "../program/wholeNumbers.ts";
import type { RandomSource } from "../random/source.ts";
import { type Block, block, type Data } from "../shape/block.ts";
import { type Flat, flatten, type Numbers } from "../shape/numbers.ts";
import { RoomError } from "../shape/room.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape, withRows } from "../shape/size.ts";
import { SessionError } from "./engine.ts";

/**
 * Makes room for arrays with so many rows at most, all numbers 0. Gives an array's numbers by name, wherever they lie by
 * then.
 */
export type Storage = (arrays: readonly ArrayDeclaration[], capacity: number) => (name: string) => Data;

/** The arrays of all programs of a session, each name once. */
export class Memory {
  readonly declarations = new Map<string, ArrayDeclaration>();
  #storage: (name: string) => Data;
  readonly capacity: number;

  /** Throws `SessionError` where two programs declare an array of one name differently. */
  constructor(
    programs: readonly Program[],
    capacity: number,
    source: RandomSource | undefined,
    storage: Storage,
  ) {
    if (!Number.isInteger(capacity) || capacity < 0)
      throw new SessionError(`capacity is ${capacity}, but must be a whole number of rows`);
    this.capacity = capacity;
    for (const program of programs) for (const array of program.data.arrays) this.#declare(program, array);
    this.#storage = inRoom(() => storage([...this.declarations.values()], capacity));
    const data = programs.map((program) => program.data);
    for (const [name, numbers] of inRoom(() => initialNumbers(data, source))) this.store(name, numbers);
  }

  #declare(program: Program, array: ArrayDeclaration): void {
    const known = this.declarations.get(array.name);
    if (known === undefined) this.declarations.set(array.name, array);
    else if (!sameShape(known.shape, array.shape) || known.dtype !== array.dtype)
      throw new SessionError(
        `${array.name} is ${formatShape(array.shape)} ${array.dtype} in ${program.name}, ` +
          `but ${formatShape(known.shape)} ${known.dtype} in a program before it; arrays of one name are shared`,
      );
    else if (known.role !== array.role || JSON.stringify(known.initial) !== JSON.stringify(array.initial))
      throw new SessionError(
        `${array.name} is ${declared(array)} in ${program.name}, but ${declared(known)} in a program before it; ` +
          "arrays of one name are shared, so they are declared alike",
      );
  }

  /** The declaration of an array. Throws `NameError` with the nearest name. */
  find(name: string): ArrayDeclaration {
    const found = this.declarations.get(name);
    if (found === undefined) throw unknownName("array", name, "this session", this.declarations.keys());
    return found;
  }

  /** An array's numbers in a run of `rows` rows; not a copy. */
  view(name: string, rows: number): Block {
    const { dtype, shape } = this.find(name);
    return block(dtype, withRows(shape, rows), this.#storage(name));
  }

  /** Numbers that fit the declaration and the capacity, laid out flat. Throws otherwise; writes nothing. */
  checked(declaration: ArrayDeclaration, numbers: Numbers): Flat {
    const { name } = declaration;
    const given = fitted(name, declaration, numbers);
    if (declaration.shape[0] === "batch" && given.shape[0]! > this.capacity)
      throw new SessionError(
        `${name} has ${given.shape[0]} rows, but the session's capacity is ${this.capacity}: open it with a larger one`,
      );
    return given;
  }

  store(name: string, values: ArrayLike<number>): void {
    this.#storage(name).set(values);
  }

  /** Lets go of all numbers. */
  close(): void {
    this.#storage = closed;
  }
}

/** Makes what takes memory. Throws `SessionError` where the host has not enough. */
export function inRoom<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RoomError)) throw cause;
    const mend =
      "a smaller capacity, fewer rows or narrower layers take less, and so does closing other sessions";
    throw new SessionError(`${cause.message}; ${mend}`, { cause });
  }
}

function closed(): never {
  throw new SessionError("this session is closed");
}

function declared({ role, initial }: ArrayDeclaration): string {
  return initial === undefined ? role : `${role} that starts with ${JSON.stringify(initial)}`;
}

/**
 * Numbers laid out flat. Throws `ShapeError` unless they have the declared shape, with any number of rows, and `RangeError`
 * where the declared type does not hold them.
 */
export function fitted(name: string, declaration: ArrayDeclaration, numbers: Numbers): Flat {
  const { shape } = declaration;
  const given = flatten(name, numbers);
  if (!sameShape(given.shape, withRows(shape, given.shape[0] ?? 0)))
    throw new ShapeError(
      `${name} is ${formatShape(shape)}, but the numbers given for it are ${formatShape(given.shape)}`,
    );
  return inWholeType(name, declaration, given);
}
