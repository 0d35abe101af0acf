import { type Block, isHeld } from "./block.ts";
import { ShapeError } from "./shapeError.ts";
import { shown } from "./shown.ts";
import { formatShape, mostAxes } from "./size.ts";
import { dataOf, dtypeOf, proxiedData } from "./typed.ts";

/**
 * A block as it comes from a caller, who may have made it by hand: with its data as `dataOf` sees them. Throws a TypeError where
 * a part of it is missing or is of another kind, a ShapeError where its data end before its shape.
 */
export function checkedBlock(name: string, given: Block): Block {
  const { dtype, data, shape, strides, offset } = given ?? {};
  const own = ArrayBuffer.isView(data) ? dataOf(name, data) : data && proxiedData(data);
  if (
    !own ||
    dtypeOf(own) !== (dtype === "bool" ? "uint8" : dtype) ||
    !isWhole(shape) ||
    !isWhole(strides) ||
    !isWhole([offset]) ||
    shape.some((size) => size < 0) ||
    shape.length !== strides.length ||
    shape.length > mostAxes
  ) {
    const parts = Object.entries({ dtype, data, shape, strides, offset });
    const found = parts.map(([part, value]) => `${part} is ${shown(value)}`).join(", ");
    throw new TypeError(`${name} is not a block: ${found}; give one that array(…) makes`);
  }
  if (!isHeld(own, given))
    throw new ShapeError(`${name} is ${formatShape(shape)}, but its data end after ${own.length} numbers`);
  return own === data ? given : { dtype, data: own, shape, strides, offset };
}

/** An array as it is now: its data may have been transferred since it was made, or stand behind a Proxy. Throws as above. */
export function held(array: Block): Block {
  return checkedBlock("array", array);
}

function isWhole(list: unknown): list is readonly number[] {
  return Array.isArray(list) && [...list].every(Number.isSafeInteger);
}
