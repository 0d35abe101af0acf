import { checkMetrics, type Metric } from "../losses/loss.ts";
import { recordOf } from "../program/given.ts";
import { shown } from "../shape/shown.ts";
import type { TrainOptions } from "./options.ts";

/**
 * The options with lists and objects of their own, so that what is done later to those that were handed over changes nothing.
 * Throws `TypeError` naming the option that is none; numbers are checked where they are used.
 */
export function checkedOptions<Given extends Partial<TrainOptions<Metric, Metric>>>(
  where: string,
  options: Given,
): Given {
  if (!options)
    throw new TypeError(
      `${where}: say how, as in { loss: halfSquaredError, optimizer: sgd(0.1), epochs: 10 }`,
    );
  recordOf(where, options, "{ loss: halfSquaredError, optimizer: sgd(0.1), epochs: 10 }");
  const { metrics, watch, earlyStopping, stopWhen, validation } = options;
  const check = (name: string, given: unknown, isRight: boolean, mend: string) => {
    if (given !== undefined && !isRight)
      throw new TypeError(`${where}: ${name} is ${shown(given)}; give ${mend}`);
  };
  const all = (list: unknown, isRight: (each: unknown) => boolean) =>
    Array.isArray(list) && list.every(isRight);
  if (metrics !== undefined) checkMetrics(where, metrics);
  check("watch", watch, all(watch, isText), 'a list of names, such as ["layer_1"]');
  check("earlyStopping", earlyStopping, isObject(earlyStopping), "an object, such as { patience: 5 }");
  check(
    "stopWhen",
    stopWhen,
    isStop(stopWhen),
    'an array\'s name and a condition: stopWhen("layer_1", (x) => x.at(0, 0) > 1)',
  );
  check(
    "validation",
    validation,
    typeof validation === "number" ||
      (isObject(validation) && "inputs" in validation && "targets" in validation),
    "a share of the rows, such as 0.2, or examples: { inputs, targets }",
  );
  return {
    ...options,
    ...(metrics === undefined ? {} : { metrics: [...metrics] }),
    ...(watch === undefined ? {} : { watch: [...watch] }),
    ...(earlyStopping === undefined ? {} : { earlyStopping: { ...earlyStopping } }),
    ...(stopWhen === undefined ? {} : { stopWhen: { ...stopWhen } }),
  };
}

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

function isText(given: unknown): given is string {
  return typeof given === "string";
}

function isStop(given: unknown): boolean {
  const { array, condition } = (given ?? {}) as { array?: unknown; condition?: unknown };
  return isText(array) && typeof condition === "function";
}
