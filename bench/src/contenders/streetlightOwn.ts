import {
  adam,
  type Block,
  batchNorm,
  categoricalCrossEntropy,
  dense,
  type Examples,
  exportPredictor,
  halfSquaredError,
  type Layer,
  leakyRelu,
  loadCheckpoint,
  loadTrace,
  loadWeights,
  lossValue,
  meanOf,
  type Network,
  network,
  openSession,
  RandomState,
  relu,
  saveCheckpoint,
  saveTrace,
  saveWeights,
  sgd,
  stepDecay,
  uniform,
} from "@streetlight/core";
import type { OwnSpec } from "../protocol.ts";
import type { Job } from "./serve.ts";

/** What a user waits for beside long trainings. Each work is named in `ownWorks` of the protocol. */
export function own({ work }: OwnSpec): Job | Promise<Job> {
  return works[work]();
}

const works: Readonly<Record<OwnSpec["work"], () => Job | Promise<Job>>> = {
  build: () => again(() => Number(deepTrainer(relu).data.steps.length)),
  compile: () => {
    // A slope that no double beside it shows makes another program each time.
    let slope = 2 ** -60;
    return again(async () => {
      slope *= 1 + 2 ** -40;
      const session = await openSession(deepTrainer(leakyRelu(slope)), {
        engine: "wasm",
        capacity: 32,
        seed: 1,
      });
      session.close();
      return 0;
    });
  },
  print: async () => {
    const { print } = await import("@streetlight/core/print");
    return again(() => {
      // Another program each time: what was printed may be kept.
      const program = deepTrainer(relu);
      return print(program).length + print(program, "numpy-exact").length;
    });
  },
  options: () => {
    const data = { inputs: random([256, 20]), targets: hot(256, 10) };
    let net = small();
    const training = {
      loss: meanOf(categoricalCrossEntropy),
      optimizer: adam(stepDecay(0.01, { factor: 0.5, every: 5 })),
      metrics: [lossValue],
      batch: 32,
      shuffle: true,
      validation: 0.25,
      epochs: 10,
    } as const;
    return {
      ...again(async () => {
        net = small();
        return (await net.fit(data, training)).at(-1)!.metrics.loss;
      }),
      result: () => net.weightNames.map((name) => net.read(name).data),
    };
  },
  reference: async () => {
    const session = await openSession(
      network(20, [dense(30, { activation: relu }), dense(10)]).trainer({
        loss: halfSquaredError,
        optimizer: sgd(0.01),
      }),
      { engine: "reference", capacity: 8, seed: 1 },
    );
    session.load({ layer_0: random([64, 20]), goal: random([64, 10]) });
    return {
      ...again(() => {
        session.fit({ epochs: 1, batch: 8 });
        return 0;
      }),
      close: () => session.close(),
    };
  },
  lists: async () => {
    const rows = (columns: number) =>
      Array.from({ length: 200 }, (_, i) =>
        Array.from({ length: columns }, (_, j) => Math.sqrt(i * columns + j) % 1),
      );
    const data = { layer_0: rows(50), goal: rows(10) };
    const program = network(50, [dense(10)]).trainer({ loss: halfSquaredError, optimizer: sgd(0.1) });
    const session = await openSession(program, { engine: "wasm", seed: 1 });
    return {
      ...again(() => {
        session.load(data);
        return 0;
      }),
      close: () => session.close(),
    };
  },
  predict: () => {
    const net = digits();
    const row = random([1, 784]);
    return again(async () => Number((await net.predict(row)).data[0]));
  },
  predictor: async () => {
    const { loadPredictor } = await import("@streetlight/core/predict");
    const predictor = loadPredictor(exportPredictor(digits()));
    const row = [Array.from(random([784]).data)];
    return again(() => Number((predictor.predict(row) as number[][])[0]![0]));
  },
  record: () => again(async () => (await recorded(100)).batches),
  seek: async () => {
    const trace = await recorded(3000);
    const places = new RandomState(2).randint(0, trace.batches, [997]).data;
    let next = 0;
    return again(() => {
      trace.seek(trace.placeOf(places[next++ % places.length]!));
      trace.forward("step");
      return Number(trace.back("step"));
    });
  },
  "trace file": async () => {
    const trace = await recorded(100);
    return again(() => loadTrace(saveTrace(trace)).batches);
  },
  checkpoint: async () => {
    const net = small();
    await net.fit(
      { inputs: random([64, 20]), targets: hot(64, 10) },
      { loss: meanOf(categoricalCrossEntropy), optimizer: adam(0.01), epochs: 1, batch: 32 },
    );
    const other = small();
    return again(() => {
      loadCheckpoint(other, saveCheckpoint(net));
      return 0;
    });
  },
  weights: () => {
    const net = digits();
    const other = digits();
    return again(() => {
      loadWeights(other, saveWeights(net));
      return 0;
    });
  },
  random: () => {
    const state = new RandomState(1);
    const draw = () => (state.random([10_000]) as Block).data[0]! + (state.normal(0, 1) as number);
    return again(() => draw() + state.permutation(1000).data[0]!);
  },
};

/** Work that is the same each time, and of which one number comes. */
function again(once: () => number | Promise<number>): Job {
  let last = 0;
  return {
    reset: () => {},
    run: async (times) => {
      for (let time = 0; time < times; time++) {
        const given = once();
        last = typeof given === "number" ? given : await given;
      }
      return last;
    },
    result: () => [[last]],
    close: () => {},
  };
}

/** A training's program of 113 steps or so. */
function deepTrainer(activation: typeof relu) {
  const layers: Layer[] = [];
  for (const units of [24, 20, 16, 12]) layers.push(dense(units, { activation, dropout: 0.1 }), batchNorm());
  const net = network(20, [...layers, dense(10)], { precision: "float32" });
  return net.trainer({ loss: meanOf(categoricalCrossEntropy), optimizer: adam(0.01), metrics: [lossValue] });
}

function small(): Network {
  const layers = [dense(32, { activation: relu, dropout: 0.2 }), batchNorm(), dense(10)];
  return network(20, layers, { seed: 1, engine: "wasm" });
}

function digits(): Network {
  return network(784, [dense(128, { activation: relu }), dense(10)], {
    precision: "float32",
    seed: 1,
    engine: "wasm",
  });
}

/** The chapter's training as a trace. */
function recorded(epochs: number) {
  const data: Examples = {
    inputs: [
      [1, 0, 1],
      [0, 1, 1],
      [0, 0, 1],
      [1, 1, 1],
    ],
    targets: [[1], [1], [0], [0]],
  };
  const net = network(3, [dense(4, { activation: relu, bias: false }), dense(1, { bias: false })], {
    seed: 1,
    initialize: uniform(-1, 1),
  });
  return net.trace(data, { loss: halfSquaredError, optimizer: sgd(0.2), epochs });
}

function random(shape: number[]): Block {
  return new RandomState(1).random(shape) as Block;
}

/** Rows with a one each, in turn. */
function hot(rows: number, classes: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: classes }, (_, k) => Number(row % classes === k)),
  );
}
