import { count, type Shape } from "../shape/block.ts";
import { type ArrayDeclaration, rowCount } from "./data.ts";
import { checkFields, fail } from "./form.ts";
import { isPlainNumber, shown } from "./parameters.ts";

const initialForms = ["uniform", "normal", "value", "values", "mask", "bits"] as const;

/** Checks how the numbers of an array start. Throws `ProgramError`. */
export function checkInitial(place: string, { name, role, shape, initial }: ArrayDeclaration): void {
  const starts = ["weights", "state", "setting", "noise"].includes(role) && name !== rowCount;
  if (!starts) {
    if (initial !== undefined)
      fail(`${place} has initial numbers, which only weights, states, settings and noise have`);
    return;
  }
  checkFields(`${place}: "initial"`, initial, initialForms);
  const forms = Object.entries(initial!) as [(typeof initialForms)[number], unknown][];
  const [form, given] = forms[0] ?? fail(`${place}: "initial" must have one of ${initialForms.join(", ")}`);
  if (forms.length > 1) fail(`${place}: "initial" has both ${form} and ${forms[1]![0]}: give one`);
  const isMask = form === "mask" || form === "bits";
  if (isMask !== (role === "noise"))
    fail(`${place} starts with ${form}: noise, and only noise, starts with a mask`);
  const wanted = {
    uniform: 2,
    normal: 2,
    value: undefined,
    mask: undefined,
    bits: undefined,
    values: count(shape as Shape),
  }[form];
  const numbers: unknown = wanted === undefined ? [given] : given;
  if (!Array.isArray(numbers) || (wanted !== undefined && numbers.length !== wanted))
    fail(`${place}: ${form} must be a list of ${wanted} numbers, not ${brief(numbers)}`);
  const wrong: unknown = (numbers as unknown[]).find((value) => !isPlainNumber(value));
  if (wrong !== undefined || (numbers as unknown[]).includes(undefined))
    fail(`${place} starts with ${shown(wrong)}: initial numbers are finite and not -0`);
  if (form === "uniform") {
    const [low, high] = given as [number, number];
    if (!(low < high && Number.isFinite(high - low)))
      fail(`${place}: uniform from ${low} to ${high}: the lower goes first, and their distance is finite`);
  }
  if (form === "normal" && !((given as number[])[1]! >= 0))
    fail(`${place}: a deviation is at least 0, not ${(given as number[])[1]}`);
  if (isMask && !((given as number) >= 0 && (given as number) < 1))
    fail(`${place}: the rate of a mask is from 0 up to but not 1, not ${shown(given)}`);
}

function brief(value: unknown): string {
  return Array.isArray(value) ? `${value.length}` : shown(value);
}
