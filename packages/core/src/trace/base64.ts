const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map([...alphabet].map((letter, value) => [letter, value]));

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
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let next = 0;
  for (let at = 0; at < text.length; at += 4) {
    const word = [0, 1, 2, 3].reduce((sum, k) => (sum << 6) | (values.get(text[at + k]!) ?? 0), 0);
    for (const shift of [16, 8, 0]) if (next < bytes.length) bytes[next++] = (word >> shift) & 255;
  }
  return bytes;
}
