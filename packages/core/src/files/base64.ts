const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** The value of each letter by its code; 64 is none. */
const values = /* @__PURE__ */ valuesOf();

function valuesOf(): Uint8Array {
  const found = new Uint8Array(128).fill(64);
  for (let value = 0; value < 64; value++) found[alphabet.charCodeAt(value)] = value;
  return found;
}

/** Bytes as text, RFC 4648; JavaScript has no function for it that every host shares. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second, third] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const word = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    parts.push(
      alphabet[word >> 18]!,
      alphabet[(word >> 12) & 63]!,
      second === undefined ? "=" : alphabet[(word >> 6) & 63]!,
      third === undefined ? "=" : alphabet[word & 63]!,
    );
  }
  return parts.join("");
}

/** The bytes of such a text; undefined if it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.slice(0, text.length - padding) + "A".repeat(padding);
  const bytes = new Uint8Array((letters.length / 4) * 3);
  for (let at = 0, next = 0; at < letters.length; at += 4, next += 3) {
    const word = wordAt(letters, at);
    if (word < 0) return undefined;
    bytes[next] = word >> 16;
    bytes[next + 1] = word >> 8;
    bytes[next + 2] = word;
  }
  return bytes.subarray(0, bytes.length - padding);
}

/** Three bytes from four letters; −1 if one is none of the alphabet. */
function wordAt(text: string, at: number): number {
  const first = values[text.charCodeAt(at)] ?? 64;
  const second = values[text.charCodeAt(at + 1)] ?? 64;
  const third = values[text.charCodeAt(at + 2)] ?? 64;
  const fourth = values[text.charCodeAt(at + 3)] ?? 64;
  if ((first | second | third | fourth) > 63) return -1;
  return (first << 18) | (second << 12) | (third << 6) | fourth;
}
