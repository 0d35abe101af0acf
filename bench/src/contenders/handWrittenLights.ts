import type { LightsSpec, Options } from "../protocol.ts";
import { readArrays } from "./arrays.ts";
import type { Job } from "./serve.ts";

/** The chapter's network with loops over typed arrays, in the order of operations of the book, so with its bits. */
export function handWrittenLights({ data, epochs, alpha }: LightsSpec, { variant }: Options): Job {
  const arrays = readArrays(data) as Record<string, { data: Float64Array }>;
  const inputs = arrays.inputs!.data;
  const targets = arrays.targets!.data;
  const initial = [arrays.weights_0_1!.data, arrays.weights_1_2!.data] as const;
  const [into, hidden, rows] = [3, 4, targets.length];
  const weights01 = new Float64Array(into * hidden);
  const weights12 = new Float64Array(hidden);
  const layer1 = new Float64Array(hidden);
  const twister = new Twister();

  function begin(): void {
    if (variant === "seeded") {
      twister.seed(1);
      for (let k = 0; k < weights01.length; k++) weights01[k] = 2 * twister.random() - 1;
      for (let k = 0; k < weights12.length; k++) weights12[k] = 2 * twister.random() - 1;
    } else {
      weights01.set(initial[0]);
      weights12.set(initial[1]);
    }
  }

  function train(): number {
    begin();
    let error = 0;
    for (let epoch = 0; epoch < epochs; epoch++) error = trainEpoch();
    return error;
  }

  async function* iterate(): AsyncGenerator<{ readonly number: number; readonly error: number }> {
    begin();
    for (let number = 1; number <= epochs; number++) yield { number, error: trainEpoch() };
  }

  function trainEpoch(): number {
    let error = 0;
    for (let row = 0; row < rows; row++) {
      const first = row * into;
      let layer2 = 0;
      for (let j = 0; j < hidden; j++) {
        let sum = 0;
        for (let k = 0; k < into; k++) sum += inputs[first + k]! * weights01[k * hidden + j]!;
        layer1[j] = Math.max(sum, 0);
        layer2 += layer1[j]! * weights12[j]!;
      }
      const delta2 = layer2 - targets[row]!;
      error += delta2 * delta2;
      for (let j = 0; j < hidden; j++) {
        const delta1 = layer1[j]! > 0 ? delta2 * weights12[j]! : 0;
        weights12[j]! -= alpha * (layer1[j]! * delta2);
        for (let k = 0; k < into; k++) weights01[k * hidden + j]! -= alpha * (inputs[first + k]! * delta1);
      }
    }
    return error;
  }

  function byCalls(times: number): number {
    let error = 0;
    for (let time = 0; time < times; time++) error = train();
    return error;
  }

  async function byIterator(times: number): Promise<number> {
    let error = 0;
    for (let time = 0; time < times; time++) for await (const epoch of iterate()) error = epoch.error;
    return error;
  }

  return {
    reset: () => {},
    run: variant === "iterated" ? byIterator : byCalls,
    result: () => [weights01, weights12],
    close: () => {},
  };
}

/** MT19937, as NumPy's `RandomState` seeds and reads it. */
class Twister {
  readonly #state = new Uint32Array(624);
  #at = 624;

  seed(seed: number): void {
    const state = this.#state;
    let last = seed;
    state[0] = seed;
    for (let k = 1; k < 624; k++) {
      last = (Math.imul(last ^ (last >>> 30), 1812433253) + k) | 0;
      state[k] = last;
    }
    this.#at = 624;
  }

  /** A multiple of 2^-53 from [0, 1). */
  random(): number {
    const high = this.#word() >>> 5;
    const low = this.#word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  #word(): number {
    const state = this.#state;
    if (this.#at === 624) {
      const mixed = (k: number, next: number, far: number) => {
        const bits = (state[k]! & 0x80000000) | (state[next]! & 0x7fffffff);
        state[k] = state[far]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
      };
      for (let k = 0; k < 227; k++) mixed(k, k + 1, k + 397);
      for (let k = 227; k < 623; k++) mixed(k, k + 1, k - 227);
      mixed(623, 0, 396);
      this.#at = 0;
    }
    let word = state[this.#at++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }
}
