import { describe, expect, test } from "vitest";
import * as c from "../../src/index.ts";
import { print } from "../../src/program/print/index.ts";
import { deeply } from "./kinds.ts";

const options = { loss: c.halfSquaredError, optimizer: c.momentum(0.01), epochs: 2, shuffle: true };
const data = {
  inputs: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  targets: [1, 2, 3],
};
const made = () => c.network(2, [c.dense(3, { activation: c.tanh }), c.dense(1)], { seed: 3 });

type Wrap = <Value extends object>(value: Value) => Value;

/** What is done with the library's objects, each of them handed on through `wrap`; gives numbers and texts. */
const uses: Readonly<Record<string, (wrap: Wrap) => unknown>> = {
  network: async (wrap) => {
    const net = wrap(made());
    const reports: unknown[] = [];
    for await (const epoch of net.train(wrap(data), options)) reports.push(epoch);
    reports.push(await net.fit(wrap(data), options));
    net.write("bias_2", [7]);
    const { inputs, outputs, prediction, weightNames, plan, input } = net;
    const predicted = (await net.predict(wrap(data.inputs))).toArray();
    return [reports, predicted, { inputs, outputs, prediction, plan, input: input.name }, [...weightNames]];
  },
  files: (wrap) => {
    const net = wrap(made());
    c.loadWeights(net, c.saveWeights(net));
    c.loadCheckpoint(net, c.saveCheckpoint(net));
    return [c.saveCheckpoint(net), c.exportPredictor(net), [...c.saveWeights(net)]];
  },
  program: (wrap) => {
    const program = wrap(made().trainer(options));
    return [`${program}`, print(program, "numpy"), program.outputs, program.phases, program.has("layer_1")];
  },
  builder: (wrap) => {
    const b = wrap(new c.ProgramBuilder("predict"));
    b.name("layer_1", b.ops.relu(b.input("layer_0", ["batch", 2])));
    return `${b.build()}`;
  },
  session: async (wrap) => {
    const session = wrap(await c.openSession(wrap(made().trainer(options)), { seed: 1 }));
    session.load({ layer_0: data.inputs, goal: [[1], [2], [3]] });
    const epochs = session.fit({ epochs: 2 });
    const read = session.read("weights_0_1").toArray();
    session.close();
    return [epochs, read];
  },
  trace: async (wrap) => {
    const trace = wrap(await wrap(made()).trace(data, options));
    trace.back("epoch");
    return [{ ...trace.position }, trace.read("weights_0_1")?.toArray(), { ...trace.cost }];
  },
  checks: async (wrap) => `${wrap(await c.checkGradients(wrap(made()), data, { loss: c.halfSquaredError }))}`,
  RandomState: (wrap) => {
    const random = wrap(new c.RandomState(4));
    random.setState(random.getState());
    return [random.random(), random.randn(2).toArray(), random.permutation(4).toArray()];
  },
  arrays: (wrap) => {
    const array = wrap(c.array([[1, 2]]));
    return [array.at(0, 1), array.sum(), `${array}`, array.T.toArray(), c.array(array).add(array).toArray()];
  },
};

describe.each(Object.entries(uses))("%s", (_, use) => {
  test("does behind a Proxy what it does by itself", async () => {
    const right = await use((value) => value);
    expect(await use((value) => new Proxy(value, {}))).toEqual(right);
  });

  test("and where each object that is read comes behind a Proxy", async () => {
    const right = await use((value) => value);
    expect(await use(deeply)).toEqual(right);
  });
});

test("a method that is called without its object says so", () => {
  const { predict } = made();
  expect(() => predict([1, 2])).toThrow("predict was called without its object: call it as a method");
});

test("a class that extends a network keeps its own methods behind a Proxy", () => {
  class Named extends c.Network {
    override get inputs(): number {
      return 100 * super.inputs;
    }
  }
  const net = new Proxy(new Named(2, [c.dense(1)], {}), {});
  expect(net.inputs).toBe(200);
  expect(net).toBeInstanceOf(c.Network);
});
