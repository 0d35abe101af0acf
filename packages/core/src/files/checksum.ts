/**
 * 64 bits of a text as 16 hexadecimal digits: FNV-1a over its UTF-16 units, twice, with two primes. Each unit permutes what comes
 * before it, so two texts that differ in one unit never have the same; others do but once in 2^64.
 */
export function checksum(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    first ^= first >>> 15;
    second = Math.imul(second ^ unit, 0x85ebca6b);
    second ^= second >>> 13;
  }
  return [first, second].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
