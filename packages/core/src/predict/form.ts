/** No op's expression is nearly as long. A longer one might be nested too deep to be read. */
const longestExpression = 1000;

/** No function has nearly as many steps, and no op as many operands. */
const longestList = 256;

/** Errors name arrays. */
const longestName = 200;

export function isExpression(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestExpression;
}

export function isShortList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= longestList;
}

export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= longestName;
}

export function isNames(value: unknown): value is readonly string[] {
  return isShortList(value) && value.every((name) => typeof name === "string");
}
