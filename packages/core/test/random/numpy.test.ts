import { describe, expect, it } from "vitest";
import { RandomState } from "../../src/random/randomState.ts";
import { testNumbers, ulpsApart } from "./bits.ts";
import { type Call, inBits, play, playOnNumpy, type Session } from "./calls.ts";

const seeds: (number | number[])[] = [
  ...[0, 1, 2, 42, 624, 12345, 2147483647, 2147483648, 4294967294, 4294967295],
  ...[[0], [1], [1, 2], [4294967295], [0, 0, 0], [1, 2, 3, 4, 5, 4294967295]],
  ...[623, 624, 625, 1300].map((length) => Array.from({ length }, (_, i) => (i * 2654435761) % 4294967296)),
];

/** A call of any method with any of its forms, all decided by `next`. */
function anyCall(next: () => number, gaussians: boolean): Call {
  const forms = ["list", "spelled out", "number"] as const;
  const form = forms[Math.floor(next() * forms.length)]!;
  return { ...anyMethod(next, gaussians), form };
}

function anyMethod(next: () => number, gaussians: boolean): Call {
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(...options: T[]): T => options[below(options.length)]!;
  const shape = () => pick<number[] | null>(null, null, [], [below(12)], [below(4), 1 + below(4)], [2, 1, 3]);
  const list = () =>
    Array.from({ length: 1 + below(20) }, () => pick(below(100), next() * 100 - 50, -1 - below(9)));
  const table = () => {
    const columns = below(4);
    return Array.from({ length: 1 + below(7) }, () => Array.from({ length: columns }, () => below(100)));
  };

  switch (
    pick("random", "uniform", "randint", "permutation", "shuffle", "choice", ...gaussianMethods(gaussians))
  ) {
    case "uniform": {
      const low = pick(0, -1, next() * 1e6, -1e300, 5e-324);
      return { method: "uniform", low, high: pick(1, low, low + next(), 1e-300, -3, 1e300), shape: shape() };
    }
    case "randint": {
      const low = pick(0, 0, below(100), -1 - below(100), -2147483648, -9007199254740991, -3000000000);
      const most = pick(
        1,
        2,
        3,
        10,
        1 + below(1000),
        65536,
        2147483648,
        4294967295,
        4294967296,
        4294967297,
        1e13,
      );
      if (low === 0 && next() < 0.5) return { method: "randint", low: most, high: null, shape: shape() };
      return { method: "randint", low, high: pick(low + most, low + most, 9007199254740991), shape: shape() };
    }
    case "permutation":
      return {
        method: "permutation",
        population: pick<number | number[] | number[][]>(below(50), list(), table()),
      };
    case "shuffle": {
      const as = pick("list" as const, "typed" as const, "block" as const);
      return { method: "shuffle", values: as !== "typed" && next() < 0.5 ? table() : list(), as };
    }
    case "choice":
      return anyChoice(next);
    case "randn":
      return { method: "randn", shape: shape() };
    case "normal":
      return {
        method: "normal",
        mean: pick(0, 1, -1e3 * next()),
        deviation: pick(0, 1, next()),
        shape: shape(),
      };
    default:
      return { method: "random", shape: shape() };
  }
}

function gaussianMethods(gaussians: boolean): ("randn" | "normal")[] {
  return gaussians ? ["randn", "normal"] : [];
}

function anyChoice(next: () => number): Call {
  const below = (n: number) => Math.floor(next() * n);
  const members = 1 + below(12);
  const population = next() < 0.5 ? members : Array.from({ length: members }, (_, i) => i * i - 3.5);
  const weights = Array.from({ length: members }, (_, i) =>
    i > 0 && next() < 0.3 ? 0 : next() * next() + 1e-6,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const p = next() < 0.5 ? weights.map((weight) => weight / total) : null;
  const replace = next() < 0.5;
  const possible = p === null ? members : p.filter((weight) => weight > 0).length;
  const most = replace ? 20 : possible + 1;
  const size = next() < 0.3 ? null : next() < 0.3 ? [1, Math.min(2, most - 1)] : [below(most)];
  return { method: "choice", population, size, replace, p };
}

function anySessions(count: number, gaussians: boolean): Session[] {
  return Array.from({ length: count }, (_, i) => {
    const next = testNumbers(i);
    return {
      seed: i < seeds.length ? seeds[i]! : Math.floor(next() * 4294967296),
      calls: Array.from({ length: 60 }, () => anyCall(next, gaussians)),
    };
  });
}

describe("RandomState gives NumPy's numbers", () => {
  it("from every kind of seed: the key itself, and what follows", () => {
    const sessions: Session[] = seeds.flatMap((seed) => [
      { seed, calls: [] },
      { seed, calls: [{ method: "random", shape: [700] }] },
    ]);
    const numpy = playOnNumpy(sessions);
    sessions.forEach(({ seed, calls }, i) => {
      const generator = new RandomState(seed);
      const outcomes = calls.map((call) => inBits(play(generator, call)));
      expect(outcomes).toEqual(numpy[i]!.outcomes.map(inBits));
      expect(generator.getState()).toEqual(numpy[i]!.state);
    });
  });

  it("over long mixed sequences of calls, bit for bit, and ends in the same state", () => {
    const sessions = anySessions(100, false);
    const numpy = playOnNumpy(sessions);
    sessions.forEach(({ seed, calls }, i) => {
      const generator = new RandomState(seed);
      calls.forEach((call, j) => {
        const where = `seed ${JSON.stringify(seed).slice(0, 80)}, call ${j}: ${JSON.stringify(call)}`;
        expect(inBits(play(generator, call)), where).toBe(inBits(numpy[i]!.outcomes[j]!));
      });
      expect(generator.getState()).toEqual(numpy[i]!.state);
    });
  });

  it("with gaussians among the calls: same place in the stream, gaussians within 2 ulp", () => {
    const sessions = anySessions(100, true);
    const numpy = playOnNumpy(sessions);
    sessions.forEach(({ seed, calls }, i) => {
      const generator = new RandomState(seed);
      calls.forEach((call, j) => {
        const ours = play(generator, call);
        const theirs = numpy[i]!.outcomes[j]!;
        const where = `seed ${JSON.stringify(seed).slice(0, 80)}, call ${j}: ${JSON.stringify(call)}`;
        expect(ours.shape, where).toEqual(theirs.shape);
        if (call.method === "randn") {
          const apart = ours.numbers.map((x, k) => ulpsApart(x, theirs.numbers[k]!));
          expect(Math.max(0, ...apart), where).toBeLessThanOrEqual(2);
        } else if (call.method === "normal") {
          // 2 ulp of a gaussian below 8, times the deviation, and the roundings of product and sum.
          const slack = call.deviation * 3 * 8.9e-16 + Math.abs(call.mean) * 2.3e-16;
          const apart = ours.numbers.map((x, k) => Math.abs(x - theirs.numbers[k]!));
          expect(Math.max(0, ...apart), where).toBeLessThanOrEqual(slack);
        } else {
          expect(inBits(ours), where).toBe(inBits(theirs));
        }
      });
      const { gauss, ...state } = generator.getState();
      const { gauss: theirGauss, ...theirState } = numpy[i]!.state;
      expect(state).toEqual(theirState);
      expect(ulpsApart(gauss, theirGauss)).toBeLessThanOrEqual(2);
    });
  });

  it("in at least 99.9 % of 200000 gaussians, and within 2 ulp in the rest", () => {
    const sessions: Session[] = [0, 1, 7, [1, 2]].map((seed) => ({
      seed,
      calls: [{ method: "randn", shape: [50000] }],
    }));
    const numpy = playOnNumpy(sessions);
    let equal = 0;
    let farthest = 0;
    sessions.forEach(({ seed, calls }, i) => {
      const theirs = numpy[i]!.outcomes[0]!.numbers;
      play(new RandomState(seed), calls[0]!).numbers.forEach((x, j) => {
        const apart = ulpsApart(x, theirs[j]!);
        if (apart === 0) equal++;
        farthest = Math.max(farthest, apart);
      });
    });
    expect(equal).toBeGreaterThanOrEqual(0.999 * 200000);
    expect(farthest).toBeLessThanOrEqual(2);
  });
});

describe("a state travels", () => {
  const before: Call[] = [
    { method: "randn", shape: [7] },
    { method: "randint", low: 10, high: null, shape: [1000] },
  ];
  const after: Call[] = [
    { method: "random", shape: [400] },
    { method: "choice", population: 9, size: [4], replace: false, p: null },
    { method: "permutation", population: 300 },
  ];

  it("from NumPy to here", () => {
    const [stopped, whole] = playOnNumpy([
      { seed: 5, calls: before },
      { seed: 5, calls: [...before, { method: "randn", shape: [1] }, ...after] },
    ]);
    const generator = new RandomState(99);
    generator.setState(JSON.parse(JSON.stringify(stopped!.state)));
    expect(generator.getState()).toEqual(stopped!.state);
    expect(stopped!.state.has_gauss).toBe(1);

    const [gaussian, ...rest] = whole!.outcomes.slice(before.length);
    expect(inBits(play(generator, { method: "randn", shape: [1] }))).toBe(inBits(gaussian!)); // it was cached
    expect(after.map((call) => inBits(play(generator, call)))).toEqual(rest.map(inBits));
    expect(generator.getState()).toEqual(whole!.state);
  });

  it("from here to NumPy", () => {
    const generator = new RandomState([3, 4]);
    for (const call of before) play(generator, call);
    const state = generator.getState();
    expect(state.has_gauss).toBe(1);

    const calls: Call[] = [{ method: "randn", shape: [1] }, ...after];
    const [numpy] = playOnNumpy([{ seed: 0, state, calls }]);
    expect(calls.map((call) => inBits(play(generator, call)))).toEqual(numpy!.outcomes.map(inBits));
    expect(generator.getState()).toEqual(numpy!.state);
  });
});
