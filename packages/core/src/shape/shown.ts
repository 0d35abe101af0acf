/** A value as an error shows it, in at most 60 characters; never throws, and looks at no more than the first parts of a large one. */
export function shown(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (ArrayBuffer.isView(value)) return `a ${(value as Uint8Array)[Symbol.toStringTag]}`;
  let left = 40;
  try {
    const text = JSON.stringify(value, (_, part: unknown) => {
      if (left-- === 0) throw value;
      return part;
    });
    return (text ?? String(value)).replace(/^(.{57}).{4,}$/s, "$1...");
  } catch {
    return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  }
}
