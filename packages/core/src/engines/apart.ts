import type { ArrayDeclaration, Step } from "../program/data.ts";
import { Program } from "../program/program.ts";
import { sameShape } from "../shape/size.ts";

/**
 * The programs of a session, with arrays kept apart whose names clash but were made up: such an array is `<program>.<name>`
 * within the session. Arrays that were named, and those that are computed alike, stay one array for all programs.
 */
export class Apart {
  readonly programs: readonly Program[];
  /** By the name in its program, what each program's own is called here; the one computed last is in front. */
  readonly #own = new Map<string, string[]>();
  /** By the program's position: the steps that write such arrays. */
  readonly #writes: readonly (readonly (readonly [position: number, name: string])[])[];

  constructor(given: readonly Program[]) {
    const names = given.length > 1 ? clashing(given) : new Set<string>();
    this.programs = names.size === 0 ? given : given.map((program) => this.#renamed(program, names));
    this.#writes = given.map(({ data: { steps } }) =>
      names.size === 0
        ? []
        : steps.flatMap(({ writes }, position) => (names.has(writes) ? [[position, writes] as const] : [])),
    );
  }

  /** Notes which steps of which program ran last. */
  noteRun(index: number, from: number, to: number): void {
    for (const [position, name] of this.#writes[index]!) {
      const own = this.#own.get(name)!;
      const at = own.indexOf(ownName(this.programs[index]!, name));
      if (at > 0 && position >= from && position < to) own.unshift(...own.splice(at, 1));
    }
  }

  /**
   * What an array is called in the session. A name that several programs made up means the array computed last; `train.layer_1_sum`
   * always means that of `train`.
   */
  find(name: string): string {
    return this.findAll(name)[0]!;
  }

  /** The same, but all arrays that a name may mean. */
  findAll(name: string): readonly string[] {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    const [title, plain] = String(name).split(".");
    const program = plain === undefined ? undefined : this.programs.find((each) => each.name === title);
    return [program?.has(plain!) ? plain! : name];
  }

  #renamed(program: Program, names: ReadonlySet<string>): Program {
    const { arrays, steps } = program.data;
    const renamed = new Map<string, string>();
    for (const { name, invented } of arrays) {
      if (!names.has(name)) continue;
      const here = invented ? ownName(program, name) : name;
      renamed.set(name, here);
      const others = this.#own.get(name) ?? [];
      // Where a program has given the name to an array, it means that one.
      if (!others.includes(name)) this.#own.set(name, here === name ? [name] : [...others, here]);
    }
    const nameHere = (name: string): string => renamed.get(name) ?? name;
    return new Program({
      ...program.data,
      arrays: arrays.map((array) => ({ ...array, name: nameHere(array.name) })),
      steps: steps.map((step) => ({
        ...step,
        reads: step.reads.map(nameHere),
        writes: nameHere(step.writes),
        ...(step.answers === undefined ? {} : { answers: nameHere(step.answers) }),
      })),
    });
  }
}

function ownName(program: Program, name: string): string {
  return `${program.name}.${name}`;
}

/** An array and the step that computes it, if one does. */
interface Made {
  readonly array: ArrayDeclaration;
  readonly step: Step | undefined;
}

/** The names of arrays that are something else in different programs, where at least one program made the name up. */
function clashing(programs: readonly Program[]): Set<string> {
  const byName = new Map<string, Made[]>();
  for (const { data } of programs) {
    const steps = new Map(data.steps.map((step) => [step.writes, step]));
    for (const array of data.arrays) {
      const made = { array, step: steps.get(array.name) };
      const others = byName.get(array.name);
      if (others === undefined) byName.set(array.name, [made]);
      else others.push(made);
    }
  }
  const shared = [...byName].filter(
    ([, made]) => made.length > 1 && made.some(({ array }) => array.invented),
  );
  const apart = new Set<string>();
  // What is computed from arrays that are kept apart is, too; arrays come nearly in the order of their steps.
  for (let before = -1; before < apart.size; ) {
    before = apart.size;
    for (const [name, [first, ...others]] of shared)
      if (!apart.has(name) && !others.every((each) => isAlike(first!, each, apart))) apart.add(name);
  }
  return apart;
}

function isAlike(left: Made, right: Made, apart: ReadonlySet<string>): boolean {
  const [a, b] = [left.array, right.array];
  if (a.role !== b.role || a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
  if (left.step === undefined || right.step === undefined)
    return left.step === right.step && JSON.stringify(a.initial) === JSON.stringify(b.initial);
  const [one, other] = [left.step, right.step];
  return (
    one.op === other.op &&
    one.reads.join() === other.reads.join() &&
    !one.reads.some((name) => apart.has(name)) &&
    JSON.stringify(one.parameters) === JSON.stringify(other.parameters)
  );
}
