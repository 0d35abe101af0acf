/** Whole numbers below a bound, from a seed: what a failure names is found again by it. */
export type Draw = (below: number) => number;

export function drawer(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Path = readonly string[];

/** JSON as it stands in a text: what `JSON.stringify` would not write. */
const raw = (text: string) => ({ raw: text });

const repeated = (text: string, most: number, draw: Draw) => text.repeat(10 ** draw(Math.log10(most) + 1));

/** Values that somebody may put where a reader expects another. */
const hostile: readonly ((draw: Draw) => unknown)[] = [
  (draw) => {
    const depth = [10, 60, 100, 20_000][draw(4)]!;
    return raw("[".repeat(depth) + "]".repeat(depth));
  },
  (draw) => raw(`${'{"a":'.repeat(draw(5000))}1${"}".repeat(draw(5000))}`),
  (draw) => raw(["1e999", "-1e999", "-0", "1e308", "5e-324", "9007199254740993", "0.1"][draw(7)]!),
  (draw) => 2 ** draw(64) + draw(3) - 1,
  (draw) => -draw(5),
  (draw) => draw(50) / 2,
  (draw) => repeated("x", 1e6, draw),
  (draw) => repeated("(", 1e5, draw),
  (draw) => `${repeated("- ", 1e3, draw)}x`,
  (draw) => `${repeated("x + ", 1e2, draw)}x`,
  (draw) => repeated("\n", 1e5, draw),
  (draw) => repeated("é", 1e5, draw),
  (draw) =>
    ["", "batch", "full", "__proto__", "constructor", "\ud800", "\0", "x", "exp(x)", "uint8"][draw(10)],
  (draw) => [null, true, false, [], {}, [[]], { shape: [] }][draw(7)],
  (draw) => new Array(10 ** draw(6)).fill(draw(2)),
  (draw) => new Array(10 ** draw(3)).fill([1]),
  (draw) => new Array(draw(40)).fill(2 ** draw(50)),
  (draw) => Object.fromEntries(Array.from({ length: 10 ** draw(5) }, (_, k) => [`n${k}`, k])),
  () => raw('{"__proto__":1,"constructor":2,"toString":null}'),
  (draw) => ({ shape: [2 ** draw(30), 2 ** draw(30)], numbers: "" }),
  (draw) => ({ kernel: "spreadRows", sizes: { n: 2 ** draw(40) }, reads: ["layer_0"], writes: "spread" }),
];

/** Places in a value; of a long list, such as a generator's words, the first items. */
function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).slice(0, Array.isArray(value) && value.length > 40 ? 3 : undefined);
  return [at, ...inner.flatMap(([key, item]) => places(item, [...at, key]))];
}

type Holder = Record<string, unknown>;
const find = (value: unknown, path: Path) => path.reduce((at, key) => (at as Holder)[key], value);

/** Another record: values replaced, removed, copied, swapped, repeated or grown. */
function tamperedValue(value: unknown, draw: Draw): void {
  const all = places(value).filter((path) => path.length > 0);
  const path = all[draw(all.length)]!;
  const other = all[draw(all.length)]!;
  const holder = find(value, path.slice(0, -1)) as Holder;
  const key = path[path.length - 1]!;
  switch (draw(7)) {
    case 0:
    case 1:
      holder[key] = hostile[draw(hostile.length)]!(draw);
      break;
    case 2:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 3:
      holder[key] = structuredClone(find(value, other));
      break;
    case 4: {
      const there = find(value, other.slice(0, -1)) as Holder;
      const kept = [structuredClone(holder[key]), structuredClone(there[other[other.length - 1]!])];
      [there[other[other.length - 1]!], holder[key]] = kept;
      break;
    }
    case 5: {
      const inner = holder[key];
      if (typeof inner === "number") holder[key] = inner * 2 ** draw(40);
      else if (typeof inner === "string") holder[key] = inner.repeat(1 + draw(20));
      else if (Array.isArray(inner))
        for (let k = draw(2000); k > 0; k--) inner.push(structuredClone(inner[0]));
      break;
    }
    default:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, hostile[draw(hostile.length)]!(draw));
      else holder[`${key}${draw(2)}`] = hostile[draw(hostile.length)]!(draw);
  }
}

/** JSON of a value in which a mark stands for a text that `JSON.stringify` would not write. */
function written(value: unknown): string {
  const texts: string[] = [];
  const json = JSON.stringify(value, (_, inner) => {
    if (typeof inner?.raw !== "string") return inner;
    texts.push(inner.raw);
    return `\u0001${texts.length - 1}\u0001`;
  });
  return json.replaceAll(/"\\u0001(\d+)\\u0001"/g, (_, k) => texts[Number(k)]!);
}

/** A record's member, written once more before itself. */
function doubled(json: string, draw: Draw): string {
  const members = [...json.matchAll(/"\w+":(?:\d+|"[^"]*"|\[[^[\]{}]*\])/g)];
  const member = members[draw(members.length)];
  return member === undefined
    ? json
    : `${json.slice(0, member.index)}${member[0]},${json.slice(member.index)}`;
}

/** Another text: letters changed, cut, repeated, or added. */
function tamperedText(text: string, draw: Draw): string {
  const [from, to] = [draw(text.length + 1), draw(text.length + 1)].sort((a, b) => a - b) as [number, number];
  switch (draw(7)) {
    case 0:
    case 1:
      return text.slice(0, from) + String.fromCharCode(draw(draw(2) ? 128 : 65536)) + text.slice(from + 1);
    case 2:
      return text.slice(0, from);
    case 3:
      return text.slice(0, from) + text.slice(to);
    case 4:
      return text.slice(0, to) + text.slice(from);
    case 5:
      return ["\ufeff", "\0", " ", "[", "é"][draw(5)] + text;
    default:
      return text + ["\0", "}", " ", "null", text][draw(5)]!;
  }
}

/** A text that is nearly `json`. `sealed` gives a record its checksum anew. */
export function mutatedJson(json: string, draw: Draw, sealed?: (record: object) => object): string {
  if (draw(4) === 0) return tamperedText(json, draw);
  if (draw(8) === 0) return doubled(json, draw);
  const value = JSON.parse(json);
  for (let k = draw(3); k >= 0; k--) tamperedValue(value, draw);
  return written(sealed && draw(3) > 0 ? sealed(value) : value);
}

/** Bytes that are nearly a safetensors file. */
export function mutatedBytes(file: Uint8Array, draw: Draw): Uint8Array {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  if (draw(2) === 0) {
    const header = Buffer.from(mutatedJson(Buffer.from(file.subarray(8, 8 + length)).toString(), draw));
    const made = Buffer.concat([new Uint8Array(8), header, file.subarray(8 + length)]);
    made.writeUInt32LE(header.length, 0);
    return made;
  }
  const made = file.slice(0, draw(4) === 0 ? draw(file.length) : file.length);
  for (let k = draw(4); k >= 0 && made.length > 0; k--) made[draw(made.length)] = draw(256);
  return made;
}
