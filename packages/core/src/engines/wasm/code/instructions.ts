import { type Code, constantOf, signed, unsigned } from "./code.ts";

const bits = new DataView(new ArrayBuffer(8));

/** The eight bytes of a double, lowest first. */
function doubleBytes(value: number): number[] {
  bits.setFloat64(0, value, true);
  return [...new Uint8Array(bits.buffer)];
}

function floatBytes(value: number): number[] {
  bits.setFloat32(0, value, true);
  return [...new Uint8Array(bits.buffer, 0, 4)];
}

type Unary = (operand: Code) => Code;
type Binary = (left: Code, right: Code) => Code;

const unary =
  (...opcode: number[]): Unary =>
  (operand) => [operand, opcode];
const binary =
  (...opcode: number[]): Binary =>
  (left, right) => [left, right, opcode];
/** Of constants it is a constant. */
const folded =
  (compute: (left: number, right: number) => number, opcode: number): Binary =>
  (left, right) => {
    const [l, r] = [constantOf(left), constantOf(right)];
    return l === undefined || r === undefined ? [left, right, opcode] : i32.const(compute(l, r));
  };
/** An opcode of the SIMD extension. */
const vector = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
/** A constant whose 16 bytes follow. */
const splatted = vector(0x0c);

/** Reads at `address + offset`. Alignment is only a hint and is left at one byte. */
type Load = (address: Code, offset?: number) => Code;
type Store = (address: Code, value: Code, offset?: number) => Code;
const load =
  (...opcode: number[]): Load =>
  (address, offset = 0) => [address, opcode, 0, unsigned(offset)];
const store =
  (bytes: number, opcode: number): Store =>
  (address, value, offset = 0) => [
    {
      code: [address, value, opcode, 0, unsigned(offset)],
      touches: { kind: "write", bytes, address, offset },
    },
  ];
/** Those of vectors say what they touch. */
const vectorLoad = (kind: "load" | "splat", bytes: number, opcode: number): Load => {
  const plain = load(...vector(opcode));
  return (address, offset = 0) => [
    { code: plain(address, offset), touches: { kind, bytes, address, offset } },
  ];
};
const vectorStore = (
  bytes: number,
  address: Code,
  offset: number,
  value: Code,
  of: (value: Code) => Code,
): Code => [{ code: of(value), touches: { kind: "store", bytes, address, offset, value, of } }];
const loadLane =
  (opcode: number) =>
  (address: Code, into: Code, lane: number, offset = 0): Code => [
    address,
    into,
    vector(opcode),
    0,
    unsigned(offset),
    lane,
  ];
const storeFirst =
  (bytes: number, opcode: number): Store =>
  (address, value, offset = 0) =>
    vectorStore(bytes, address, offset, value, (each) => [
      address,
      each,
      vector(opcode),
      0,
      unsigned(offset),
      0,
    ]);

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: folded((left, right) => left + right, 0x6a),
  sub: folded((left, right) => left - right, 0x6b),
  mul: folded(Math.imul, 0x6c),
  divU: binary(0x6e),
  remU: binary(0x70),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrU: folded((left, right) => left >>> right, 0x76),
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  lt: binary(0x48),
  ltU: binary(0x49),
  gt: binary(0x4a),
  ge: binary(0x4e),
  geU: binary(0x4f),
  load: load(0x28),
  load8: load(0x2d),
  store: store(4, 0x36),
  store8: store(1, 0x3a),
} as const;

export const f32 = {
  load: load(0x2a),
} as const;

export const f64 = {
  const: (value: number): Code => [0x44, doubleBytes(value)],
  load: load(0x2b),
  store: store(8, 0x39),
  add: binary(0xa0),
  promote: unary(0xbb),
  convert: unary(0xb7),
  eq: binary(0x61),
  le: binary(0x65),
} as const;

export const v128 = {
  load: vectorLoad("load", 16, 0x00),
  /** Eight bytes into the first lanes; what the others hold is open. */
  load64: vectorLoad("load", 8, 0x5d),
  load32: vectorLoad("load", 4, 0x5c),
  load32Splat: vectorLoad("splat", 4, 0x09),
  load64Splat: vectorLoad("splat", 8, 0x0a),
  load32Lane: loadLane(0x56),
  load64Lane: loadLane(0x57),
  store: ((address, value, offset = 0) =>
    vectorStore(16, address, offset, value, (each) => [
      address,
      each,
      vector(0x0b),
      0,
      unsigned(offset),
    ])) as Store,
  /** The first bytes of a vector. */
  store32: storeFirst(4, 0x5a),
  store64: storeFirst(8, 0x5b),
  /** 1 if any bit is 1, else 0. */
  anyTrue: unary(...vector(0x53)),
  and: binary(...vector(0x4e)),
  or: binary(...vector(0x50)),
  /** The bits of `yes` where those of the mask are 1, else those of `no`. */
  select: (yes: Code, no: Code, mask: Code): Code => [yes, no, mask, vector(0x52)],
  shuffle: (left: Code, right: Code, bytes: readonly number[]): Code => [left, right, vector(0x0d), ...bytes],
} as const;

export const i32x4 = {
  splat: unary(...vector(0x11)),
  const: (...lanes: readonly [number, number, number, number]): Code => [
    vector(0x0c),
    ...lanes.flatMap((lane) => [lane & 255, (lane >> 8) & 255, (lane >> 16) & 255, (lane >> 24) & 255]),
  ],
  add: binary(...vector(0xae)),
  mul: binary(...vector(0xb5)),
  xor: binary(...vector(0x51)),
  shrU: (value: Code, by: number): Code => [value, ...i32.const(by), ...vector(0xad)],
  ltU: binary(...vector(0x3a)),
  truncF64x2: unary(...vector(0xfc)),
  extendLow16: unary(...vector(0xa9)),
} as const;

export const i16x8 = {
  /** Eight bytes, each as a whole number of 16 bits. */
  load8: load(...vector(0x02)),
  extendLow8: unary(...vector(0x89)),
} as const;

export const i64x2 = {
  const: (low: number, high: number): Code => {
    const half = [low, high].flatMap((word) => [
      word & 255,
      (word >> 8) & 255,
      (word >> 16) & 255,
      (word >> 24) & 255,
    ]);
    return [splatted, half, half];
  },
  add: binary(...vector(0xce)),
  shl: (value: Code, by: number): Code => [value, ...i32.const(by), ...vector(0xcb)],
  shrU: (value: Code, by: number): Code => [value, ...i32.const(by), ...vector(0xcd)],
  extendLow: unary(...vector(0xc7)),
} as const;

export const f32x4 = {
  const: (value: number): Code => {
    const lane = floatBytes(value);
    return [splatted, lane, lane, lane, lane];
  },
  splat: unary(...vector(0x13)),
  eq: binary(...vector(0x41)),
  ne: binary(...vector(0x42)),
  lt: binary(...vector(0x43)),
  gt: binary(...vector(0x44)),
  le: binary(...vector(0x45)),
  ge: binary(...vector(0x46)),
  floor: unary(...vector(0x68)),
  abs: unary(...vector(0xe0)),
  neg: unary(...vector(0xe1)),
  sqrt: unary(...vector(0xe3)),
  add: binary(...vector(0xe4)),
  sub: binary(...vector(0xe5)),
  mul: binary(...vector(0xe6)),
  div: binary(...vector(0xe7)),
  min: binary(...vector(0xe8)),
  max: binary(...vector(0xe9)),
  /** left · right + addend, rounded once or twice, as the host likes. */
  relaxedMadd: (left: Code, right: Code, addend: Code): Code => [left, right, addend, vector(0x105)],
  demote: unary(...vector(0x5e)),
  extract: (value: Code, lane: number): Code => [value, vector(0x1f), lane],
  convertI32x4: unary(...vector(0xfa)),
} as const;

export const f64x2 = {
  const: (value: number): Code => {
    const lane = doubleBytes(value);
    return [splatted, lane, lane];
  },
  splat: unary(...vector(0x14)),
  eq: binary(...vector(0x47)),
  ne: binary(...vector(0x48)),
  lt: binary(...vector(0x49)),
  gt: binary(...vector(0x4a)),
  le: binary(...vector(0x4b)),
  ge: binary(...vector(0x4c)),
  floor: unary(...vector(0x75)),
  abs: unary(...vector(0xec)),
  neg: unary(...vector(0xed)),
  sqrt: unary(...vector(0xef)),
  add: binary(...vector(0xf0)),
  sub: binary(...vector(0xf1)),
  mul: binary(...vector(0xf2)),
  div: binary(...vector(0xf3)),
  min: binary(...vector(0xf4)),
  max: binary(...vector(0xf5)),
  relaxedMadd: (left: Code, right: Code, addend: Code): Code => [left, right, addend, vector(0x107)],
  /** Two whole numbers of 32 bits, from 0 up. */
  convertLowI32x4: unary(...vector(0xff)),
  /** The two low lanes of float32, exactly. */
  promoteLow: unary(...vector(0x5f)),
  extract: (value: Code, lane: number): Code => [value, vector(0x21), lane],
} as const;

/** Waiting and counting among threads; they act on shared memory. */
export const atomic = {
  load: (address: Code, offset = 0): Code => [address, 0xfe, 0x10, 2, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0xfe, 0x17, 2, unsigned(offset)],
  add: (address: Code, value: Code, offset = 0): Code => [address, value, 0xfe, 0x1e, 2, unsigned(offset)],
  notify: (address: Code, count: Code, offset = 0): Code => [address, count, 0xfe, 0x00, 2, unsigned(offset)],
  /** Sleeps while the word is `expected`, at most so many nanoseconds; leaves 0, 1 or 2 on the stack. */
  wait: (address: Code, expected: Code, nanoseconds: Code, offset = 0): Code => [
    address,
    expected,
    nanoseconds,
    0xfe,
    0x01,
    2,
    unsigned(offset),
  ],
} as const;
