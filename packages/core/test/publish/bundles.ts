import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild-wasm";
import { build as viteBuild } from "vite";
import webpack from "webpack";

/** A folder of its own in `installed`, with files in it; their imports find what is installed there. */
export function project(installed: string, name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(installed, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** Bundles `main.js` of a folder into `dist/main.mjs`. */
export type Bundler = (folder: string) => Promise<unknown>;

export const bundlers: Readonly<Record<string, Bundler>> = {
  vite: (folder) =>
    viteBuild({
      ...quiet(folder),
      build: {
        lib: { entry: join(folder, "main.js"), formats: ["es"], fileName: () => "main.mjs" },
        minify: true,
      },
    }),
  esbuild: (folder) =>
    esbuild.build({
      absWorkingDir: folder,
      entryPoints: ["main.js"],
      bundle: true,
      minify: true,
      format: "esm",
      outfile: join(folder, "dist/main.mjs"),
    }),
  webpack: (folder) =>
    new Promise((done, failed) => {
      const config: webpack.Configuration = {
        mode: "production",
        context: folder,
        entry: "./main.js",
        target: "node20",
        // Terser is not what is tried here, and would start a process for every core.
        optimization: { minimize: false },
        output: { path: join(folder, "dist"), filename: "main.mjs", module: true },
        experiments: { outputModule: true },
      };
      webpack(config, (error, stats) => {
        if (error) failed(error);
        else if (stats?.hasErrors() || stats?.hasWarnings()) failed(new Error(stats.toString()));
        else done(stats);
      });
    }),
};

/** Bundles `index.html` of a folder, and the workers that its scripts start, into `dist`. */
export function buildPage(folder: string): Promise<unknown> {
  return viteBuild({ ...quiet(folder), base: "./", build: { target: "es2022" }, worker: { format: "es" } });
}

function quiet(folder: string) {
  return { root: folder, configFile: false as const, logLevel: "error" as const };
}

/**
 * How many bytes a page loads at once that imports this much, by name: minified, and packed by gzip. What is loaded on
 * demand, by `import()`, is left out.
 */
export async function sizes(installed: string, imports: Readonly<Record<string, string>>) {
  const files = Object.fromEntries(Object.entries(imports).map(([name, text]) => [`${name}.js`, text]));
  const folder = project(installed, "sizes", files);
  const onDemand: esbuild.Plugin = {
    name: "on-demand",
    setup: ({ onResolve }) =>
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === "dynamic-import" ? { path, external: true } : undefined,
      ),
  };
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: Object.keys(files),
    bundle: true,
    minify: true,
    format: "esm",
    outdir: join(folder, "dist"),
    write: false,
    plugins: [onDemand],
  });
  return Object.fromEntries(
    Object.keys(imports).map((name, position) => [
      name,
      gzipSync(outputFiles[position]!.contents, { level: 9 }).length,
    ]),
  );
}
