import { mostAxes } from "../files/stored.ts";
import { formatShape } from "../shape/size.ts";
import { checkDtype } from "./checkDtype.ts";
import { checkInitial } from "./checkInitial.ts";
import { type ArrayDeclaration, type Precision, type Role, roles, rowCount } from "./data.ts";
import { checkFields, fail } from "./form.ts";
import { checkName } from "./names.ts";
import { isSize, shown } from "./parameters.ts";

const inventible: readonly Role[] = ["activation", "delta", "gradient", "setting"];

/** Checks one declaration of a program: its name, role, dtype and shape, and how its numbers start. */
export function checkArray(program: string, precision: Precision, array: ArrayDeclaration): void {
  checkFields(`${program}: an array`, array, [
    "name",
    "role",
    "shape",
    "dtype",
    "initial",
    "inline",
    "invented",
    "label",
  ]);
  const { name, role, shape } = array;
  if (typeof name !== "string") fail(`${program}: an array has no name`);
  if (name !== rowCount) checkName(name);
  const place = `${program}: array ${name}`;
  if (!roles.includes(role)) fail(`${place} has the unknown role ${shown(role)}`);
  checkDtype(place, precision, array);
  if (!Array.isArray(shape) || !shape.every(isSize))
    fail(`${place} has the shape ${shown(shape)}: sizes are whole numbers or "batch"`);
  if (shape.length > mostAxes) fail(`${place} has ${shape.length} axes, but may have ${mostAxes}`);
  checkRows(place, array);
  if (array.inline !== undefined && array.inline !== true)
    fail(`${place}: "inline" is true or left out, not ${shown(array.inline)}`);
  if (array.invented !== undefined && array.invented !== true)
    fail(`${place}: "invented" is true or left out, not ${shown(array.invented)}`);
  if (array.invented && !inventible.includes(role))
    fail(`${place} is ${role}: only names of activations, deltas, gradients and settings are "invented"`);
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
