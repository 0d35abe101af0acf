import type { Metric } from "../losses/loss.ts";
import type { TrainOptions } from "./options.ts";

/**
 * The options with lists and objects of their own, so that what is done later to those that were handed over changes nothing.
 * Throws `TypeError` naming the option that is none.
 */
export function checkedOptions(
  where: string,
  options: TrainOptions<Metric, Metric>,
): TrainOptions<Metric, Metric> {
  if (!options)
    throw new TypeError(
      `${where}: say how, as in { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 10 }`,
    );
  const { metrics, watch, earlyStopping, stopWhen } = options;
  return {
    ...options,
    ...(metrics === undefined ? {} : { metrics: [...metrics] }),
    ...(watch === undefined ? {} : { watch: [...watch] }),
    ...(earlyStopping === undefined ? {} : { earlyStopping: { ...earlyStopping } }),
    ...(stopWhen === undefined ? {} : { stopWhen: { ...stopWhen } }),
  };
}
