import type { MlpSpec } from "../protocol.ts";
import { readArrays, weightNames } from "./arrays.ts";
import type { Job } from "./serve.ts";

/** One dense layer, its numbers and those of a batch. */
interface Layer {
  readonly into: number;
  readonly units: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly output: Float32Array;
  readonly delta: Float32Array;
}

/**
 * A network with loops over typed arrays. Each loop runs along rows as they lie in memory, and a layer's derivatives go into
 * its weights as they are found.
 */
export function handWrittenMlp({ data, sizes, rows, batch, rate }: MlpSpec): Job {
  const arrays = readArrays(data) as Record<string, { data: Float32Array }>;
  const inputs = arrays.inputs!.data;
  const labels = arrays.labels!.data;
  const names = weightNames(sizes.length - 1);
  const initial = names.map((name) => arrays[name]!.data);
  const layers = sizes.slice(1).map((units, k): Layer => {
    const into = sizes[k]!;
    return {
      into,
      units,
      weights: new Float32Array(into * units),
      bias: new Float32Array(units),
      output: new Float32Array(batch * units),
      delta: new Float32Array(batch * units),
    };
  });
  const weights = layers.flatMap((layer) => [layer.weights, layer.bias]);
  const last = layers.at(-1)!;
  const step = rate / batch;

  function trainBatch(first: number): number {
    let [source, at] = [inputs, first * sizes[0]!];
    for (const layer of layers) {
      forward(layer, source, at, batch, layer !== last);
      [source, at] = [layer.output, 0];
    }
    const loss = compare(last, labels, first, batch);
    for (let k = layers.length - 1; k >= 0; k--) {
      const layer = layers[k]!;
      const before = layers[k - 1];
      if (before) backward(before, layer, batch);
      if (before) update(layer, before.output, 0, batch, step);
      else update(layer, inputs, first * sizes[0]!, batch, step);
    }
    return loss;
  }

  return {
    reset: () => {
      for (const [k, numbers] of initial.entries()) weights[k]!.set(numbers);
    },
    run: (times) => {
      let loss = 0;
      for (let time = 0; time < times; time++) {
        loss = 0;
        for (let first = 0; first < rows; first += batch) loss += trainBatch(first);
      }
      return loss / rows;
    },
    result: () => weights,
    close: () => {},
  };
}

function forward(
  { into, units, weights, bias, output }: Layer,
  source: Float32Array,
  at: number,
  rows: number,
  relu: boolean,
): void {
  for (let row = 0; row < rows; row++) {
    const to = row * units;
    output.set(bias, to);
    for (let k = 0; k < into; k++) {
      const x = source[at + row * into + k]!;
      const from = k * units;
      for (let j = 0; j < units; j++) output[to + j]! += x * weights[from + j]!;
    }
    if (relu) for (let j = 0; j < units; j++) if (output[to + j]! < 0) output[to + j] = 0;
  }
}

/** Softmax less the target, and the loss, by the largest so that nothing overflows. */
function compare({ units, output, delta }: Layer, labels: Float32Array, first: number, rows: number): number {
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const at = row * units;
    let largest = output[at]!;
    for (let j = 1; j < units; j++) if (output[at + j]! > largest) largest = output[at + j]!;
    let sum = 0;
    for (let j = 0; j < units; j++) {
      const power = Math.exp(output[at + j]! - largest);
      delta[at + j] = power;
      sum += power;
    }
    for (let j = 0; j < units; j++) delta[at + j]! /= sum;
    const label = labels[first + row]!;
    delta[at + label]! -= 1;
    loss += Math.log(sum) + largest - output[at + label]!;
  }
  return loss;
}

/** The delta of the layer before, from that of its reader; relu lets through where its output is above 0. */
function backward(before: Layer, { units, weights, delta }: Layer, rows: number): void {
  const { units: into, output } = before;
  for (let row = 0; row < rows; row++) {
    const from = row * units;
    for (let k = 0; k < into; k++) {
      let sum = 0;
      if (output[row * into + k]! > 0)
        for (let j = 0; j < units; j++) sum += delta[from + j]! * weights[k * units + j]!;
      before.delta[row * into + k] = sum;
    }
  }
}

function update(
  { into, units, weights, bias, delta }: Layer,
  source: Float32Array,
  at: number,
  rows: number,
  step: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = row * units;
    for (let j = 0; j < units; j++) bias[j]! -= step * delta[from + j]!;
    for (let k = 0; k < into; k++) {
      const x = step * source[at + row * into + k]!;
      const to = k * units;
      for (let j = 0; j < units; j++) weights[to + j]! -= x * delta[from + j]!;
    }
  }
}
