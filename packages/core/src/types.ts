// Types that other declarations name, for who has to write them down.

export type { Selector } from "./array/select.ts";
export type { SlipKind } from "./checks/alterations.ts";
export type { GradientCheck } from "./checks/checkGradients.ts";
export type { NumbersCheck } from "./checks/checkNumbers.ts";
export type { NonFiniteNumber } from "./checks/nonFinite.ts";
export type { Parting, PartingNumber } from "./checks/numbersReport.ts";
export type { OperandAt } from "./checks/operandsAt.ts";
export type { Slip } from "./checks/slips.ts";
export type { WatchedStatistics } from "./checks/watch.ts";
export type { NormLayer } from "./layers/normal.ts";
export type { NetworkGradientCheck } from "./network/checkGradients.ts";
export type { NetworkNames } from "./network/names.ts";
export type { Ending, EpochReport, MetricValues } from "./network/options.ts";
export type { Best, Learner, Progress as NetworkProgress, Reached } from "./network/progress.ts";
export type { DeadUnits, Diverged, Warning } from "./network/warning.ts";
export type { ElementwiseOp, MetricOp, Parameters, RowMetricOp, StructuredOp, ViewOp } from "./ops/op.ts";
export type { Printable } from "./program/fold.ts";
export type { Passed } from "./program/graph.ts";
export type { ByName, Known } from "./program/known.ts";
export type { NumberList } from "./program/loop.ts";
export type { ChoiceOptions } from "./random/choice.ts";
export type { Keyframes } from "./trace/keyframes.ts";
export type { EditEvent } from "./trace/player.ts";
export type { State } from "./trace/state.ts";
export type { Shuffler } from "./train/order.ts";
