/** JSON as ASCII: what is beyond it is escaped, which JSON allows, so no encoder is needed. */
export function asciiOf(json: string): Uint8Array {
  const escaped = json.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Uint8Array.from(escaped, (letter) => letter.charCodeAt(0));
}

/** How many units become text at once: a call takes no more arguments on every host. */
const units = 8192;

/** The smallest code point that takes so many further bytes: a smaller one has a shorter form, which alone is allowed. */
const least = [0, 0x80, 0x800, 0x10000];

/** Decodes UTF-8 (RFC 3629), which not every JavaScript host has a function for. Undefined where it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  const part = new Uint16Array(units);
  let filled = 0;
  for (let at = 0; at < bytes.length; ) {
    if (filled > units - 2) {
      parts.push(joined(part, filled));
      filled = 0;
    }
    const first = bytes[at++]!;
    if (first < 0x80) {
      part[filled++] = first;
      continue;
    }
    const more = first < 0xc0 || first > 0xf7 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more === 0 || at + more > bytes.length) return undefined;
    let point = first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const byte = bytes[at++]!;
      if ((byte & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (byte & 0x3f);
    }
    if (point < least[more]! || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    if (point < 0x10000) part[filled++] = point;
    else {
      part[filled++] = 0xd800 + ((point - 0x10000) >> 10);
      part[filled++] = 0xdc00 + (point & 0x3ff);
    }
  }
  parts.push(joined(part, filled));
  return parts.join("");
}

/** `apply` takes a typed array as it is, where spreading would go through an iterator, ten times as slow. */
function joined(part: Uint16Array, filled: number): string {
  return String.fromCharCode.apply(null, part.subarray(0, filled) as unknown as number[]);
}
