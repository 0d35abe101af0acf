/** `random()` as NumPy's `np.random.seed(seed); np.random.random()`: MT19937, Matsumoto and Nishimura 1998. */
export function twister(seed: number | readonly number[]): string {
  const seeding = typeof seed === "number" ? `seedBy(${seed});` : `seedByList([${seed.join(", ")}]);`;
  const list = typeof seed === "number" ? "" : `\n${listSeeding}\n`;
  return `${generator}\n${list}\n${seeding}`;
}

const generator = `const twister = new Uint32Array(624);
let twisterPosition = 624;

function seedBy(seed: number): void {
  twister[0] = seed;
  for (let k = 1; k < 624; k++) twister[k] = Math.imul(1812433253, twister[k - 1]! ^ (twister[k - 1]! >>> 30)) + k;
}

function twisterWord(): number {
  if (twisterPosition === 624) {
    for (let k = 0; k < 624; k++) {
      const y = (twister[k]! & 0x80000000) | (twister[(k + 1) % 624]! & 0x7fffffff);
      twister[k] = twister[(k + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    twisterPosition = 0;
  }
  let y = twister[twisterPosition++]!;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}

/** 53 random bits, from 0 up to but not including 1. */
function random(): number {
  const high = twisterWord() >>> 5;
  return (high * 67108864 + (twisterWord() >>> 6)) / 9007199254740992;
}`;

const listSeeding = `function seedByList(seed: number[]): void {
  seedBy(19650218);
  let i = 1;
  const turn = (k: number): void => {
    if (k < 624) return;
    twister[0] = twister[623]!;
    i = 1;
  };
  for (let k = 0, j = 0; k < Math.max(624, seed.length); k++, j = (j + 1) % seed.length) {
    twister[i] = (twister[i]! ^ Math.imul(twister[i - 1]! ^ (twister[i - 1]! >>> 30), 1664525)) + seed[j]! + j;
    turn(++i);
  }
  for (let k = 0; k < 623; k++) {
    twister[i] = (twister[i]! ^ Math.imul(twister[i - 1]! ^ (twister[i - 1]! >>> 30), 1566083941)) - i;
    turn(++i);
  }
  twister[0] = 0x80000000;
}`;
