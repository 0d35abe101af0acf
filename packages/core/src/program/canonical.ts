import type { ArrayDeclaration, Initial, ProgramData, Step } from "./data.ts";
import { parameterNames } from "./parameters.ts";

/** A frozen copy of checked data with every field in its place, so that equal programs give equal JSON. */
export function canonical({ format, version, name, precision, arrays, steps }: ProgramData): ProgramData {
  return frozen({
    format,
    version,
    name,
    precision,
    arrays: arrays.map(declaration),
    steps: steps.map(step),
  });
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

function declaration(array: ArrayDeclaration): ArrayDeclaration {
  const { name, role, shape, dtype, initial, inline, invented, label } = array;
  return {
    name,
    role,
    shape: [...shape],
    dtype,
    ...(initial === undefined ? {} : { initial: start(initial) }),
    ...(inline === undefined ? {} : { inline }),
    ...(invented === undefined ? {} : { invented }),
    ...(label === undefined ? {} : { label }),
  };
}

function start(initial: Initial): Initial {
  if ("value" in initial) return { value: initial.value };
  if ("mask" in initial) return { mask: initial.mask };
  if ("bits" in initial) return { bits: initial.bits };
  if ("values" in initial) return { values: [...initial.values] };
  return "uniform" in initial ? { uniform: [...initial.uniform] } : { normal: [...initial.normal] };
}

function step({ phase, op, reads, writes, parameters, answers }: Step): Step {
  const known = parameterNames(op).filter(
    (name) => parameters !== undefined && Object.hasOwn(parameters, name),
  );
  return {
    phase,
    op,
    reads: [...reads],
    writes,
    ...(known.length === 0
      ? {}
      : { parameters: Object.fromEntries(known.map((name) => [name, parameters![name]!])) }),
    ...(answers === undefined ? {} : { answers }),
  };
}
