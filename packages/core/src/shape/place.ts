import type { Shape } from "./block.ts";

/** The place of an element that is counted row after row: `[2, 0]`. */
export function placeOf(position: number, shape: Shape): number[] {
  const place: number[] = [];
  let rest = position;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place;
}

/** `weights_0_1[2, 0]`; an array without axes by its name alone. */
export function elementText(name: string, place: readonly number[]): string {
  return place.length === 0 ? name : `${name}[${place.join(", ")}]`;
}
