import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { times } from "../long.ts";
import { bundled, ended } from "./child.ts";
import { undisturbed } from "./training.ts";

test("a training that is killed at any moment, and goes on from its checkpoint, ends with the bits of an undisturbed one", async () => {
  const wanted = await undisturbed();
  const { folder, start, remove } = await bundled("training.ts");
  try {
    let kills = 0;
    let place = 0;
    const enough = times(5, 60);
    for (let training = 0; kills < enough; training++) {
      const path = join(folder, `${training}-checkpoint.json`);
      while (!existsSync(`${path}.done`)) {
        const child = start(path);
        // The kills fall all over a training, from its first milliseconds on; the last one of a training is none.
        child.stdout!.once("data", () => {
          place = (place * 37 + 11) % 150;
          const timer = setTimeout(() => child.kill("SIGKILL"), place);
          child.once("exit", () => clearTimeout(timer));
        });
        const { signal } = await ended(child);
        if (signal === "SIGKILL") kills++;
        else expect(signal).toBe(null);
        if (signal === null) expect(existsSync(`${path}.done`), "the training ended").toBe(true);
      }
      expect(readFileSync(`${path}.done`, "utf8")).toBe(wanted);
    }
  } finally {
    remove();
  }
}, 600_000);
