import type { ArrayDeclaration } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import type { Program } from "../program/program.ts";
import { RandomSource } from "../random/source.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import type { State } from "../trace/state.ts";

/** The arrays that a training changes: weights and states, in order of declaration. */
export function learntIn({ data }: Program): readonly ArrayDeclaration[] {
  return data.arrays.filter(({ role }) => role === "weights" || role === "state");
}

/** A state with what it lacks of a program's weights and states, as these begin. */
export function begun(program: Program, state: State, seed: number | readonly number[]): State {
  const learnt = learntIn(program);
  if (state.size === learnt.length) return state;
  const initial = initialNumbers([program.data], new RandomSource(seed));
  const arrays = learnt.map(({ name, dtype, shape }) => {
    const known = state.get(name) ?? converted({ dtype, shape: shape as Shape }, initial.get(name)!);
    return [name, known] as const;
  });
  return Object.assign(new Map(arrays), { generator: state.generator });
}

/** Numbers in the type and shape of an array. */
export function converted(
  { dtype, shape }: Pick<Block, "dtype" | "shape">,
  values: ArrayLike<number>,
): Block {
  const fresh = block(dtype, shape);
  fresh.data.set(values);
  return fresh;
}
