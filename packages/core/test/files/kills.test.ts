import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { times } from "../long.ts";
import { bundled, ended } from "./child.ts";
import { undisturbed } from "./training.ts";

/** How often one training is killed before it may end. */
const killsOfOne = 4;

test("a training that is killed at any moment, and goes on from its checkpoint, ends with the bits of an undisturbed one", async () => {
  const wanted = await undisturbed();
  const { folder, start, remove } = await bundled("training.ts");
  try {
    for (let training = 0; training < times(1, 15); training++) {
      const path = join(folder, `${training}-checkpoint.json`);
      for (let kill = 0; kill < killsOfOne; kill++) {
        const child = start(path);
        // It has kept some checkpoints, and is killed after a moment: mostly while it computes or writes the next one.
        const draw = 7 * training + 3 * kill;
        let kept = 0;
        child.stdout!.on("data", (lines) => {
          kept += `${lines}`.split("\n").length - 1;
          if (kept > draw % 11) setTimeout(() => child.kill("SIGKILL"), (draw * 5) % 13);
        });
        const { signal } = await ended(child);
        expect(signal).toBe("SIGKILL");
        expect(existsSync(path)).toBe(true);
      }
      expect((await ended(start(path))).signal).toBe(null);
      expect(readFileSync(`${path}.done`, "utf8")).toBe(wanted);
    }
  } finally {
    remove();
  }
}, 3_600_000);
