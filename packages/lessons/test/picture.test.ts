import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { picture } from "../src/picture.ts";

test("the README's picture shows what npm start prints now", async () => {
  const drawn = readFileSync(new URL("../../../docs/start.svg", import.meta.url), "utf8");
  expect(drawn, "redraw it: npm run picture").toBe(await picture());
});
