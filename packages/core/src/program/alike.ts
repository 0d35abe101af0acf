/** What a function was made of, so that two that a library function has made of the same count as alike. */
const parts = new WeakMap<object, readonly unknown[]>();

/** Notes what a function was made of: all that what it does depends on, and the name of its maker. Returns the function. */
export function madeOf<Made extends object>(made: Made, ...of: readonly [maker: string, ...unknown[]]): Made {
  parts.set(made, of);
  return made;
}

/** So deep lists and objects lie within each other in a program's data; a circle of a user's has no end. */
const deepest = 6;

/**
 * Whether two values do the same wherever they are used: primitives of the same bits, lists and plain objects of such, functions
 * made of such. False where that is not known, as of two functions that a user wrote.
 */
export function isAlike(left: unknown, right: unknown, depth = deepest): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left === "function" && typeof right === "function") {
    const [of, by] = [parts.get(left), parts.get(right)];
    return of !== undefined && by !== undefined && isAlike(of, by);
  }
  if (depth === 0 || !isPlain(left) || !isPlain(right) || Array.isArray(left) !== Array.isArray(right))
    return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isAlike(left[name], right[name], depth - 1))
  );
}

/** An object that has nothing but its fields. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}
