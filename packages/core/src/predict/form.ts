/** No op's expression is nearly as long. A longer one might be nested too deep to be read. */
const longestExpression = 1000;

export function isExpression(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestExpression;
}

export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
