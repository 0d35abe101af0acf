import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reference } from "../../src/index.ts";
import { buildPage, bundlers, project, sizes } from "./bundles.ts";
import { isolation, openPage, strict } from "./chromium.ts";
import { figures, firstFunction, firstProgram, imported } from "./firstProgram.ts";
import { type Trained, train, wasmPage } from "./wasmPage.ts";
import { names, openWorkshop, root, run, type Workshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
}, 120_000);
afterAll(() => {
  if (workshop !== undefined) rmSync(workshop.copy, { recursive: true });
});

/** The lines with errors, of what a program printed. */
function errorsIn(printed: string): string[] {
  return printed.split("\n").filter((line) => line.startsWith("Error : "));
}

const node = (file: string) => run(process.execPath, [file], workshop.installed);

test("the README's first program is one that prints the notebook's six errors", () => {
  expect(figures).toHaveLength(6);
  expect(firstProgram).toContain("% 10");
  expect(firstFunction).toMatch(/\nexport async function run/);
  expect(imported).toContain("network");
});

describe.each(names)("the package of %s", (name) => {
  const full = `@streetlight/${name}`;
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));

  test("holds what is compiled, its sources for the maps, and nothing else", () => {
    const files = workshop.files[full]!;
    const others = files.filter((path) => !/^src\/.+\.ts$|^dist\/.+\.(js|d\.ts)(\.map)?$/.test(path));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
    const sources = files.filter((path) => path.startsWith("src/"));
    const compiled = sources.flatMap((path) => {
      const stem = path.replace(/^src\/(.*)\.ts$/, "dist/$1");
      return [".js", ".js.map", ".d.ts", ".d.ts.map"].map((ending) => stem + ending);
    });
    expect(files.filter((path) => path.startsWith("dist/")).sort()).toEqual(compiled.sort());
  });

  test("has maps that lead to its sources", () => {
    const files = new Set(workshop.files[full]);
    for (const path of files) {
      if (!path.endsWith(".map")) continue;
      const map = JSON.parse(readFileSync(join(workshop.installed, "node_modules", full, path), "utf8"));
      for (const source of map.sources) expect(files).toContain(join(dirname(path), source));
    }
  });

  test("runs no scripts, has no side effects, and says what it is", () => {
    expect(manifest).toMatchObject({ type: "module", sideEffects: false, license: "MIT" });
    for (const field of ["description", "keywords", "author", "engines", "files"])
      expect(manifest[field], field).toBeTruthy();
    expect(manifest.scripts ?? {}).toEqual({});
    for (const [path, conditions] of Object.entries(manifest.exports))
      if (path !== "./package.json") expect(Object.keys(conditions as object)[0], path).toBe("types");
    expect(manifest.exports["./package.json"]).toBe("./package.json");
  });

  test("is clean to publint", async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(workshop.tarballs[full]!);
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("is clean to attw: its types are found wherever ES modules are", async () => {
    const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const args = [attw, workshop.tarballs[full]!, "--profile", "esm-only", "--format", "json"];
    const { problems = {} } = JSON.parse(await run(process.execPath, args, workshop.installed));
    // What esm-only leaves out: Node before it had `exports`, and `require` before it took ES modules.
    expect(
      Object.keys(problems).filter((kind) => !["NoResolution", "CJSResolvesToESM"].includes(kind)),
    ).toEqual([]);
  });
});

describe("installed from its tarball into an empty folder", () => {
  test("the packages bring nothing but each other, picocolors and koffi", () => {
    const lock = JSON.parse(readFileSync(join(workshop.installed, "package-lock.json"), "utf8"));
    const found = Object.keys(lock.packages).filter((path) => path !== "" && !path.includes("@koromix/"));
    expect(found).toEqual(
      [...names.map((name) => `@streetlight/${name}`), "koffi", "picocolors"].map(
        (name) => `node_modules/${name}`,
      ),
    );
  });

  test("without native, asking for it is one error that says how to install it, and auto says what it takes instead", async () => {
    const alone = join(workshop.copy, "alone");
    const core = "node_modules/@streetlight/core";
    cpSync(join(workshop.installed, core), join(alone, core), { recursive: true });
    const main = `
      import { dense, network, openSession } from "@streetlight/core";
      const { predictor } = network(3, [dense(4)]);
      await openSession(predictor, { engine: "native", seed: 1 }).catch(({ name, message }) => console.log(name, message));
      console.log((await openSession(predictor, { fast: true, seed: 1 })).plan());`;
    writeFileSync(join(alone, "main.mjs"), main);
    const [refused, why, manner] = (await run(process.execPath, [join(alone, "main.mjs")], alone)).split(
      "\n",
    );
    expect(refused).toMatch(
      /^SessionError the engine native is not installed: npm install @streetlight\/native, or use the engine wasm/,
    );
    expect(why).toMatch(/^auto: wasm, since native is not here \(the engine native is not installed/);
    expect(manner).toMatch(/^wasm: predict in float64/);
  });

  const trainings = `
    import { dense, halfSquaredError, network, sgd } from "@streetlight/core";
    const data = { inputs: [[1, 2], [3, 4]], targets: [[1], [2]] };
    const learning = { loss: halfSquaredError, optimizer: sgd(0.001), epochs: 2 };
    const nets = [];
    for (let seed = 0; seed < 4; seed++) {
      const net = network(2, [dense(1)], { seed, threads: Number(process.argv[2]) });
      for await (const _ of net.train(data, learning)) await net.predict(data.inputs);
      await net.fit(data, { ...learning, validation: data });
      nets.push(net);
      await nets[0].predict(data.inputs);
    }
    for (const net of nets) console.log("weights", net.read("weights_0_1").data.join());
    console.log(nets.at(-1).plan);
  `;

  // A WebAssembly memory reserves 10 GB of addresses: there are enough for two, for one, for none.
  test.each([24_000_000, 14_000_000, 4_000_000])(
    "it trains and predicts where there are %i KiB of addresses, with the same bits",
    async (limit) => {
      const folder = project(workshop.installed, `addresses${limit}`, { "main.mjs": trainings });
      const file = join(folder, "main.mjs");
      const bits = (printed: string) => printed.split("\n").filter((line) => line.startsWith("weights"));
      const wanted = bits(await run(process.execPath, [file, "1"], workshop.installed));
      expect(wanted).toHaveLength(4);
      const limited = `ulimit -v ${limit} && exec "$0" "$1" 1`;
      const printed = await run("bash", ["-c", limited, process.execPath, file], workshop.installed);
      expect(bits(printed)).toEqual(wanted);
      expect(printed).toContain(
        limit > 10_000_000 ? "auto: wasm" : "auto: reference, since the host has no memory",
      );
    },
  );

  test("where Node.js may start no threads, one trains, and the plan says why", async () => {
    const folder = project(workshop.installed, "permission", { "main.mjs": trainings });
    const [major] = process.versions.node.split(".").map(Number) as [number];
    const flags = [major < 22 ? "--experimental-permission" : "--permission", "--allow-fs-read=*"];
    const printed = await run(
      process.execPath,
      [...flags, join(folder, "main.mjs"), "2"],
      workshop.installed,
    );
    expect(printed).toMatch(
      /1 thread\n {2}one thread instead of 2: the permission model of Node\.js forbids/,
    );
  });

  test("core bundles without native, and finds it where it is installed", async () => {
    const main = `
      import { dense, network, openSession } from "@streetlight/core";
      const session = await openSession(network(3, [dense(4)]).predictor, { fast: true, seed: 1 });
      console.log(session.plan());`;
    const folder = project(workshop.installed, "native", { "main.mjs": main });
    const [why, manner] = (await node(join(folder, "main.mjs"))).split("\n");
    expect(why).toBe("auto: native, since fast is allowed and it is installed");
    expect(manner).toMatch(/^native: predict in float64, .*; large products by (OpenBLAS|Accelerate)/);
  });

  test("core is imported, and trains to the notebook's errors", async () => {
    const folder = project(workshop.installed, "imported", { "main.mjs": firstProgram });
    expect(errorsIn(await node(join(folder, "main.mjs")))).toEqual(figures);
  });

  test("core is required by CommonJS, and trains to the notebook's errors", async () => {
    const commonJs = firstFunction
      .replace(/^import (\{.*\}) from (".*");$/m, "const $1 = require($2);")
      .replace("export async function", "async function");
    const folder = project(workshop.installed, "required", { "main.cjs": `${commonJs}run(console.log);\n` });
    expect(errorsIn(await node(join(folder, "main.cjs")))).toEqual(figures);
  });

  test("lessons print the notebook's errors", async () => {
    const main =
      'import { printChapter } from "@streetlight/lessons";\nawait printChapter((line) => console.log(line));\n';
    const folder = project(workshop.installed, "lessons", { "main.mjs": main });
    expect(errorsIn(await node(join(folder, "main.mjs"))).slice(0, 6)).toEqual(figures);
  });

  test("a trained network goes to the small entry point as text and keeps its bits", async () => {
    const main = `
      import { network, dense, exportPredictor } from "@streetlight/core";
      import { loadPredictor } from "@streetlight/core/predict";
      const net = network(3, [dense(4), dense(1)], { seed: 1 });
      const rows = [[0.1, 0.2, 0.3], [1, 0, 1]];
      const predicted = loadPredictor(exportPredictor(net)).predict(rows);
      console.log(JSON.stringify(predicted) === JSON.stringify((await net.predict(rows)).toArray()));`;
    const folder = project(workshop.installed, "predicting", { "main.mjs": main });
    expect(await node(join(folder, "main.mjs"))).toBe("true\n");
  });

  test.each(["NodeNext", "Bundler"] as const)("core's declarations are sound to %s", (resolution) => {
    const file = join(project(workshop.installed, `typed-${resolution}`, {}), "main.mts");
    writeFileSync(file, `${firstProgram}\nexport { loadPredictor } from "@streetlight/core/predict";\n`);
    const program = ts.createProgram([file], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: resolution === "NodeNext" ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind[resolution],
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      types: [],
    });
    const found = ts
      .getPreEmitDiagnostics(program)
      .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
    expect(found).toEqual([]);
  });
});

describe("bundled", () => {
  test.each(Object.entries(bundlers))(
    "by %s, the README's first program prints the notebook's errors",
    async (name, bundle) => {
      const folder = project(workshop.installed, `by-${name}`, { "main.js": firstProgram });
      await bundle(folder);
      rmSync(join(folder, "main.js"));
      expect(errorsIn(await node(join(folder, "dist/main.mjs")))).toEqual(figures);
    },
  );

  test("by vite, it prints them on a page in Chromium and in a Web Worker", async () => {
    const folder = project(workshop.installed, "page", {
      "program.js": firstFunction,
      "index.html":
        '<!doctype html><title>Streetlight</title><script type="module" src="./page.js"></script>',
      "page.js": `
        import { run } from "./program.js";
        const page = [];
        await run((line) => page.push(line));
        const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
        worker.onmessage = ({ data }) => { globalThis.printed = { page, worker: data }; };
        worker.onerror = ({ message }) => { globalThis.printed = { page, worker: [message] }; };`,
      "worker.js": `
        import { run } from "./program.js";
        const lines = [];
        await run((line) => lines.push(line));
        postMessage(lines);`,
    });
    await buildPage(folder);
    const { page, worker } = await openPage<{ page: string[]; worker: string[] }>(
      join(folder, "dist"),
      "printed",
    );
    expect(errorsIn(page.join("\n"))).toEqual(figures);
    expect(worker).toEqual(page);
  });

  test.each([
    ["shares no memory", false, /one thread instead of 2: memory cannot be shared here/],
    ["shares memory", true, /a page's own thread must not wait for others: train in a worker/],
  ])("the WASM engine has the reference's bits on a page that %s", async (_, isolated, remark) => {
    const folder = project(workshop.installed, `wasm-${isolated}`, wasmPage);
    await buildPage(folder);
    const { page, worker } = await openPage<Record<"page" | "worker", Trained>>(
      join(folder, "dist"),
      "printed",
      isolated ? isolation : {},
    );
    const { weights } = await train(reference, 1);
    expect(page).toEqual({ plan: expect.stringMatching(remark), weights });
    const inWorker = isolated ? /the reference's bits, 2 threads$/ : remark;
    expect(worker).toEqual({ plan: expect.stringMatching(inWorker), weights });
  });

  test("on a page whose content security policy forbids WebAssembly, auto takes the reference and says so", async () => {
    const folder = project(workshop.installed, "strict", {
      "index.html": wasmPage["index.html"]!,
      "page.js": `
        import { dense, halfSquaredError, network, openSession, sgd } from "@streetlight/core";
        const net = network(3, [dense(1)]);
        const data = { inputs: [[1, 0, 1], [0, 1, 1]], targets: [1, 0] };
        await net.fit(data, { loss: halfSquaredError, optimizer: sgd(0.2), epochs: 2 });
        const refused = await openSession(net.predictor, { engine: "wasm" }).catch(({ message }) => message);
        globalThis.printed = { plan: net.plan, refused };`,
    });
    await buildPage(folder);
    const { plan, refused } = await openPage<Record<"plan" | "refused", string>>(
      join(folder, "dist"),
      "printed",
      strict,
    );
    expect(plan).toMatch(/^auto: reference, since WebAssembly does not compile \(.*Content Security Policy/);
    expect(refused).toMatch(
      /^the engine wasm cannot run here: WebAssembly does not compile .*; use the engine reference$/,
    );
  });

  /**
   * In bytes, minified and packed by gzip. Printers, files and checks are functions beside a network, so that a page which
   * only trains leaves them behind.
   */
  const budgets = { predict: 8_400, firstProgram: 37_500, core: 70_500 };

  test("by esbuild, each entry stays within its budget", async () => {
    const found = await sizes(workshop.installed, {
      predict: 'export * from "@streetlight/core/predict";',
      firstProgram: `export { ${imported} } from "@streetlight/core";`,
      core: 'export * from "@streetlight/core";',
    });
    const report = Object.entries(found).map(
      ([name, size]) => `${name}: ${size} of ${budgets[name as "core"]} bytes`,
    );
    for (const [name, size] of Object.entries(found))
      expect(size, report.join(", ")).toBeLessThanOrEqual(budgets[name as "core"]);
  });
});
