import { ops } from "../../ops/table.ts";
import { type ArrayDeclaration, rowCount, type Step } from "../../program/data.ts";
import { type Course, settingAt } from "../../program/loop.ts";
import { drawMask } from "../../program/noise.ts";
import { type Block, block, count } from "../../shape/block.ts";
import type { Flat } from "../../shape/numbers.ts";
import { withRoom } from "../../shape/room.ts";
import type { Ended, Loaded, Machine, Plan, Settings } from "../machine.ts";
import type { Memory } from "../memory.ts";
import { type Action, prepare } from "./interpreter.ts";

/** The meaning of a program: each step in turn, by the plainest loops. */
export class ReferenceMachine implements Machine {
  readonly #plan: Plan;
  readonly #memory: Memory;
  readonly ready = Promise.resolve();
  readonly #actions: readonly (readonly (Action | undefined)[])[];
  readonly #views: ReadonlyMap<string, Step>;
  #resident: ReadonlyMap<string, Flat> = new Map();

  constructor(plan: Plan, memory: Memory) {
    this.#plan = plan;
    this.#memory = memory;
    this.#actions = plan.programs.map(({ program }) => prepare(program.data));
    const steps = plan.programs.flatMap(({ program }) => program.data.steps);
    this.#views = new Map(
      steps.filter((step) => ops[step.op].kind === "view").map((step) => [step.writes, step]),
    );
  }

  run(loaded: Loaded, from: number, to: number, rows: number, batch: number): void {
    const { program, masks, index } = loaded;
    if (this.#plan.book === undefined)
      for (const mask of masks) this.#memory.store(mask.name, drawMask(mask, batch, rows));
    if (program.has(rowCount)) this.#memory.store(rowCount, [rows]);
    for (let position = from; position < to; position++) {
      const action = this.#actions[index]![position];
      if (action === undefined) continue;
      const step = program.data.steps[position]!;
      const inputs = step.reads.map((name) => this.#look(name, rows));
      const output = this.#memory.view(step.writes, rows);
      if (isRewritten(program.array(step.writes))) {
        // The step may read what it replaces, even transposed, so nothing is replaced before all is computed.
        const fresh = block(output.dtype, output.shape);
        action(inputs, fresh);
        output.data.set(fresh.data);
      } else action(inputs, output);
    }
  }

  load(data: ReadonlyMap<string, Flat>): void {
    this.#resident = new Map(
      [...data].map(([name, { shape, values }]) => {
        const copy = withRoom(`a copy of ${name}`, values.byteLength, () => values.slice());
        return [name, { shape, values: copy }];
      }),
    );
  }

  /** The loop that every engine's `fit` is held to. */
  fit(course: Course, settings: Settings, ended: Ended): void {
    const loaded = this.#plan.programs[0]!;
    const { arrays, steps } = loaded.program.data;
    const metrics = arrays.filter(({ role }) => role === "metric").map(({ name }) => name);
    for (let batch = course.from; batch < course.to; batch++) {
      const inEpoch = batch % course.batchesPerEpoch;
      if (inEpoch === 0) for (const name of metrics) this.#memory.store(name, [0]);
      for (const [name, given] of settings)
        this.#memory.store(name, [settingAt(name, given, batch, course.settingsFrom)]);
      const rows = this.#gather(course, batch);
      this.#plan.book?.draw(loaded, batch, rows);
      this.run(loaded, 0, steps.length, rows, batch);
      if (inEpoch < course.batchesPerEpoch - 1) continue;
      const finite = arrays.filter(isRewritten).every(({ name }) => this.#isFinite(name));
      ended([...metrics.map((name) => this.#memory.view(name, 0).data[0]!), finite ? 0 : 1], 1);
    }
  }

  plan(): string {
    return this.#plan.programs
      .map(({ program }) => {
        const { arrays, steps, precision } = program.data;
        const views = steps.filter((step) => ops[step.op].kind === "view").length;
        return (
          `reference: ${program.name} in ${precision}, ${steps.length} steps ` +
          `(${views} of them views, which write nothing) over ${arrays.length} arrays, capacity ${this.#plan.capacity} rows`
        );
      })
      .join("\n");
  }

  close(): void {
    this.#resident = new Map();
  }

  /** An array as it is read now, through any views. */
  #look(name: string, rows: number): Block {
    const step = this.#views.get(name);
    const op = step && ops[step.op];
    return op?.kind === "view" ? op.view(this.#look(step!.reads[0]!, rows)) : this.#memory.view(name, rows);
  }

  #isFinite(name: string): boolean {
    return this.#memory.view(name, 0).data.every(Number.isFinite);
  }

  /** Copies the rows of a batch from the resident data into the examples' arrays; returns how many they are. */
  #gather({ rows, batch, batchesPerEpoch, row }: Course, number: number): number {
    const epoch = Math.floor(number / batchesPerEpoch);
    const first = (number % batchesPerEpoch) * batch;
    const length = Math.min(batch, rows - first);
    for (const [name, { shape, values }] of this.#resident) {
      const width = count(shape.slice(1));
      const { data } = this.#memory.view(name, length);
      for (let place = 0; place < length; place++) {
        const source = row(epoch * rows + first + place) * width;
        for (let column = 0; column < width; column++)
          data[place * width + column] = values[source + column]!;
      }
    }
    return length;
  }
}

function isRewritten({ role }: ArrayDeclaration): boolean {
  return role === "weights" || role === "state";
}
