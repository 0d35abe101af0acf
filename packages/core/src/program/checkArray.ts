import { count, type Shape } from "../shape/block.ts";
import { formatShape } from "../shape/size.ts";
import { type ArrayDeclaration, type Precision, roles, rowCount } from "./data.ts";
import { checkFields, fail } from "./form.ts";
import { checkName } from "./names.ts";
import { isPlainNumber, isSize, shown } from "./parameters.ts";

const initialForms = ["uniform", "normal", "value", "values", "mask"] as const;

/** Checks one declaration of a program: its name, role, dtype and shape, and how its numbers start. */
export function checkArray(program: string, precision: Precision, array: ArrayDeclaration): void {
  checkFields(`${program}: an array`, array, [
    "name",
    "role",
    "shape",
    "dtype",
    "initial",
    "inline",
    "label",
  ]);
  const { name, role, dtype, shape } = array;
  if (typeof name !== "string") fail(`${program}: an array has no name`);
  if (name !== rowCount) checkName(name);
  const place = `${program}: array ${name}`;
  if (!roles.includes(role)) fail(`${place} has the unknown role ${shown(role)}`);
  const wanted = role === "metric" ? "float64" : precision;
  if (dtype !== wanted)
    fail(
      `${place} has the dtype ${shown(dtype)}, but must be ${wanted}, ` +
        (role === "metric" ? "as every metric is" : "the precision of the program"),
    );
  if (!Array.isArray(shape) || !shape.every(isSize))
    fail(`${place} has the shape ${shown(shape)}: sizes are whole numbers or "batch"`);
  checkRows(place, array);
  if (array.inline !== undefined && array.inline !== true)
    fail(`${place}: "inline" is true or left out, not ${shown(array.inline)}`);
  if (array.label !== undefined && typeof array.label !== "string")
    fail(`${place}: "label" is text, not ${shown(array.label)}`);
  checkInitial(place, array);
}

/** Only what goes row by row through a program may depend on the number of rows. */
function checkRows(place: string, { name, role, shape }: ArrayDeclaration): void {
  if (name === rowCount && (role !== "setting" || shape.length > 0))
    fail(`${place} is kept for the number of rows: it must be a setting, and a scalar`);
  if (["metric", "setting"].includes(role) && shape.length > 0)
    fail(`${place} is ${formatShape(shape)}, but a ${role} is a scalar`);
  if (role === "noise" && (shape.length !== 2 || shape[0] !== "batch"))
    fail(`${place} is ${formatShape(shape)}, but noise is batch × columns`);
  const last = ["input", "target"].includes(role) ? 1 : ["weights", "state"].includes(role) ? 0 : Infinity;
  if (shape.some((size, axis) => size === "batch" && axis >= last))
    fail(`${place} is ${formatShape(shape)}: only the first size of an input or target is batch`);
}

function checkInitial(place: string, { name, role, shape, initial }: ArrayDeclaration): void {
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
  if ((form === "mask") !== (role === "noise"))
    fail(`${place} starts with ${form}: noise, and only noise, starts with a mask`);
  const wanted = { uniform: 2, normal: 2, value: undefined, mask: undefined, values: count(shape as Shape) }[
    form
  ];
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
  if (form === "mask" && !((given as number) >= 0 && (given as number) < 1))
    fail(`${place}: the rate of a mask is from 0 up to but not 1, not ${shown(given)}`);
}

function brief(value: unknown): string {
  return Array.isArray(value) ? `${value.length}` : shown(value);
}
