import { writeFileSync } from "node:fs";
import { picture } from "./picture.ts";

writeFileSync(new URL("../../../docs/start.svg", import.meta.url), await picture());
