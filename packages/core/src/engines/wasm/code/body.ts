import { type Code, constantOf, get, repeat, set, type Type, tee, when } from "./code.ts";
import { i32 } from "./instructions.ts";
import type { FunctionCode } from "./moduleBytes.ts";

/** A variable of a function. */
export interface Local {
  readonly get: Code;
  /** The statement that gives it a value. */
  readonly set: (value: Code) => Code;
  /** Sets it and leaves the value. */
  readonly tee: (value: Code) => Code;
}

/** A function under construction. */
export class Body {
  readonly #parameters: readonly Type[];
  readonly #locals: Type[] = [];

  constructor(parameters: readonly Type[] = []) {
    this.#parameters = parameters;
  }

  parameter(position: number): Local {
    return variable(position);
  }

  local(type: Type): Local {
    return variable(this.#parameters.length + this.#locals.push(type) - 1);
  }

  /** A value to be read more than once: in a variable, but for a constant. */
  held(value: Code): { readonly get: Code; readonly code: Code } {
    if (constantOf(value) !== undefined) return { get: value, code: [] };
    const local = this.local("i32");
    return { get: local.get, code: local.set(value) };
  }

  /**
   * Counts a variable from `from` in steps to before `to`: `for (let i = from; i < to; i += step)`. Where it is known that this
   * is once, there is no loop.
   */
  loop(from: Code, to: Code, step: number, body: (i: Code) => Code, once = false): Code {
    if (once) return body(from);
    const i = this.local("i32");
    const more = i32.lt(i.get, to);
    return [
      i.set(from),
      when(more, repeat([...body(i.get), ...i.set(i32.add(i.get, i32.const(step)))], more)),
    ];
  }

  function(code: Code, result?: Type): FunctionCode {
    return {
      parameters: this.#parameters,
      locals: this.#locals,
      code,
      ...(result === undefined ? {} : { result }),
    };
  }
}

function variable(index: number): Local {
  return { get: get(index), set: (value) => set(index, value), tee: (value) => tee(index, value) };
}
