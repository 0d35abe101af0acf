import type { Reading } from "../array/reading.ts";
import type { Session } from "../engines/engine.ts";
import { reference } from "../engines/reference/reference.ts";
import type { ProgramData } from "../program/data.ts";
import { Program } from "../program/program.ts";
import type { Block } from "../shape/block.ts";
import { Player } from "../trace/player.ts";
import { type State, writeState } from "../trace/state.ts";
import type { Trace } from "../trace/trace.ts";

/** Numbers written over a session's when so many of a batch's steps have run. */
export interface Overwrite {
  readonly step: number;
  readonly arrays: ReadonlyMap<string, Block>;
}

/** Steps that an altered program has more than the trace's: so many, after this one. */
export interface Shift {
  readonly step: number;
  readonly added: number;
}

/** Runs the batch in which a trace stands anew, on the reference and from the same state, with another program. */
export class Rerun {
  /** Counted from the start of the training. */
  readonly batch: number;
  readonly rows: number;
  /** How many steps of the batch have run. */
  readonly place: number;
  readonly player: Player;
  readonly state: State;
  readonly #trace: Trace;
  readonly #given: Readonly<Record<string, Block>>;

  /** Leaves the trace where it stands. */
  constructor(trace: Trace) {
    const { epoch, batch, step } = trace.position;
    this.#trace = trace;
    this.player = new Player(trace.score);
    this.batch = epoch * this.player.course.batchesPerEpoch + batch;
    this.place = step;
    this.#given = this.player.given(this.batch);
    const { rows, batch: size } = this.player.course;
    this.rows = Math.min(size, rows - batch * size);
    this.state = trace.stateBefore(this.batch);
    trace.seek({ epoch, batch, step });
  }

  /** What the named arrays are at the trace's place, or when so many of its steps have run. */
  read(
    names: readonly string[],
    data: ProgramData,
    { step, added }: Shift = { step: 0, added: 0 },
    overwrites: readonly Overwrite[] = [],
    place = this.place,
  ): ReadonlyMap<string, Reading> {
    const program = new Program(data);
    const { seed, chance } = this.#trace.score;
    const session = reference.open(program, {
      capacity: this.rows,
      keep: "all",
      chance,
      ...(seed === undefined ? {} : { seed }),
    });
    writeState(session, this.state);
    session.write(this.#given);
    const metrics = data.arrays.filter(({ role }) => role === "metric");
    if (this.batch % this.player.course.batchesPerEpoch === 0)
      for (const { name } of metrics) session.write({ [name]: 0 });
    session.run({ batch: this.batch, steps: [0, 0] }, this.rows);

    const shifted = (position: number) => (position > step ? position + added : position);
    let ran = 0;
    const runTo = (position: number): void => {
      const to = shifted(position);
      if (to > ran) session.run({ batch: this.batch, steps: [ran, to], accumulate: true }, this.rows);
      ran = to;
    };
    for (const stop of this.#stops(overwrites, place)) {
      runTo(stop.step);
      stop.apply(session);
    }
    runTo(place);
    return new Map(names.map((name) => [name, session.read(name)]));
  }

  /** What is written on the way: by hand in the trace, and by a slip. */
  #stops(overwrites: readonly Overwrite[], place: number) {
    const edits = this.#trace.events
      .filter(({ batch, step }) => batch === this.batch && step <= place)
      .map(({ step, array, element, value }) => ({
        step,
        apply: (session: Session): void => {
          const numbers = session.read(array);
          numbers.data[element] = value;
          session.write({ [array]: numbers });
        },
      }));
    const writes = overwrites.map(({ step, arrays }) => ({
      step,
      apply: (session: Session): void => session.write(Object.fromEntries(arrays)),
    }));
    return [...edits, ...writes.filter(({ step }) => step <= place)].sort((a, b) => a.step - b.step);
  }
}
