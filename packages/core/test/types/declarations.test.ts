import ts from "typescript";
import { expect, test } from "vitest";
import { declarationsOf, nodesOf, resolved } from "./declarations.ts";

const { checker, files, exported, problems } = declarationsOf([
  "index",
  "predict/index",
  "program/print/index",
]);

test("the declarations are sound by themselves, and there is one for every file that they lead to", () => {
  expect(problems).toEqual([]);
  expect(exported.size).toBeGreaterThan(100);
  for (const file of ["network/network", "program/builder", "trace/trace", "ops/op", "predict/loadPredictor"])
    expect([...files.keys()]).toContain(file);
});

test("no public declaration has an any", () => {
  const found = [...files].flatMap(([path, file]) =>
    [...nodesOf(file)]
      .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
      .map(({ parent }) => `${path}: ${parent.getText()}`),
  );
  expect(found).toEqual([]);
});

/** Whether a member is a function or is computed when it is read; what data mean, their type's description says. */
function isAsked({ flags }: ts.Symbol): boolean {
  return (flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0;
}

function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const own = [...(symbol.members?.values() ?? []), ...(isClass ? (symbol.exports?.values() ?? []) : [])];
  return own.filter(({ name }) => !name.startsWith("__#"));
}

test("every exported function, class, type and number has a docstring, and so has every method", () => {
  const isDocumented = (symbol: ts.Symbol): boolean =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim().length > 10;
  const missing = [...exported].flatMap(([name, symbol]) => {
    // `ops` is a list of records, each of which says what it is.
    if (symbol.flags & ts.SymbolFlags.Module) return [];
    const members = membersOf(symbol).filter((member) => isAsked(member) && !isDocumented(member));
    return [...(isDocumented(symbol) ? [] : [name]), ...members.map((member) => `${name}.${member.name}`)];
  });
  expect(missing).toEqual([]);
});

/** What stays inside although a public declaration leads to it: how ops are printed, and the base of `RandomState`. */
const inner = ["Code", "RandomState"];

test("every class and interface that a public declaration leads to can be imported by name", () => {
  const named = new Set(exported.values());
  const seen = new Set(named);
  for (const symbol of seen)
    for (const declaration of symbol.declarations ?? [])
      for (const node of nodesOf(declaration)) {
        const found = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
        const type = found && resolved(checker, found);
        const file = type?.declarations?.[0]?.getSourceFile();
        if (type && file && [...files.values()].includes(file) && type.flags & ts.SymbolFlags.Type)
          seen.add(type);
      }
  const kinds = ts.SymbolFlags.Class | ts.SymbolFlags.Interface;
  const hidden = [...seen].filter(
    (symbol) =>
      !named.has(symbol) &&
      symbol.flags & kinds &&
      // What is not exported from its own file only spells another type out.
      symbol.declarations?.some((each) => ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Export),
  );
  expect(hidden.map(({ name }) => name).sort()).toEqual(inner);
});
