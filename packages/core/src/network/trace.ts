import { NonFiniteError } from "../checks/nonFiniteError.ts";
import type { Metric } from "../losses/loss.ts";
import { asBlock, flatten, type Numbers } from "../shape/numbers.ts";
import { TraceError } from "../trace/place.ts";
import type { Score } from "../trace/player.ts";
import { Trace, type TraceOptions } from "../trace/trace.ts";
import { DataError, type Examples, rowsOf } from "../train/data.ts";
import type { Shuffler } from "../train/order.ts";
import type { Architecture } from "./architecture.ts";
import { checkedOptions } from "./checkedOptions.ts";
import { epochsOf } from "./epochs.ts";
import type { Network } from "./network.ts";
import type { TrainOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { Training } from "./training.ts";

/** What a recording begins with and leaves alone. */
type Recorded = Pick<Network, "progress" | "seed" | "chance" | "input" | "inputs" | "predictor">;

/**
 * Records what a network does with rows, and stands at the end: it predicts or, where there are targets, trains. What the options do not say
 * is taken from the last training.
 */
export async function record(
  net: Recorded,
  architecture: Architecture,
  last: TrainOptions<Metric, Metric> | undefined,
  data: Numbers | Examples,
  options: Partial<TrainOptions> & TraceOptions,
): Promise<Trace> {
  const score = isExamples(data)
    ? await training(
        net,
        architecture,
        data,
        complete(checkedOptions("trace", options), last),
        last?.validation,
      )
    : prediction(net, data);
  const trace = Trace.record(score, options);
  const { epoch, batch } = trace.placeOf(trace.batches - 1);
  return trace.seek({ epoch, batch, step: trace.program.data.steps.length });
}

function prediction({ progress, seed, chance, input, inputs, predictor }: Recorded, given: Numbers): Score {
  const rows = rowsOf("inputs", oneRow("inputs", given, inputs), input);
  if (rows.shape[0] === 0) throw new DataError("there is nothing to trace: inputs have no rows");
  return {
    program: predictor,
    data: { [input.name]: asBlock(rows) },
    loop: { epochs: 1, batch: "full" },
    seed,
    chance,
    start: Object.fromEntries(progress.learnt),
  };
}

async function training(
  net: Recorded,
  architecture: Architecture,
  data: Examples,
  given: TrainOptions<Metric, Metric>,
  share: TrainOptions["validation"],
): Promise<Score> {
  if (given.signal?.aborted) throw given.signal.reason;
  const inputs = oneRow("inputs", data.inputs, architecture.inputs);
  // What the last training held back is held back here too; of one row, none can be.
  const isHeldBack = given.validation === undefined && share !== undefined && !isSingle(inputs);
  const options = isHeldBack ? { ...given, validation: share } : given;
  const examples = { inputs, targets: targetsOf(data.targets, inputs, architecture, options) };
  const copy = copyOf(net, options);
  const recorded = new Training(architecture, copy, examples, options, net);
  const { from, to: end, batchesPerEpoch: inEpoch } = recorded.range;
  // Where a training stops that may stop before its end is found out by running it.
  const early = options.earlyStopping !== undefined || options.stopWhen !== undefined;
  const run = early && new Training(architecture, copyOf(net, options), examples, options, net);
  const to = run ? await endOf(run, from, inEpoch) : end;
  if (to === from) throw new TraceError("there is nothing to trace: the training has no epochs");
  const score = recorded.scoreTo(to);
  const first = from / inEpoch;
  const order =
    options.shuffle && ordersOf(copy.shuffler, score.loop.rows!, first, Math.ceil(to / inEpoch) - first);
  return order ? { ...score, loop: { ...score.loop, order } } : score;
}

/** The options with what the last training has to add. Throws `TraceError` where nothing says what to learn. */
function complete(
  given: Partial<TrainOptions<Metric, Metric>>,
  last: TrainOptions<Metric, Metric> | undefined,
): TrainOptions<Metric, Metric> {
  const { loss = last?.loss, optimizer = last?.optimizer } = given;
  if (loss === undefined || optimizer === undefined)
    throw new TraceError(
      "say what to trace, as in { loss: halfSquaredError, optimizer: sgd(0.1) }: " +
        "there was no training yet from which to take it",
    );
  const { batch, shuffle } = last ?? {};
  const metrics = given.metrics ?? (given.loss ? undefined : last?.metrics);
  return {
    epochs: 1,
    ...defined({ batch, shuffle, metrics }),
    ...defined(given),
    loss,
    optimizer,
  };
}

function defined<Options extends object>(
  options: Options,
): { [Key in keyof Options]: NonNullable<Options[Key]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function copyOf({ progress }: Recorded, { fresh = false }: TrainOptions): Progress {
  const copy = progress.copy();
  if (fresh) copy.forget();
  return copy;
}

/** The batch before which a training has stopped, be it because a number is no longer finite. */
async function endOf(training: Training, from: number, inEpoch: number): Promise<number> {
  let end = from;
  try {
    for await (const { stoppedBy } of epochsOf(() => training))
      end += stoppedBy === undefined ? inEpoch : stoppedBy.batch + 1;
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return error.epoch * inEpoch + error.batch + 1;
  }
  return end;
}

/** The orders of all epochs in one, turned so that a loop, which reads it cyclically, meets each in its own epoch. */
function ordersOf(shuffler: Shuffler, rows: number, first: number, epochs: number): Int32Array {
  const orders = new Int32Array(rows * epochs);
  for (let epoch = first; epoch < first + epochs; epoch++)
    orders.set(shuffler.next(rows), rows * (epoch % epochs));
  return orders;
}

function isExamples(data: Numbers | Examples): data is Examples {
  return typeof data === "object" && data !== null && "inputs" in data;
}

function isSingle(inputs: Numbers): boolean {
  return flatten("inputs", inputs).shape[0] === 1;
}

/** A list of as many numbers as a row has is that row. */
function oneRow(name: string, given: Numbers, width: number): Numbers {
  const { shape, values } = flatten(name, given);
  const single = shape.length < 2 && values.length === width;
  return single ? asBlock({ shape: [1, width], values }) : given;
}

/** Targets are one row only where inputs are: among more rows, a list may as well be of as many class numbers as there are outputs. */
function targetsOf(given: Numbers, inputs: Numbers, net: Architecture, options: TrainOptions): Numbers {
  if (!isSingle(inputs)) return given;
  const target = net.trainer(options).data.arrays.find(({ role }) => role === "target");
  if (target?.shape.length !== 1) return oneRow("targets", given, net.outputs);
  return typeof given === "number" ? [given] : given;
}
