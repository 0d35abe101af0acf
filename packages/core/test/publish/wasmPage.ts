import { dense, type Engine, halfSquaredError, network, relu, sgd } from "../../src/index.ts";

/** What a training in a browser tells. */
export interface Trained {
  readonly plan: string;
  /** As hexadecimal digits, eight to a number. */
  readonly weights: string;
}

/** A training large enough for threads to share. The function is also run in a browser, so it names nothing but its parameters. */
export async function train(
  engine: Pick<Engine, "open">,
  threads: number,
  made = { dense, halfSquaredError, network, relu, sgd },
): Promise<Trained> {
  const net = made.network(31, [made.dense(67, { activation: made.relu }), made.dense(5)], {
    precision: "float32",
  });
  const learning = { loss: made.halfSquaredError, optimizer: made.sgd(0.001) };
  const session = engine.open(net.trainer(learning), { capacity: 64, seed: 1, threads });
  await session.ready;
  const numbers = (rows: number, columns: number) =>
    Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => Math.fround(Math.sqrt(i * columns + j) % 1)),
    );
  session.load({ layer_0: numbers(150, 31), goal: numbers(150, 5) });
  session.fit({ epochs: 3, batch: 64 });
  const { data } = session.read("weights_0_1");
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  const weights = Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
  const plan = session.plan();
  session.close();
  return { plan, weights };
}

/** A page, and a worker that it starts, which both train in WASM with two threads if they may. */
export const wasmPage: Readonly<Record<string, string>> = {
  "index.html": '<!doctype html><title>Streetlight</title><script type="module" src="./page.js"></script>',
  "program.js": `
    import { dense, halfSquaredError, network, openSession, relu, sgd } from "@streetlight/core";
    import { wasmEngine } from "@streetlight/core/wasm";
    const contract = { precisions: ["float64", "float32"], sums: "as written", unitsInTheLastPlace: 0 };
    const train = ${train.toString()};
    export const trained = () =>
      train(wasmEngine({ name: "wasm", contract }), 2, { dense, halfSquaredError, network, relu, sgd });`,
  "page.js": `
    import { trained } from "./program.js";
    const page = await trained();
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => { globalThis.printed = { page, worker: data }; };
    worker.onerror = ({ message }) => { globalThis.printed = { page, worker: { plan: message } }; };`,
  "worker.js": `
    import { trained } from "./program.js";
    postMessage(await trained());`,
};
