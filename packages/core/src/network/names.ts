import type { Layer } from "../layers/layer.ts";
import type { Metric } from "../losses/loss.ts";
import type { Filled, GradientName, Listed } from "../program/known.ts";

/** What the arrays of a network are called, as far as the types of its layers say. Only a type. */
export interface NetworkNames {
  readonly weights: string;
  /** What batches move without a derivative: running statistics. */
  readonly states: string;
  /** What predict is given and computes. */
  readonly predict: string;
  /** What a training has besides: targets, deltas, dropout masks. */
  readonly training: string;
  /** What the last layer gives. */
  readonly prediction: string;
}

/** The names of a network of these layers, counted from the input, which is layer 0. */
export type NamesOf<
  Layers extends readonly Layer[],
  Target extends string,
  Before extends readonly Layer[] = [],
  Weights extends string = never,
  Predict extends string = "layer_0",
  Training extends string = Listed<Target>,
  States extends string = never,
> = Layers extends readonly [infer First extends Layer, ...infer Rest extends readonly Layer[]]
  ? [...Before, First]["length"] extends infer K extends number
    ? NamesOf<
        Rest,
        Target,
        [...Before, First],
        Weights | Placed<First, "weights", Before["length"], K>,
        Predict | `layer_${K}` | Placed<First, "arrays", Before["length"], K>,
        Training | Derived<Placed<First, "training", Before["length"], K>, Before["length"]>,
        States | Placed<First, "states", Before["length"], K>
      >
    : never
  : {
      weights: Weights;
      states: States;
      predict: Predict;
      training: Training;
      prediction: Layers extends readonly [] ? `layer_${Before["length"]}` : string;
    };

type Placed<
  Given extends Layer,
  Kind extends keyof NonNullable<Layer["names"]>,
  J extends number,
  K extends number,
> = Filled<Filled<Listed<NonNullable<Given["names"]>[Kind]>, "j", J>, "k", K>;

/** Between the input and what the first layer learns there is no derivative, so what that layer computes on the way has no delta. */
type Derived<Names extends string, J extends number> = J extends 0
  ? Exclude<Names, `layer_1_${string}_delta`>
  : Names;

/** The arrays of the program that predicts. */
export type PredictNames<Names extends NetworkNames> = Spelt<
  Names["weights"] | Names["states"] | Names["predict"]
>;

/** The arrays of a training, but for its optimizer's. */
export type LearningNames<Names extends NetworkNames, Reported extends Metric> = Spelt<
  | Names["weights"]
  | Names["states"]
  | Names["predict"]
  | Names["training"]
  | GradientName<Names["weights"]>
  | MetricName<Names["prediction"], Listed<Reported["suffix"]>>
>;

/** The arrays of a training, with what its optimizer brings. */
export type TrainingNames<
  Names extends NetworkNames,
  Reported extends Metric,
  Optimizing extends string,
> = Spelt<
  | LearningNames<Names, Reported>
  | Filled<
      Filled<Listed<Optimizing>, "weights", Names["weights"]>,
      "gradient",
      GradientName<Names["weights"]>
    >
>;

type MetricName<Prediction extends string, Suffix extends string> = string extends Prediction
  ? never
  : `${Prediction}_${Suffix}`;

/** The same names; an editor shows them rather than where they come from. */
type Spelt<Names extends string> = [Names] extends [infer All extends string] ? All : never;
