import fc from "fast-check";
import { expect, test } from "vitest";
import { array } from "../../src/array/create.ts";
import { FileError } from "../../src/files/stored.ts";
import { relu } from "../../src/layers/activations.ts";
import { dense } from "../../src/layers/dense.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/network/checkpoint.ts";
import { network } from "../../src/network/network.ts";
import { readSafetensors, writeSafetensors } from "../../src/network/safetensors.ts";
import { loadWeights, saveWeights } from "../../src/network/weights.ts";
import { block, type Dtype } from "../../src/shape/block.ts";
import { sealed } from "../files/sealed.ts";
import { runPython } from "../oracle/python.ts";
import { data, learning, small, weightsOf } from "./nets.ts";

test("a restored training ends with the bits of one that never stopped", async () => {
  for (const precision of ["float64", "float32"] as const) {
    const options = { ...learning, batch: 2, shuffle: true };
    const whole = small({ precision });
    await whole.fit(data, { ...options, epochs: 9 });
    const first = small({ precision });
    await first.fit(data, { ...options, epochs: 4 });
    const second = small({ precision });
    loadCheckpoint(second, saveCheckpoint(first));
    const epochs = await second.fit(data, { ...options, epochs: 5 });
    expect(epochs.map((epoch) => epoch.number)).toEqual([5, 6, 7, 8, 9]);
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    expect(saveCheckpoint(second)).toBe(saveCheckpoint(whole));
  }
});

test("a checkpoint that does not belong here is refused and changes nothing", () => {
  const net = small();
  const before = saveCheckpoint(net);
  const other = network(3, [dense(5, { activation: relu }), dense(1)], { seed: 1 });
  const altered = (change: (file: Record<string, unknown>) => void): string => {
    const file = JSON.parse(before);
    change(file);
    return sealed(file);
  };
  const numbers = (file: Record<string, unknown>, part: "weights" | "states") =>
    file[part] as Record<string, unknown>;
  const refused: [string, string][] = [
    ["", "not a checkpoint"],
    ["{}", 'not a checkpoint: "format" must be "streetlight-checkpoint"'],
    [
      altered((file) => {
        file.version = 9;
      }),
      "checkpoint version 9 is not known here",
    ],
    [saveCheckpoint(other), "this checkpoint is of another network"],
    [
      altered((file) => {
        file.epochs = -1;
      }),
      '"epochs" must be a whole number from 0 to 2147483647',
    ],
    [
      altered((file) => {
        file.epochs = 2 ** 50;
      }),
      '"epochs" must be a whole number from 0 to 2147483647',
    ],
    [
      altered((file) => {
        numbers(file, "states").bias_2 = numbers(file, "weights").bias_1;
      }),
      "states.bias_2: bias_2 is no state of this network",
    ],
    [
      altered((file) => {
        numbers(file, "states").layer_1 = numbers(file, "weights").bias_1;
      }),
      "states.layer_1: layer_1 is no state of this network",
    ],
    [
      altered((file) => {
        numbers(file, "weights").bias_3 = numbers(file, "weights").bias_2;
      }),
      "the checkpoint has weights.bias_3, which this network does not have",
    ],
    [
      saveCheckpoint(small({ chance: "book" })),
      'this checkpoint is of a network with chance: "book": make yours so',
    ],
    [
      saveCheckpoint(small({ seed: [1] })),
      "this checkpoint is of a network with the seed [1], but this one has 1: make it with { seed: [1] }",
    ],
    [
      altered((file) => {
        file.weights = {};
      }),
      'weights.weights_0_1: "shape" must be a list of sizes',
    ],
    [
      altered((file) => {
        file.shuffler = { key: [] };
      }),
      '"shuffler" is no state of a generator',
    ],
  ];
  for (const [text, message] of refused) {
    expect(() => loadCheckpoint(net, text)).toThrow(FileError);
    expect(() => loadCheckpoint(net, text)).toThrow(message);
  }
  expect(saveCheckpoint(net)).toBe(before);
});

test("a checkpoint whose content is not what its checksum is of is refused, and one of a version that has none loads", () => {
  const net = small();
  const saved = saveCheckpoint(net);
  const { checksum, ...content } = JSON.parse(saved);
  const swapped = { ...content, weights: { ...content.weights, bias_1: content.weights.bias_1 } };
  swapped.weights.bias_1 = { shape: [4], numbers: content.weights.bias_1.numbers.replace("A", "B") };
  const other = { ...swapped, checksum };
  for (const text of [
    JSON.stringify(other),
    JSON.stringify(content),
    saved.replace('"epochs":0', '"epochs":1'),
  ]) {
    expect(() => loadCheckpoint(net, text)).toThrow(FileError);
    expect(() => loadCheckpoint(net, text)).toThrow("its checksum is of another content");
  }
  expect(() => loadCheckpoint(net, saved.replace('"version":2', '"version":1'))).toThrow(
    'the checkpoint has the unknown field "checksum" for its version',
  );
  expect(saveCheckpoint(net)).toBe(saved);
  loadCheckpoint(net, JSON.stringify(JSON.parse(saved), null, 2));
  loadCheckpoint(net, JSON.stringify({ ...content, version: 1 }));
  expect(saveCheckpoint(net)).toBe(saved);
});

test("a checkpoint that was written before seeds were held loads", async () => {
  const net = small();
  await net.fit(data, { ...learning, epochs: 2 });
  const { seed, checksum: _, ...old } = JSON.parse(saveCheckpoint(net));
  expect(seed).toBe(1);
  old.version = 1;
  const second = small();
  loadCheckpoint(second, JSON.stringify(old));
  expect(saveCheckpoint(second)).toBe(saveCheckpoint(net));
});

test("weights go to a safetensors file, which plain Python reads, and come back to the bit", async () => {
  const net = small();
  await net.fit(data, { ...learning, epochs: 3 });
  const file = saveWeights(net);
  const read = JSON.parse(
    runPython(
      `
import base64, json, struct, sys
file = base64.b64decode(json.load(sys.stdin))
(length,) = struct.unpack('<Q', file[:8])
assert length % 8 == 0
header = json.loads(file[8:8 + length])
header.pop('__metadata__')
out = {}
for name, entry in header.items():
    start, end = entry['data_offsets']
    assert entry['dtype'] == 'F64'
    numbers = struct.unpack('<%dd' % ((end - start) // 8), file[8 + length + start:8 + length + end])
    out[name] = {'shape': entry['shape'], 'numbers': [x.hex() for x in numbers]}
print(json.dumps({'arrays': out, 'hex': {k: [float.fromhex(h) for h in v['numbers']] for k, v in out.items()}}))
`,
      Buffer.from(file).toString("base64"),
    ),
  );
  for (const name of net.weightNames) {
    expect(read.arrays[name].shape).toEqual(net.read(name).shape);
    expect(read.hex[name]).toEqual([...net.read(name).toTyped()]);
  }
  const other = small({ seed: 2 });
  loadWeights(other, file);
  expect(weightsOf(other)).toEqual(weightsOf(net));
});

test("arrays of every type survive a safetensors file, NaN and -0 among them", () => {
  const dtypes = fc.constantFrom<Dtype>("float64", "float32", "int32", "uint8", "bool");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ minLength: 1 }), dtypes, fc.array(fc.double(), { maxLength: 9 })), {
        maxLength: 4,
      }),
      (list) => {
        const arrays = new Map(
          list
            .filter(([name]) => name !== "__metadata__")
            .map(([name, dtype, numbers]) => {
              const made = block(dtype, [numbers.length]);
              made.data.set(dtype === "bool" ? numbers.map((value) => Number(value > 0)) : numbers);
              return [name, made] as const;
            }),
        );
        const back = readSafetensors(writeSafetensors(arrays));
        expect([...back.keys()].sort()).toEqual([...arrays.keys()].sort());
        for (const [name, { data: numbers, dtype }] of arrays) {
          expect(back.get(name)!.dtype).toBe(dtype);
          expect(back.get(name)!.data).toEqual(numbers);
        }
      },
    ),
  );
});

/** A safetensors file with this header and so many bytes of 0. */
function fileOf(header: string, bytes: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + bytes);
  file[0] = header.length;
  file.set(new TextEncoder().encode(header), 8);
  return file;
}

test("a view is written as it reads, row after row", () => {
  const matrix = array([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  for (const view of [matrix.T, matrix.slice([1, 3]), matrix.slice([0, 3, 2]).T]) {
    const { shape, data: numbers } = readSafetensors(writeSafetensors(new Map([["w", view]]))).get("w")!;
    expect(shape).toEqual(view.shape);
    expect([...numbers]).toEqual([...view.flatten().data]);
  }
});

test("each byte belongs to one array, and each name is there once", () => {
  const entry = (from: number) => `{"dtype":"F64","shape":[1],"data_offsets":[${from},${from + 8}]}`;
  const refused: [header: string, bytes: number, message: string][] = [
    [`{"a":${entry(0)},"b":${entry(0)}}`, 16, "b begins at byte 0, but the arrays before it end at 8"],
    [`{"b":${entry(16)},"a":${entry(0)}}`, 24, "b begins at byte 16, but the arrays before it end at 8"],
    [`{"a":${entry(0)}}`, 16, "the arrays cover 8 of 16 bytes"],
    [`{"a":${entry(0)},"a":${entry(0)}}`, 8, '"a" stands twice in one record'],
    [`{"a":${entry(0)},"\\u0061" :${entry(0)}}`, 8, '"a" stands twice in one record'],
    [`{"a":${entry(0).replace("{", '{"dtype":"F32",')}}`, 8, '"dtype" stands twice in one record'],
  ];
  for (const [header, bytes, message] of refused) {
    expect(() => readSafetensors(fileOf(header, bytes)), header).toThrow(FileError);
    expect(() => readSafetensors(fileOf(header, bytes)), header).toThrow(message);
  }
  const quoted = `{"__metadata__":{"a":"\\"a\\":{"},"a":${entry(8)},"b":${entry(0)}}`;
  expect([...readSafetensors(fileOf(quoted, 16)).keys()]).toEqual(["a", "b"]);
  expect(() => writeSafetensors(new Map([["__metadata__", block("float64", [1])]]))).toThrow(RangeError);
});

test("a file is bytes: an ArrayBuffer will do, a string will not", () => {
  const bytes = saveWeights(small());
  const other = small({ seed: 2 });
  loadWeights(other, bytes.slice().buffer as ArrayBuffer);
  expect(weightsOf(other)).toEqual(weightsOf(small()));
  for (const [given, what] of [
    ["weights.safetensors", "string"],
    [[1, 2], "this object"],
    [undefined, "undefined"],
  ] as const)
    expect(() => readSafetensors(given as never)).toThrow(
      new TypeError(`a safetensors file is bytes, a Uint8Array or an ArrayBuffer, not ${what}`),
    );
});

test("a number that float32 does not hold is refused by name", () => {
  const large = small();
  large.write("bias_1", [0, 0, 1e300, 0]);
  const net = small({ precision: "float32" });
  const before = weightsOf(net);
  expect(() => loadWeights(net, saveWeights(large))).toThrow(
    new FileError("bias_1[2] is 1e+300 in the file, which is too large for float32"),
  );
  expect(weightsOf(net)).toEqual(before);
});

test("whatever bytes are given, they are read or refused by name", () => {
  const whole = saveWeights(small());
  const flip = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255), length: fc.nat(whole.length) });
  fc.assert(
    fc.property(flip, ({ at, to, length }) => {
      const broken = whole.slice(0, length);
      if (at < broken.length) broken[at] = to;
      try {
        readSafetensors(broken);
      } catch (error) {
        expect(error).toBeInstanceOf(FileError);
      }
    }),
    { numRuns: 500 },
  );
});

test("weights of another network are refused and change nothing", () => {
  const net = small();
  const before = weightsOf(net);
  const wider = network(3, [dense(5, { activation: relu }), dense(1)], { seed: 1 });
  const deeper = network(3, [dense(4, { activation: relu }), dense(1), dense(1)], { seed: 1 });
  const bare = network(3, [dense(4, { activation: relu, bias: false }), dense(1)], { seed: 1 });
  expect(() => loadWeights(net, saveWeights(wider))).toThrow(
    "weights_0_1 is 3 × 4 in this network but 3 × 5 in the file",
  );
  expect(() => loadWeights(net, saveWeights(deeper))).toThrow(
    "the file has weights_2_3, which this network does not have",
  );
  expect(() => loadWeights(net, saveWeights(bare))).toThrow("the file has no bias_1");
  expect(() => loadWeights(net, new Uint8Array(4))).toThrow("it is shorter than 8 bytes");
  expect(weightsOf(net)).toEqual(before);
});
