// Only types: names of arrays, so that an editor completes `read("…")`.

/** A name of an array: one of those that are known, which an editor offers, or any other. */
export type Known<Names extends string> = Names | (string & Record<never, never>);

/** Values by the names of arrays, known or not. */
export type ByName<Names extends string, Value> = Readonly<Record<string, Value>> & {
  readonly [Name in Names]?: Value;
};

/** The names, if they are known one by one; `string`, which stands for any, adds none. */
export type Listed<Names extends string> = string extends Names ? never : Names;

/** The names of two lists, or of the one that is known. */
export type Both<Left extends string, Right extends string> = string extends Left
  ? Right
  : string extends Right
    ? Left
    : Left | Right;

/** A pattern of names with a place in it filled in: `"layer_<k>_sum"` where k is 2 is `"layer_2_sum"`. */
export type Filled<
  Pattern extends string,
  Place extends string,
  By extends string | number,
> = Pattern extends `${infer Before}<${Place}>${infer After}`
  ? `${Before}${By}${Filled<After, Place, By>}`
  : Pattern;

/** What the derivative by weights is called: what `gradientName` gives. */
export type GradientName<Weights extends string> =
  Weights extends `${infer Prefix extends Prefixes}weights_${infer Layers extends LayerNumbers}`
    ? `${Prefix}weight_delta_${Layers}`
    : Weights extends `${infer Prefix extends Prefixes}bias_${infer Layers extends LayerNumbers}`
      ? `${Prefix}bias_delta_${Layers}`
      : Weights extends `${infer Prefix extends Prefixes}scale_${infer Layers extends LayerNumbers}`
        ? `${Prefix}scale_delta_${Layers}`
        : Weights extends `${infer Prefix extends Prefixes}shift_${infer Layers extends LayerNumbers}`
          ? `${Prefix}shift_delta_${Layers}`
          : `${Weights}_delta`;

type Prefixes = "" | `${string}_`;
type LayerNumbers = `${number}` | `${number}_${number}`;
