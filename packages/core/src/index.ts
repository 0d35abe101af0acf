// Networks of layers

// Arrays, as NumPy has them
export { arange, array, full, ones, wrap, zeros } from "./array/create.ts";
export { NumericArray } from "./array/numericArray.ts";
export {
  type Contract,
  type Engine,
  type EpochMetrics,
  type Run,
  type Session,
  SessionError,
  type SessionOptions,
} from "./engines/engine.ts";
// Engines that run them
export { type OpenOptions, openSession } from "./engines/open.ts";
export { type ReluOptions, relu, reluWith } from "./layers/activations.ts";
export { type DenseOptions, dense } from "./layers/dense.ts";
export { constant, normal, uniform } from "./layers/initializers.ts";
export type { Activation, Layer, Place } from "./layers/layer.ts";
export { type Loss, type Metric, meanOf } from "./losses/loss.ts";
export { differenceSum, halfSquaredError, squaredError } from "./losses/squared.ts";
export { type Epoch, Network, type NetworkOptions, network, type TrainOptions } from "./network/network.ts";
export type { Emit, Op, OpName, Ref } from "./ops/op.ts";
export * as ops from "./ops/registry.ts";
export type { Optimizer } from "./optimizers/optimizer.ts";
export { sgd } from "./optimizers/sgd.ts";
// What goes wrong, by name
export { GradientError } from "./program/backpropagate.ts";
// Programs: named steps over named arrays
export { type GradientOptions, ProgramBuilder } from "./program/builder.ts";
export { ProgramError } from "./program/check.ts";
export type { ArrayDeclaration, Initial, Phase, Precision, ProgramData, Role, Step } from "./program/data.ts";
export type { Folded, Line } from "./program/fold.ts";
export type { Loop } from "./program/loop.ts";
export { NameError } from "./program/names.ts";
export { lineText } from "./program/print/listing.ts";
export type { PrintOptions } from "./program/print/script.ts";
export { type Dialect, Program } from "./program/program.ts";
export { RandomState } from "./random/randomState.ts";
export type { RandomStateSnapshot } from "./random/state.ts";
export type { Block, Data, Dtype, Shape } from "./shape/block.ts";
export type { Nested, Numbers } from "./shape/numbers.ts";
export { type OperandRow, ShapeError } from "./shape/shapeError.ts";
export type { Size, SizeShape } from "./shape/size.ts";
export { type PrintOptions as ArrayPrintOptions, type ReprOptions, repr, str } from "./text/array.ts";
// Text, as Python and NumPy print it
export { python } from "./text/scalar.ts";
export { DataError, type Examples } from "./train/data.ts";
