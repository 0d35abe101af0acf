import type { ArrayDeclaration } from "../program/data.ts";
import { initialNumbers } from "../program/initial.ts";
import type { Chance } from "../program/noise.ts";
import type { Program } from "../program/program.ts";
import { RandomSource } from "../random/source.ts";
import type { RandomStateSnapshot } from "../random/state.ts";
import type { Block, Shape } from "../shape/block.ts";
import { reachable, remember } from "../shape/reachable.ts";
import { ShapeError } from "../shape/shapeError.ts";
import { formatShape, sameShape } from "../shape/size.ts";
import type { State } from "../trace/state.ts";
import { Shuffler } from "../train/order.ts";
import { converted } from "./begun.ts";
import { TrainingError } from "./trainingError.ts";

/** What goes on from what a network has learnt: a training, whose session holds newer numbers. */
export interface Learner {
  /** A copy of all weights and states, and where its generator stands. */
  readonly learnt: State;
  /** Whether it is at work, rather than waiting between two epochs to be asked for the next. */
  readonly busy: boolean;
  /** Ends the training; the network keeps what it has learnt. */
  close(): void;
}

/** What early stopping holds for the best of a training so far. */
export interface Best {
  /** The number of the epoch that reported it. */
  readonly epoch: number;
  /** The key of the metric, and what it was. */
  readonly metric: string;
  readonly value: number;
  /** The weights and running statistics that it was taken with. */
  readonly state: ReadonlyMap<string, Block>;
}

/** How far a network has come, as plain values: what a checkpoint holds. */
export interface Reached {
  readonly weights: ReadonlyMap<string, Block>;
  /** What the optimizer carries and the running statistics of layers that normalise, by name. */
  readonly states: ReadonlyMap<string, Block>;
  /** Epochs trained so far; schedules and shuffling go on from here. */
  readonly epochs: number;
  readonly shuffler: { readonly state: RandomStateSnapshot };
  /** Where the generator of `chance: "book"` stands; undefined without it. */
  readonly generator?: RandomStateSnapshot | undefined;
}

/** How far a network has come: what a training begins with and hands on. While one runs, numbers are fetched when they are asked for. */
export class Progress implements Reached {
  epochs = 0;
  /** The best of the last training that had early stopping, until another begins. */
  best: Best | undefined;
  readonly shuffler: Shuffler;
  readonly #seed: number | readonly number[];
  readonly #chance: Chance | undefined;
  readonly #predictor: Program;
  readonly #arrays = new Map<string, Block>();
  #generator: RandomStateSnapshot | undefined;
  /** Where the generator stood when it had drawn the weights. */
  readonly #begin: RandomStateSnapshot | undefined;
  /** Whose session holds these numbers, and whether it has gone on since they were fetched. */
  #learner: Learner | undefined;
  #behind = false;
  /** The training that has begun and not ended. */
  #training: Learner | undefined;

  /** Draws the weights. */
  constructor(predictor: Program, seed: number | readonly number[], chance: Chance | undefined) {
    remember(this);
    this.#predictor = predictor;
    this.#seed = seed;
    this.#chance = chance;
    this.shuffler = new Shuffler(seed);
    const source = new RandomSource(seed);
    for (const [name, numbers] of initialNumbers([predictor.data], source)) {
      const { dtype, shape, role } = predictor.array(name);
      if (role !== "setting") this.#arrays.set(name, converted({ dtype, shape: shape as Shape }, numbers));
    }
    this.#begin = chance && source.getState();
    this.#generator = this.#begin;
  }

  /** The weights by name, in order of declaration. */
  get weights(): ReadonlyMap<string, Block> {
    return this.#those((isWeights) => isWeights);
  }

  /** What the optimizer carries and the running statistics of layers that normalise, by name. */
  get states(): ReadonlyMap<string, Block> {
    return this.#those((isWeights) => !isWeights);
  }

  get generator(): RandomStateSnapshot | undefined {
    this.fetch();
    return this.#generator;
  }

  /**
   * The weights and states of a program, and the generator; without what an optimizer carried, if this program's carries
   * something else: then its own begins anew.
   */
  of(program: Program): State {
    const { weights, states, generator } = this;
    const isCarried = (name: string) => !this.#predictor.has(name);
    const carried = [...states.keys()].filter(isCarried);
    const wanted = program.data.arrays.filter(({ name, role }) => role === "state" && isCarried(name));
    const same = carried.length === wanted.length && carried.every((name) => program.has(name));
    const arrays = [...weights, ...states].filter(
      ([name]) => (same || !isCarried(name)) && program.has(name),
    );
    for (const [name, { shape }] of arrays) checkFits(program.array(name), shape);
    return Object.assign(new Map(arrays), { generator });
  }

  /** What predictions are computed from: weights, and then the running statistics of layers that normalise. */
  get learnt(): State {
    return this.of(this.#predictor);
  }

  /** Undefined for a name that is neither a weight's nor a state's. */
  find(name: string): Block | undefined {
    this.fetch();
    return this.#arrays.get(name);
  }

  /**
   * Says that a training begins. One that waits between two epochs is ended by that; throws `TrainingError` where one is at work.
   */
  begin(training: Learner): void {
    this.#checkIdle();
    this.#training?.close();
    this.#training = training;
    this.best = undefined;
  }

  /** Sets an array by hand. Throws `TrainingError` while a training is at work. */
  set(name: string, numbers: Block): void {
    this.#checkIdle();
    this.fetch();
    this.#arrays.set(name, numbers);
    this.#learner = undefined;
  }

  /** Goes to numbers that a training had before. */
  goTo(state: State): void {
    this.#take(state);
    this.#learner = undefined;
  }

  /**
   * Goes to the best weights; all else goes on. Throws `TrainingError` where there are none or a training is at work, unless it
   * is that training which asks.
   */
  goToBest(asks?: Learner): void {
    if (asks === undefined) this.#checkIdle();
    const { best, generator } = this;
    if (best) this.goTo(Object.assign(new Map(best.state), { generator }));
    else if (asks === undefined)
      throw new TrainingError("there is no best epoch: the last training had no earlyStopping, or no epoch");
  }

  /** Whether a training's session holds what is here. */
  isOf(learner: Learner): boolean {
    return this.#learner === learner;
  }

  /** Says that a training's session has gone on. */
  follow(learner: Learner): void {
    this.#learner = learner;
    this.#behind = true;
  }

  /** Says that a training ends; its numbers are fetched, and nothing of it is held any longer. */
  leave(learner: Learner): void {
    if (this.#training === learner) this.#training = undefined;
    if (this.#learner !== learner) return;
    this.fetch();
    this.#learner = undefined;
  }

  /** Fetches what a training has learnt since. */
  fetch(): void {
    if (!this.#behind) return;
    const state = this.#learner!.learnt;
    // What another optimizer carried is of no use any more.
    for (const name of this.#arrays.keys())
      if (!this.#predictor.has(name) && !state.has(name)) this.#arrays.delete(name);
    this.#take(state);
  }

  /** Forgets what the optimizer carried over: weights and running statistics stay. */
  forget(): void {
    this.fetch();
    for (const name of this.#arrays.keys()) if (!this.#predictor.has(name)) this.#arrays.delete(name);
    this.epochs = 0;
    this.shuffler.begin();
    this.#generator = this.#begin;
    this.#learner = undefined;
  }

  /** Goes to where another of the same network has come. Throws `TrainingError` while a training is at work. */
  restore({ weights, states, epochs, shuffler, generator }: Reached): void {
    this.#checkIdle();
    this.best = undefined;
    this.#arrays.clear();
    this.goTo(Object.assign(new Map([...weights, ...states]), { generator }));
    this.epochs = epochs;
    this.shuffler.state = shuffler.state;
  }

  /** One that goes on by itself from here. */
  copy(): Progress {
    const copy = new Progress(this.#predictor, this.#seed, this.#chance);
    copy.restore(this);
    return copy;
  }

  #checkIdle(): void {
    if (this.#training?.busy)
      throw new TrainingError(
        "this network is being trained: await that training, or do this between two epochs, in the loop over train(…)",
      );
  }

  #take(state: State): void {
    this.#behind = false;
    for (const [name, numbers] of state) this.#arrays.set(name, numbers);
    this.#generator = state.generator;
  }

  #those(wanted: (isWeights: boolean) => boolean): Map<string, Block> {
    this.fetch();
    const isWeights = (name: string) =>
      this.#predictor.has(name) && this.#predictor.array(name).role === "weights";
    return new Map([...this.#arrays].filter(([name]) => wanted(isWeights(name))));
  }
}

reachable(Progress);

/** Throws `ShapeError` where what is carried, such as a checkpoint's, is none of this training's arrays. */
function checkFits({ name, role, shape }: ArrayDeclaration, carried: Shape): void {
  const isLearnt = role === "weights" || role === "state";
  if (isLearnt && sameShape(shape, carried)) return;
  throw new ShapeError(
    `${name} is ${isLearnt ? formatShape(shape) : role} in this training, but the network carries ${formatShape(carried)}: ` +
      "train with fresh: true",
  );
}
