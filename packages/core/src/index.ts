// Networks of layers
export { Network, network } from "./network/network.ts";
export type { Epoch, Learning, NetworkOptions, Signal, TrainOptions } from "./network/options.ts";
export { dense, type DenseOptions } from "./layers/dense.ts";
export * from "./layers/activations.ts"; // relu, leakyRelu, softplus, sigmoid, tanh, identity, softmax, logSoftmax
export * from "./layers/initializers.ts"; // uniform, normal, constant, glorot…, he…
export type { Activation, Layer, Place } from "./layers/layer.ts";
export { type Loss, lossValue, meanOf, type Metric } from "./losses/loss.ts";
export { differenceSum, halfSquaredError, squaredError } from "./losses/squared.ts";
export * from "./losses/means.ts"; // absoluteError, huber, meanAbsoluteError, meanSquaredError
export * from "./losses/crossEntropy.ts"; // binaryCrossEntropy, categoricalCrossEntropy
export * from "./losses/accuracy.ts"; // accuracy, accuracyAt
export { sgd } from "./optimizers/sgd.ts";
export * from "./optimizers/momentum.ts"; // momentum, nesterov
export * from "./optimizers/rmsprop.ts"; // rmsprop
export * from "./optimizers/adam.ts"; // adam, adamw
export * from "./optimizers/wrappers.ts"; // clipByValue, clipByNorm, weightDecay
export type { Optimizer, Progress, Rate, Schedule } from "./optimizers/optimizer.ts";
export { cosineDecay, stepDecay, warmUp } from "./train/schedules.ts";
export { confusionMatrix, rSquared } from "./train/evaluation.ts";
export { DataError, type Examples } from "./train/data.ts";
export type { EarlyStopping } from "./train/earlyStopping.ts";

// Arrays, as NumPy has them
export { arange, array, full, ones, wrap, zeros } from "./array/create.ts";
export { NumericArray } from "./array/numericArray.ts";
export type { Block, Data, Dtype, Shape } from "./shape/block.ts";
export type { Nested, Numbers } from "./shape/numbers.ts";
export { RandomState } from "./array/randomState.ts";
export type { RandomStateSnapshot } from "./random/state.ts";

// Text, as Python and NumPy print it
export { python } from "./text/scalar.ts";
export { type PrintOptions as ArrayPrintOptions, repr, type ReprOptions, str } from "./text/array.ts";

// Programs: named steps over named arrays
export { type GradientOptions, ProgramBuilder } from "./program/builder.ts";
export { type Dialect, Program } from "./program/program.ts";
export type { PrintOptions } from "./program/print/script.ts";
export type { ArrayDeclaration, Initial, Phase, Precision, ProgramData, Role, Step } from "./program/data.ts";
export type { Folded, Line } from "./program/fold.ts";
export { lineText } from "./program/print/listing.ts";
export type { Loop } from "./program/loop.ts";
export type { Emit, Op, OpName, Ref } from "./ops/op.ts";
export * as ops from "./ops/registry.ts";

// Engines that run them
export { type OpenOptions, openSession } from "./engines/open.ts";
export type { Contract, Engine, EpochMetrics, Run } from "./engines/engine.ts";
export { type Session, SessionError, type SessionOptions } from "./engines/engine.ts";

// Time travel
export { Trace, type TraceOptions } from "./trace/trace.ts";
export { type Destination, type Position, TraceError, type Unit } from "./trace/place.ts";
export { compare, type Difference } from "./trace/compare.ts";
export { loadTrace, saveTrace } from "./trace/file.ts";
export { readSafetensors, writeSafetensors } from "./network/safetensors.ts";
export type { Score, TraceEvent } from "./trace/player.ts";
export { type Stop, stopWhen } from "./trace/stopWhen.ts";

// Checks: are these the right numbers, and where does a training go wrong
export { checkGradients } from "./network/checkGradients.ts";
export type { GradientReport, PartialDerivative } from "./checks/gradientReport.ts";
export { checkNumbers } from "./checks/checkNumbers.ts";
export type { NumbersReport } from "./checks/numbersReport.ts";
export { firstNonFinite, type NonFinite } from "./checks/nonFinite.ts";
export { type Statistics, statistics } from "./checks/statistics.ts";

// What goes wrong, by name
export { NonFiniteError } from "./checks/nonFiniteError.ts";
export { GradientError } from "./program/backpropagate.ts";
export { ProgramError } from "./program/check.ts";
export { FileError } from "./trace/stored.ts";
export { NameError } from "./program/names.ts";
export { type OperandRow, ShapeError } from "./shape/shapeError.ts";
export type { Size, SizeShape } from "./shape/size.ts";
