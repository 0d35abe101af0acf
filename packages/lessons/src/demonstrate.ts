import { type EngineName, halfSquaredError, python, sgd } from "@streetlight/core";
import type { createColors } from "picocolors";
import { crossing } from "./crossing.ts";
import type { Print } from "./lesson.ts";
import { plot } from "./plot.ts";
import { fourStreetlights, walkAtFour } from "./streetlights.ts";

const epochs = 60;

/** Builds the chapter's first deep network, prints it as a program, trains it and shows what it has learnt. */
export async function demonstrate(
  print: Print,
  colour: ReturnType<typeof createColors>,
  engine?: EngineName,
): Promise<void> {
  const heading = (text: string): void => print(`\n${colour.bold(colour.yellow(text))}`);
  const net = crossing(4, "walk_vs_stop", engine);
  const learning = { loss: halfSquaredError, optimizer: sgd(0.2) };
  const before = await net.predict(fourStreetlights);

  print(colour.bold("streetlight · the chapter's first deep network: 3 lamps, 4 hidden units, 1 decision"));
  heading("The program");
  for (const line of String(net.trainer(learning)).split("\n"))
    print(`  ${line.startsWith(" ") ? line : colour.cyan(line)}`);

  heading(`Training: ${epochs} times through four streetlights, alpha 0.2`);
  const errors: number[] = [];
  const data = { inputs: fourStreetlights, targets: walkAtFour };
  for await (const epoch of net.train(data, { ...learning, batch: 1, epochs })) {
    const error = epoch.metrics.squaredError;
    errors.push(error);
    if (epoch.number % 10 === 0)
      print(`  ${colour.dim(`after ${epoch.number}`)}  Error : ${colour.green(python(error))}`);
  }

  print(colour.dim(`  ${net.plan!.split("\n")[0]}`));

  heading("The error, epoch by epoch");
  const width = 60;
  for (const line of plot(errors, { width })) print(`  ${colour.green(line)}`);
  print(colour.dim(`         1${String(epochs).padStart(width - 1)}`));

  heading("Predictions");
  print(colour.dim("  lamps   goal   before                 after"));
  const after = await net.predict(fourStreetlights);
  for (const [row, lamps] of [...fourStreetlights].entries()) {
    const goal = walkAtFour.at(row, 0);
    const prediction = after.at(row, 0);
    const shown = [...lamps]
      .map((lamp) => (lamp.at() === 1 ? colour.yellow("●") : colour.dim("○")))
      .join(" ");
    print(
      `  ${shown}   ${goal === 1 ? "walk" : "stop"}   ${python(before.at(row, 0)).padEnd(22)} ` +
        `${python(prediction).padEnd(22)} ${(prediction > 0.5) === (goal === 1) ? colour.green("✓") : colour.red("✗")}`,
    );
  }
  print(`\nThe digits are the notebook's. Next: ${colour.bold("npm run -s chapter")} prints all its cells.`);
}
