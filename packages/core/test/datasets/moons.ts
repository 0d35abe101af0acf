import { RandomState } from "../../src/array/randomState.ts";

export interface Points {
  readonly inputs: readonly (readonly [x: number, y: number])[];
  /** 0 for the upper moon, 1 for the lower. */
  readonly labels: readonly number[];
}

/** `sklearn.datasets.make_moons(count, noise=noise, random_state=seed)`, up to the last digit of the cosines. */
export function makeMoons(count: number, noise: number, seed: number): Points {
  const chance = new RandomState(seed);
  const order = Array.from(chance.permutation(count).data);
  const shifts = chance.normal(0, noise, [count, 2]);
  const half = count / 2;
  const labels = order.map((place) => Number(place >= half));
  const inputs = order.map((place, row): [number, number] => {
    const [x, y] = pointOf(labels[row]!, (Math.PI * (place % half)) / (half - 1));
    return [x + shifts.at(row, 0), y + shifts.at(row, 1)];
  });
  return { inputs, labels };
}

/**
 * The share of points that come from the moon that is the more probable where they lie: the best that can be expected
 * of any classifier. A moon's density at a point is that of the noise, averaged along the arc.
 */
export function bestShare({ inputs, labels }: Points, noise: number): number {
  const steps = 400;
  const density = (moon: number, x: number, y: number): number => {
    let sum = 0;
    for (let step = 0; step <= steps; step++) {
      const [centreX, centreY] = pointOf(moon, (Math.PI * step) / steps);
      sum += Math.exp(-((x - centreX) ** 2 + (y - centreY) ** 2) / (2 * noise * noise));
    }
    return sum;
  };
  const right = inputs.filter(([x, y], row) => Number(density(1, x, y) > density(0, x, y)) === labels[row]);
  return right.length / labels.length;
}

/** The point of a moon at an angle between 0 and π, without noise. */
function pointOf(moon: number, angle: number): [x: number, y: number] {
  return moon === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
}
