import type { RandomState } from "../../src/random/randomState.ts";
import type { RandomStateSnapshot } from "../../src/random/state.ts";
import { type Block, block, positions } from "../../src/shape/block.ts";
import { runPython } from "../oracle/python.ts";
import { fromHex, hex } from "./bits.ts";

/** How a shape is handed over here: as a list, spelled out, or as one number where it has one. NumPy gets a tuple. */
export type Form = "list" | "spelled out" | "number";

/** A call of a generator's method that this side and NumPy's can both make. */
export type Call = { form?: Form } & AnyCall;

type AnyCall =
  | { method: "random"; shape: number[] | null }
  | { method: "uniform"; low: number; high: number; shape: number[] | null }
  | { method: "randn"; shape: number[] | null }
  | { method: "normal"; mean: number; deviation: number; shape: number[] | null }
  | { method: "randint"; low: number; high: number | null; shape: number[] | null }
  | { method: "permutation"; population: number | number[] | number[][] }
  | { method: "shuffle"; values: number[] | number[][]; as: "list" | "typed" | "block" }
  | {
      method: "choice";
      population: number | number[];
      size: number[] | null;
      replace: boolean;
      p: number[] | null;
    };

/** What a call gave: its numbers in order, as doubles, and their shape (none for a single number). */
export interface Outcome {
  numbers: number[];
  shape: number[] | null;
}

/** A seed or state to start from, and the calls to make one after another. */
export interface Session {
  seed: number | number[];
  state?: RandomStateSnapshot;
  calls: Call[];
}

export interface Transcript {
  outcomes: Outcome[];
  state: RandomStateSnapshot;
}

/** Plays the sessions on live NumPy, all in one process. */
export function playOnNumpy(sessions: Session[]): Transcript[] {
  const raw = JSON.parse(runPython(player, sessions)) as {
    outcomes: { bytes: string; shape: number[] | null }[];
    state: RandomStateSnapshot;
  }[];
  return raw.map(({ outcomes, state }) => ({
    outcomes: outcomes.map(({ bytes, shape }) => ({
      numbers: (bytes.match(/.{16}/g) ?? []).map(fromHex),
      shape,
    })),
    state,
  }));
}

/** Numbers travel to Python as JSON, which both sides read and write without loss; results as raw bytes. */
const player = `
import json, sys
import numpy as np

def outcome(result):
    return {"bytes": np.asarray(result).astype(">f8").tobytes().hex(),
            "shape": None if np.isscalar(result) else list(result.shape)}

def play(generator, call):
    method = call["method"]
    shape = call.get("shape")
    if shape is not None: shape = tuple(shape)
    if method == "random": return generator.random_sample(shape)
    if method == "uniform": return generator.uniform(call["low"], call["high"], shape)
    # randn of NumPy takes sizes one by one; an array without axes is its standard_normal's.
    if method == "randn": return generator.randn(*shape) if shape else generator.standard_normal(shape)
    if method == "normal": return generator.normal(call["mean"], call["deviation"], shape)
    if method == "randint": return generator.randint(call["low"], call["high"], shape)
    if method == "permutation": return generator.permutation(call["population"])
    if method == "shuffle":
        values = call["values"] if call["as"] == "list" else np.array(call["values"])
        generator.shuffle(values)
        return np.array(values)
    if method == "choice":
        size = None if call["size"] is None else tuple(call["size"])
        return generator.choice(call["population"], size, call["replace"], call["p"])

def session(spec):
    generator = np.random.RandomState(spec["seed"])
    if "state" in spec: generator.set_state(spec["state"])
    outcomes = [outcome(play(generator, call)) for call in spec["calls"]]
    state = generator.get_state(legacy=False)
    state["state"] = {"key": state["state"]["key"].tolist(), "pos": int(state["state"]["pos"])}
    return {"outcomes": outcomes, "state": state}

print(json.dumps([session(spec) for spec in json.load(sys.stdin)]))
`;

/** A shape as arguments. An empty one, which asks for an array without axes, can only be a list. */
function sizes(shape: number[] | null, form: Form = "list"): [] | [number] | [number[]] {
  if (shape === null) return [];
  if (form === "number" && shape.length === 1) return [shape[0]!];
  // More arguments than the type of the easiest call has.
  return form === "spelled out" && shape.length > 0 ? (shape as [number]) : [shape];
}

/** Makes the call here. */
export function play(generator: RandomState, call: Call): Outcome {
  const { form } = call;
  switch (call.method) {
    case "random":
      return outcome(generator.random(...(sizes(call.shape, form) as [number])));
    case "uniform":
      return outcome(generator.uniform(call.low, call.high, ...(sizes(call.shape, form) as [number])));
    case "randn":
      return outcome(generator.randn(...(sizes(call.shape, form) as [number])));
    case "normal":
      return outcome(generator.normal(call.mean, call.deviation, ...(sizes(call.shape, form) as [number])));
    case "randint":
      return outcome(generator.randint(call.low, call.high, ...(sizes(call.shape, form) as [number])));
    case "permutation":
      return outcome(
        generator.permutation(isTable(call.population) ? tableBlock(call.population) : call.population),
      );
    case "shuffle":
      return shuffled(generator, call);
    case "choice": {
      const { population, size, replace, p } = call;
      if (form === "number" && size?.length === 1)
        return outcome(generator.choice(population, size[0]!, replace, p));
      if (form === "spelled out") return outcome(generator.choice(population, size as number[], replace, p));
      return outcome(
        size
          ? generator.choice(population, { size, replace, p })
          : generator.choice(population, { replace, p }),
      );
    }
    default:
      throw new TypeError(`no such call: ${JSON.stringify(call satisfies never)}`);
  }
}

/** A block of numbers in rows, as NumPy's array of the same nested list. */
export function tableBlock(rows: number[][]): Block {
  return block("float64", [rows.length, rows[0]?.length ?? 0], Float64Array.from(rows.flat()));
}

/** The same outcome, as text that tells any two doubles apart. */
export function inBits({ numbers, shape }: Outcome): string {
  return `${shape === null ? "number" : `[${shape.join(", ")}]`} ${numbers.map(hex).join(" ")}`;
}

function shuffled(generator: RandomState, { values, as }: Call & { method: "shuffle" }): Outcome {
  if (as === "block") {
    const view = isTable(values)
      ? tableBlock(values)
      : block("float64", [values.length], Float64Array.from(values));
    generator.shuffle(view);
    return outcome(view);
  }
  const copy = as === "typed" ? Float64Array.from(values as number[]) : [...values];
  generator.shuffle(copy);
  const list = Array.from(copy as ArrayLike<number | number[]>);
  const columns = isTable(list) ? [list[0]!.length] : [];
  return { numbers: list.flat(), shape: [list.length, ...columns] };
}

function outcome(result: number | Block): Outcome {
  if (typeof result === "number") return { numbers: [result], shape: null };
  return {
    numbers: Array.from(positions(result), (position) => result.data[position]!),
    shape: [...result.shape],
  };
}

function isTable(values: unknown): values is number[][] {
  return Array.isArray(values) && Array.isArray(values[0]);
}
