import { array, wrap } from "../array/create.ts";
import type { Reading } from "../array/reading.ts";
import type { ProgramData } from "../program/data.ts";
import { lineText } from "../program/print/listing.ts";
import { Program } from "../program/program.ts";
import type { Block } from "../shape/block.ts";
import { Player } from "../trace/player.ts";
import type { Trace } from "../trace/trace.ts";
import { firstParting } from "./agreement.ts";
import { alterationsOf, forRows, inPrecision, type SlipKind, stepsBehind } from "./alterations.ts";
import { type Overwrite, Rerun } from "./rerun.ts";

/** A slip that gives just a learner's numbers. */
export interface Slip {
  readonly kind: SlipKind;
  /** In a few words: `relu2deriv(layer_1) left out`. */
  readonly says: string;
  /** The line of the program in which it was made; undefined where it was made in none. */
  readonly line?: string;
}

/** A learner's numbers, by name, in the order of the program: those that agree, and last those that part. */
export type Given = ReadonlyMap<string, ArrayLike<number>>;

/**
 * The usual slips that give a learner's last array, and with it all those before, each kind at the place that is nearest. Each is
 * tried by running the batch again: about five times for every step that the array depends on; a batch of
 * another place is looked for by playing the whole training once.
 */
export function slipsBehind(trace: Trace, given: Given, tolerance: number): Slip[] {
  const rerun = new Rerun(trace);
  const found = new Map<SlipKind, Slip>();
  const names = [...given.keys()];
  const parted = names[names.length - 1]!;
  const theirs = given.get(parted)!;
  const matches = (numbers: ReadonlyMap<string, Reading>) =>
    names.every(
      (name) => firstParting(given.get(name)!, numbers.get(name)!.toTyped(), tolerance) === undefined,
    );
  const matchesParted = (numbers: Reading): boolean =>
    firstParting(theirs, numbers.toTyped(), tolerance) === undefined;
  const note = (slip: Slip): void => {
    if (!found.has(slip.kind)) found.set(slip.kind, slip);
  };

  const { data } = trace.program;
  const concrete = forRows(data, rerun.rows);
  const ours = trace.read(parted)!;
  for (const position of stepsBehind(concrete, parted)) {
    if (position >= rerun.place) continue;
    for (const { kind, says, data: altered, ...shift } of alterationsOf(
      concrete,
      position,
      elementsAt(data, position, rerun.rows),
    ))
      if (!found.has(kind) && matches(rerun.read(names, altered, shift)))
        note({ kind, says, line: lineAt(trace.program, position) });
  }
  for (const slip of updatedTooEarly(trace.program, rerun, names, matches)) note(slip);
  if (ours.ndim === 2 && ours.shape[0] === ours.shape[1] && matchesParted(ours.T.copy()))
    note({ kind: "transpose", says: `this is ${parted}.T` });
  if (trace.program.array(parted).role === "metric")
    for (const [kind, says, factor] of [
      ["factor", "a factor 2", 2],
      ["factor", "a factor 1/2", 0.5],
      ["sign", "the other sign", -1],
      ["sum or mean", "a mean over the rows instead of their sum", 1 / rowsSoFar(rerun)],
      [
        "sum or mean",
        "a mean over all numbers instead of their sum",
        1 / (rowsSoFar(rerun) * columnsOf(data, parted)),
      ],
    ] as const)
      if (matchesParted(wrap(ours).multiply(factor))) note({ kind, says });
  const elsewhere = otherBatch(trace, rerun, parted, matchesParted);
  if (elsewhere) note(elsewhere);
  const precision = otherPrecision(trace, rerun, parted, concrete, theirs, tolerance);
  if (precision) note(precision);
  return [...found.values()];
}

function lineAt(program: Program, position: number): string {
  return lineText(program.lines.find(({ steps }) => steps.includes(position))!);
}

/** Weights that backpropagation reads after the update instead of before: one array of them, or all. */
function* updatedTooEarly(
  program: Program,
  rerun: Rerun,
  names: readonly string[],
  matches: (numbers: ReadonlyMap<string, Reading>) => boolean,
): Generator<Slip> {
  const { data } = program;
  const { steps } = data;
  const first = steps.findIndex(({ phase }) => phase === "backpropagate");
  const update = steps.findIndex(({ phase }) => phase === "update");
  if (first < 0 || update < 0 || rerun.place <= first) return;
  const weights = data.arrays
    .filter(({ name, role }) => role === "weights" && steps.some(({ writes }) => writes === name))
    .map(({ name }) => name);
  const old = new Map(weights.map((name) => [name, rerun.state.get(name)!]));
  const overwritten = (arrays: ReadonlyMap<string, Block>): Overwrite[] => [
    { step: first, arrays },
    { step: update, arrays: old },
  ];
  for (const early of [...weights.map((name) => [name]), weights]) {
    // What one layer's new weights send back changes the new weights of the layer below, and so on down.
    let written: ReadonlyMap<string, Reading> = rerun.read(early, data, undefined, [], steps.length);
    for (let layer = 1; layer < early.length; layer++)
      written = rerun.read(early, data, undefined, overwritten(written), steps.length);
    if (!matches(rerun.read(names, data, undefined, overwritten(written)))) continue;
    const which = early.length === 1 ? early[0] : "all weights";
    yield { kind: "updated weights", says: `${which} updated before backpropagation had read them` };
  }
}

/** The same array in another batch of the training, the nearest one. */
function otherBatch(
  trace: Trace,
  rerun: Rerun,
  name: string,
  matches: (numbers: Reading) => boolean,
): Slip | undefined {
  const player = new Player(trace.score);
  let nearest: number | undefined;
  for (let batch = trace.first; batch < trace.batches; batch++) {
    player.beginBatch(batch, trace.events);
    player.playSteps(batch, 0, rerun.place, trace.events);
    const numbers = player.session.read(name);
    if (batch !== rerun.batch && matches(numbers)) {
      const distance = Math.abs(batch - rerun.batch);
      if (nearest === undefined || distance < Math.abs(nearest - rerun.batch)) nearest = batch;
    }
    player.playSteps(batch, rerun.place, player.steps, trace.events);
  }
  if (nearest === undefined) return undefined;
  const { epoch, batch } = trace.placeOf(nearest);
  return { kind: "another batch", says: `this is ${name} of epoch ${epoch}, batch ${batch}` };
}

/** The other precision: of these numbers alone, of this batch, or of the whole training. */
function otherPrecision(
  trace: Trace,
  rerun: Rerun,
  name: string,
  concrete: ProgramData,
  theirs: ArrayLike<number>,
  tolerance: number,
): Slip | undefined {
  const { score } = trace;
  const precision = score.program.data.precision === "float64" ? "float32" : "float64";
  const player = new Player({ ...score, program: new Program(inPrecision(score.program.data, precision)) });
  player.playBatches(trace.first, rerun.batch, trace.events);
  player.beginBatch(rerun.batch, trace.events);
  player.playSteps(rerun.batch, 0, rerun.place, trace.events);
  const candidates = [
    array(trace.read(name)!, precision),
    rerun.read([name], inPrecision(concrete, precision)).get(name)!,
    player.session.read(name),
  ].map((numbers) => numbers.toTyped());
  const same = candidates.some((numbers) => firstParting(theirs, numbers, tolerance) === undefined);
  if (same) return { kind: "precision", says: `computed in ${precision}` };
  const near = precision === "float32" && candidates.some((numbers) => areNear(theirs, numbers));
  return near ? { kind: "precision", says: "computed in float32, with sums in another order," } : undefined;
}

/** As near as the roundings of a few sums in float32 leave two arrays, each of 2^-24 of its largest number. */
function areNear(theirs: ArrayLike<number>, numbers: ArrayLike<number>): boolean {
  const values = Array.from(numbers);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.every((value, k) => Math.abs(theirs[k]! - value) <= (8 / 16777216) * largest);
}

/** How many numbers a step's array has in a batch of so many rows, where it has several for each row. */
function elementsAt({ steps, arrays }: ProgramData, position: number, rows: number): number | undefined {
  const { shape } = arrays.find(({ name }) => name === steps[position]!.writes)!;
  const [first, columns] = shape;
  return first === "batch" && typeof columns === "number" && columns > 1 ? rows * columns : undefined;
}

/** How many numbers of each row a metric adds up. */
function columnsOf({ steps, arrays }: ProgramData, metric: string): number {
  const [prediction] = steps.find(({ writes }) => writes === metric)!.reads;
  const columns = arrays.find(({ name }) => name === prediction)!.shape[1];
  return typeof columns === "number" ? columns : 1;
}

/** How many rows of the epoch a metric has added up. */
function rowsSoFar({ batch, player }: Rerun): number {
  const { batchesPerEpoch, batch: size, rows } = player.course;
  return Math.min(rows, ((batch % batchesPerEpoch) + 1) * size);
}
