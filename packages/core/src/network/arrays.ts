import { FileError } from "../files/stored.ts";
import { type Block, block, type Shape } from "../shape/block.ts";
import { elementText, placeOf } from "../shape/place.ts";
import { original } from "../shape/reachable.ts";
import { shown } from "../shape/shown.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import type { Network } from "./network.ts";

/** The network that a call was given, from behind a Proxy too. Throws `TypeError` unless it is one. */
export function networkOf(call: string, given: Network): Network {
  const net = original(given);
  if (net?.progress && net.predictor) return net;
  throw new TypeError(`${call}: ${shown(given)} is not a network`);
}

/** Throws `FileError` unless an array of a file has the shape that a network has. */
export function checkShape(name: string, shape: Shape, found: Block): void {
  if (!sameShape(shape, found.shape))
    throw new FileError(
      `${name} is ${formatShape(shape)} in this network but ${formatShape(found.shape)} in the file`,
    );
}

/**
 * The numbers of a file in the precision of a network. Throws `FileError` naming the first that is finite there but too large for
 * it.
 */
export function ofDtype(name: string, dtype: Block["dtype"], { shape, data }: Block): Block {
  const converted = block(dtype, shape);
  converted.data.set(data);
  const lost = converted.data.findIndex(
    (value, position) => !Number.isFinite(value) && Number.isFinite(data[position]!),
  );
  if (lost >= 0)
    throw new FileError(
      `${elementText(name, placeOf(lost, shape))} is ${data[lost]} in the file, which is too large for ${dtype}`,
    );
  return converted;
}
