// Networks of layers
export { Network, network } from "./network/network.ts";
export type { Epoch, Learning, NetworkOptions, Signal, TrainOptions } from "./network/options.ts";
export { dense, type DenseOptions } from "./layers/dense.ts";
export { batchNorm, type BatchNormOptions } from "./layers/batchNorm.ts";
export { layerNorm } from "./layers/layerNorm.ts";
export type { NormOptions } from "./layers/normal.ts";
export * from "./layers/activations.ts"; // relu, leakyRelu, softplus, sigmoid, tanh, identity, softmax, logSoftmax
export * from "./layers/initializers.ts"; // uniform, normal, constant, glorot…, he…
export type { Activation, Layer, Place } from "./layers/layer.ts";
export { type Loss, type Metric, lossValue, meanOf } from "./losses/loss.ts";
export * from "./losses/squared.ts"; // halfSquaredError, squaredError, differenceSum
export * from "./losses/means.ts"; // absoluteError, huber; meanAbsoluteError and meanSquaredError, which are metrics too
export * from "./losses/crossEntropy.ts"; // binaryCrossEntropy, categoricalCrossEntropy
export { ofLabels } from "./losses/labels.ts"; // targets that are class numbers
export * from "./losses/accuracy.ts"; // accuracy, accuracyAt
export * from "./optimizers/sgd.ts"; // sgd
export * from "./optimizers/momentum.ts"; // momentum, nesterov
export * from "./optimizers/rmsprop.ts"; // rmsprop
export * from "./optimizers/adam.ts"; // adam, adamw
export * from "./optimizers/wrappers.ts"; // clipByValue, clipByNorm, weightDecay
export type { Optimizer, Progress, Rate, Schedule } from "./optimizers/optimizer.ts";
export * from "./train/schedules.ts"; // stepDecay, cosineDecay, warmUp
export * from "./train/evaluation.ts"; // confusionMatrix, rSquared
export { DataError, type Examples } from "./train/data.ts";
export type { EarlyStopping } from "./train/earlyStopping.ts";
export { TrainingError } from "./network/trainingError.ts";

// Arrays, as NumPy has them
export { arange, array, full, ones, wrap, zeros } from "./array/create.ts";
export { NumericArray } from "./array/numericArray.ts";
export { Reading } from "./array/reading.ts"; // what sessions, networks and traces read
export type { Block, Data, Dtype, Shape } from "./shape/block.ts";
export type { Nested, Numbers } from "./shape/numbers.ts";
export { python } from "./text/scalar.ts"; // a number as Python prints it
export { type PrintOptions as ArrayPrintOptions, repr, type ReprOptions, str } from "./text/array.ts";
export { RandomState } from "./array/randomState.ts";
export type { RandomStateSnapshot } from "./random/state.ts";

// Programs: named steps over named arrays
export { type GradientOptions, ProgramBuilder } from "./program/builder.ts";
export { Program } from "./program/program.ts";
export { loadProgram } from "./program/loadProgram.ts";
export type { ArrayDeclaration, Initial, Phase, Precision, ProgramData, Role, Step } from "./program/data.ts";
export type { Folded, Line } from "./program/fold.ts";
export { lineText } from "./program/print/listing.ts";
export type { Loop } from "./program/loop.ts";
export type { Chance } from "./program/noise.ts";
export type { Emit, Op, OpName, Ref } from "./ops/op.ts";
export * as ops from "./ops/registry.ts";

// Engines that run them
export { type EngineName, type OpenOptions, openSession } from "./engines/open.ts";
export { reference } from "./engines/reference/reference.ts"; // opens at once, without await
export * from "./engines/engine.ts"; // Engine, Contract, Session, SessionOptions, Run, EpochMetrics, SessionError

// Time travel
export { Trace, type TraceOptions } from "./trace/trace.ts";
export { type Destination, type Position, TraceError, type Unit } from "./trace/place.ts";
export * from "./trace/compare.ts"; // compare, Difference
export * from "./trace/stopWhen.ts"; // stopWhen, Stop
export { loadTrace, saveTrace } from "./trace/file.ts";
export type { Score, TraceEvent } from "./trace/player.ts";

// Files
export * from "./network/checkpoint.ts"; // saveCheckpoint, loadCheckpoint
export * from "./network/weights.ts"; // saveWeights, loadWeights
export { readSafetensors, writeSafetensors } from "./network/safetensors.ts";
export { exportPredictor } from "./network/exportPredictor.ts"; // for @streetlight/core/predict
export { FileError } from "./files/stored.ts";
export type { Limits } from "./files/limits.ts"; // what a reader may take for a file

// Checks: are these the right numbers, and where does a training go wrong
export { checkGradients, checkNumbers, firstNonFinite } from "./network/checks.ts";
export type { GradientReport, PartialDerivative } from "./checks/gradientReport.ts";
export type { NumbersReport } from "./checks/numbersReport.ts";
export { type Statistics, statistics } from "./checks/statistics.ts";
export type { NonFinite } from "./checks/nonFinite.ts";
export { NonFiniteError } from "./checks/nonFiniteError.ts";

// What goes wrong, by name
export { GradientError } from "./program/backpropagate.ts";
export { ProgramError } from "./program/form.ts";
export { NameError } from "./program/names.ts";
export * from "./shape/shapeError.ts"; // ShapeError, DtypeError, OperandRow
export type { Size, SizeShape } from "./shape/size.ts";

export type * from "./types.ts"; // what the declarations of all these name besides
