import ts from "typescript";
import { filesIn, source } from "../modules.ts";
import { descendants, type Edit } from "./edit.ts";
import { expressionEdits } from "./expression.ts";
import { gradientEdits } from "./gradient.ts";
import { kernelEdits } from "./kernel.ts";

/** A file of `src` that means something else than it should. */
export interface Mutant {
  readonly file: string;
  /** The op, or the function of `loops.ts` or `language.ts`, that is changed. */
  readonly where: string;
  /** Which of its parts: expression, reference, gradient, view, function. */
  readonly part: string;
  readonly text: string;
  readonly line: number;
  /** The lines that changed, before and after. */
  readonly change: string;
}

/** The functions beside the ops on which their meaning rests. */
export const shared: Readonly<Record<string, readonly string[]>> = {
  "ops/loops.ts": ["compileOp", "elementwise", "locate", "accumulate"],
  "ops/language.ts": ["substitute", "compile", "applied"],
};

/** Every mutant of every op's expression, kernel, gradient rules and view, and of the loops that they share. */
export function allMutants(): Mutant[] {
  return filesIn("ops").flatMap((file) => {
    const text = source(file);
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    return [...partsOf(tree, file)].flatMap(({ where, part, edits }) =>
      edits.map((each) => mutant(file, where, part, text, each)),
    );
  });
}

interface Part {
  readonly where: string;
  readonly part: string;
  readonly edits: readonly (readonly Edit[])[];
}

function* partsOf(tree: ts.SourceFile, file: string): Generator<Part> {
  for (const node of tree.statements) {
    if (ts.isFunctionDeclaration(node) && shared[file]?.includes(node.name!.text))
      yield { where: node.name!.text, part: "function", edits: kernelEdits(node.body!) };
    if (!ts.isVariableStatement(node)) continue;
    for (const { name, type, initializer } of node.declarationList.declarations) {
      const where = name.getText();
      if (shared[file]?.includes(where)) yield { where, part: "function", edits: kernelEdits(initializer!) };
      if (/^(Elementwise|Structured|View|Metric|RowMetric)Op/.test(type?.getText() ?? ""))
        yield* partsOfOp(where, initializer as ts.ObjectLiteralExpression, type!.getText());
    }
  }
}

function* partsOfOp(where: string, op: ts.ObjectLiteralExpression, type: string): Generator<Part> {
  const operands = [...type.matchAll(/"(\w+)"/g)].map((match) => match[1]!);
  for (const property of op.properties) {
    if (!ts.isPropertyAssignment(property)) continue;
    const part = property.name.getText();
    const value = property.initializer;
    if (part === "expression" && ts.isStringLiteral(value))
      yield { where, part, edits: expressionEdits(value, operands).map((edit) => [edit]) };
    if (part === "reference" || part === "row") yield { where, part, edits: kernelEdits(value) };
    if (part === "view")
      yield { where, part, edits: [[{ from: value.getStart(), to: value.end, text: "(input) => input" }]] };
    if (part === "gradient")
      for (const rule of descendants(value))
        if (ts.isArrowFunction(rule))
          yield { where, part, edits: gradientEdits(rule, operands, /^(Row)?Metric/.test(type)) };
  }
}

function mutant(file: string, where: string, part: string, before: string, edits: readonly Edit[]): Mutant {
  const last = [...edits].sort((a, b) => b.from - a.from);
  const text = last.reduce((done, { from, to, text }) => done.slice(0, from) + text + done.slice(to), before);
  return { file, where, part, text, ...difference(before, text) };
}

/** The lines in which two texts differ, between what they begin and end with alike. */
function difference(before: string, after: string): Pick<Mutant, "line" | "change"> {
  const [old, young] = [before.split("\n"), after.split("\n")];
  let first = 0;
  while (old[first] === young[first]) first++;
  let last = 0;
  while (
    last < old.length - first &&
    last < young.length - first &&
    old.at(-1 - last) === young.at(-1 - last)
  )
    last++;
  const change = [
    ...old.slice(first, old.length - last).map((line) => `- ${line.trim()}`),
    ...young.slice(first, young.length - last).map((line) => `+ ${line.trim()}`),
  ];
  return { line: first + 1, change: change.join("\n") };
}
