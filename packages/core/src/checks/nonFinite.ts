import { compileOp } from "../ops/loops.ts";
import type { Op } from "../ops/op.ts";
import { ops } from "../ops/table.ts";
import type { Phase, Step } from "../program/data.ts";
import type { Line } from "../program/fold.ts";
import { lineText } from "../program/print/listing.ts";
import type { Program } from "../program/program.ts";
import { type Block, isWhole } from "../shape/block.ts";
import { placeOf } from "../shape/place.ts";
import { Player, type Score, type TraceEvent } from "../trace/player.ts";
import type { State } from "../trace/state.ts";
import { type Cause, causeIn } from "./cause.ts";
import { failingTerm, type OperandAt, operandsAt, termAt } from "./operandsAt.ts";

/** The first number of a training that is not finite, and the step that computed it, unless a batch was given it. */
export type NonFinite = NonFiniteNumber & (Computed | Given);

/** How a number came about: a step, its op, and the line of the program in which it stands. */
interface Computed {
  readonly step: number;
  readonly op: string;
  readonly line: string;
  readonly phase: Phase;
}

/** What a batch began with: data, settings, weights. */
interface Given {
  readonly step?: undefined;
  readonly op?: undefined;
  readonly line?: undefined;
  readonly phase?: undefined;
}

/** A number that is not finite. Epochs, batches and rows are counted from 0, as in a trace. */
export interface NonFiniteNumber {
  readonly array: string;
  readonly element: readonly number[];
  readonly value: number;
  readonly epoch: number;
  /** In its epoch. */
  readonly batch: number;
  /** The numbers that it was computed from. */
  readonly operands: readonly OperandAt[];
  /** The row of the data that it belongs to; undefined where it belongs to a whole batch. */
  readonly row?: number;
  /** The usual cause, in one sentence. */
  readonly cause: string;
  /** Weights, states and metrics before the batch: the last that were finite. */
  readonly before: State;
}

/**
 * Plays a training on the reference from the state before batch `from`, up to batch `to` (both counted from the
 * start of the training), to the first batch that leaves a weight, a state or a metric that is not finite, and that
 * batch step by step to the first number that is not. Undefined if there is none.
 */
export function firstNonFinite(
  score: Score,
  from: number,
  to: number,
  state: State,
  events: readonly TraceEvent[] = [],
): NonFinite | undefined {
  const player = new Player(score);
  const search = new Search(score, player, events);
  const given = firstIn(state);
  if (given) return search.given(from, given, state, "a number that was written by hand or read from a file");
  player.state = state;
  for (let batch = from; batch < to; batch++) {
    const before = player.state;
    player.playBatches(batch, batch + 1, events);
    if (firstIn(player.state)) return search.batch(batch, before);
  }
  return undefined;
}

/** Whether all numbers of a state are. */
export function allFinite(state: State): boolean {
  return firstIn(state) === undefined;
}

interface Found {
  readonly array: string;
  readonly element: readonly number[];
  readonly value: number;
}

function firstIn(arrays: Iterable<readonly [string, Block]>): Found | undefined {
  for (const [array, { data, shape }] of arrays)
    for (let position = 0; position < data.length; position++)
      if (!Number.isFinite(data[position]!))
        return { array, element: placeOf(position, shape), value: data[position]! };
  return undefined;
}

class Search {
  readonly #score: Score;
  readonly #player: Player;
  readonly #events: readonly TraceEvent[];

  constructor(score: Score, player: Player, events: readonly TraceEvent[]) {
    this.#score = score;
    this.#player = player;
    this.#events = events;
  }

  /** What is not finite before a step has run. */
  given(batch: number, found: Found, before: State, cause: string): NonFinite {
    return { ...found, ...this.#placed(batch, this.#rowOf(batch, found)), operands: [], cause, before };
  }

  /** The first step of a batch whose result is not finite. */
  batch(batch: number, before: State): NonFinite | undefined {
    const { program } = this.#score;
    this.#player.state = before;
    const given = firstIn(Object.entries(this.#player.given(batch)));
    if (given)
      return this.given(
        batch,
        given,
        before,
        program.array(given.array).role === "setting"
          ? "a schedule that gives no finite number for this batch"
          : "a gap or a number too large in the data",
      );
    this.#player.beginBatch(batch, this.#events);
    for (const [position, step] of program.data.steps.entries()) {
      const { session } = this.#player;
      const inputs = step.reads.map((name) => session.read(name));
      const total = ops[step.op].kind === "metric" ? session.read(step.writes).at() : 0;
      this.#player.playSteps(batch, position, position + 1, this.#events);
      const found = firstIn([[step.writes, session.read(step.writes)]]);
      if (found) return { ...this.#computed(batch, position, found, inputs, total), before };
    }
    return undefined;
  }

  #computed(
    batch: number,
    position: number,
    found: Found,
    inputs: readonly Block[],
    total: number,
  ): Omit<NonFiniteNumber, "before"> & Computed {
    const { program } = this.#score;
    const step = program.data.steps[position]!;
    const op: Op = ops[step.op];
    const line = lineOf(program, position);
    const term = op.kind === "metric" ? failingTerm(op, step.parameters ?? {}, inputs, total) : undefined;
    const operands =
      op.kind === "metric"
        ? termAt(op, step.reads, inputs, term!)
        : operandsAt(op, step.reads, inputs, found.element);
    return {
      ...found,
      ...this.#placed(batch, term ? this.#dataRow(batch, term[0]!) : this.#rowOf(batch, found)),
      step: position,
      op: step.op,
      line: lineText(line),
      phase: line.phase,
      operands,
      cause: this.#sentence(causeOf(program, step, op, operands), batch),
    };
  }

  #sentence(cause: Cause, batch: number): string {
    if (cause.kind === "domain") return cause.says;
    const { data } = this.#score.program;
    const largest = (roles: readonly string[]): number =>
      data.arrays
        // Bytes and class numbers become other numbers before they are computed with.
        .filter(({ role, dtype }) => roles.includes(role) && !isWhole(dtype))
        .flatMap(({ name }) => Array.from(this.#player.session.read(name).toTyped(), Math.abs))
        .reduce((most, size) => Math.max(most, size), 0);
    const beyond = `numbers beyond the largest ${data.precision}`;
    if (largest(["input", "target"]) >= largest(["weights"]))
      return `${beyond}, from inputs that are too large: scale them`;
    if (batch === 0) return `${beyond} in the first batch already: weights that are too large`;
    return `${beyond}, since every update made them larger: a step size that is too large`;
  }

  #placed(batch: number, row: number | undefined): Pick<NonFiniteNumber, "epoch" | "batch" | "row"> {
    const { batchesPerEpoch } = this.#player.course;
    return {
      epoch: Math.floor(batch / batchesPerEpoch),
      batch: batch % batchesPerEpoch,
      ...(row === undefined ? {} : { row }),
    };
  }

  #rowOf(batch: number, { array, element }: Found): number | undefined {
    const hasRows = this.#score.program.array(array).shape[0] === "batch";
    return hasRows ? this.#dataRow(batch, element[0]!) : undefined;
  }

  #dataRow(batch: number, place: number): number {
    const { batchesPerEpoch, rows, batch: size, row } = this.#player.course;
    const epoch = Math.floor(batch / batchesPerEpoch);
    return row(epoch * rows + (batch % batchesPerEpoch) * size + place);
  }
}

function lineOf(program: Program, position: number): Line {
  return program.lines.find(({ steps }) => steps.includes(position))!;
}

function causeOf(program: Program, step: Step, op: Op, operands: readonly OperandAt[]): Cause {
  if ("row" in op) return { kind: "domain", says: `a row of numbers for which ${step.op} is not finite` };
  if (step.op === "gatherRows") {
    const [table, row] = operands as [OperandAt, OperandAt];
    const rows = `a table that has rows 0 to ${table.numbers.size - 1}`;
    return { kind: "domain", says: `row ${row.numbers.at()} of ${rows}, where there is no number` };
  }
  if (!("expression" in op)) return { kind: "growth" };
  const round =
    program.data.precision === "float32" && op.kind === "elementwise"
      ? Math.fround
      : (value: number) => value;
  const values = operands.map(({ numbers }) => numbers.toTyped()[0]!);
  // The sum of finite terms has outgrown the numbers.
  if (Number.isFinite(compileOp(op, step.parameters ?? {}, round)(values))) return { kind: "growth" };
  return causeIn(op, step.parameters ?? {}, values, round);
}
