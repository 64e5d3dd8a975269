// Builds the files that the web channel serves:
//   aftercare-widget.js  the loader: the launcher button, nothing else. The only file a page asks for.
//   aftercare-panel.js   the conversation itself (Preact), fetched when a patient opens the chat.
//   aftercare-en.js      the panel's words in English; one such file for every language.
// Each carries a hash of the sources; tests/widget/test_bundle.py compares it with the sources now.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../bot/channels/web/static");

/** The same bytes, in the same order, as `source_hash` in tests/widget/test_bundle.py. */
function sourceHash() {
  const files = readdirSync(join(here, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath, entry.name)).split(sep).join("/"));
  files.push("build.mjs", "package.json", "package-lock.json", "tsconfig.json");
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const text = readFileSync(join(here, file), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${file}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Imports a .css file as minified text, for a constructable stylesheet. */
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: "es2022" });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

/**
 * The names of the words (`photoLimits`), which only our own code reads, are shortened alike in every file: but not
 * those that are looked up by a value (they stand in quotes somewhere), nor what the server, other tabs or the
 * browser's storage know by its name.
 */
function wordNames() {
  const read = (path) => readFileSync(join(here, "src", path), "utf8");
  const all = readdirSync(join(here, "src"), { recursive: true }).filter((path) => /\.tsx?$/.test(path)).map(read).join("");
  const shared = ["shared/contract.ts", "chat/link.ts", "chat/session.ts", "chat/tabs.ts"].map(read).join("");
  const names = [...read("strings/en.ts").matchAll(/^  (\w+):/gm)].map(([, name]) => name);
  return names.filter((name) => !all.includes(`"${name}"`) && !new RegExp(`\\b${name}\\??:`).test(shared));
}

async function buildAll() {
  const sources = sourceHash();
  const properties = { regex: new RegExp(`^(?:${wordNames().join("|")})$`) };
  const nameCache = {};
  const files = {
    "aftercare-widget.js": [{ entryPoints: ["src/loader/index.ts"] }, ""],
    "aftercare-panel.js": [
      { entryPoints: ["src/panel/index.tsx"] },
      ", with Preact (c) Jason Miller, MIT",
    ],
  };
  for (const file of readdirSync(join(here, "src/strings"))) {
    const language = /^([a-z]{2})\.ts$/.exec(file)?.[1];
    if (!language) continue;
    const contents = `import { registry } from "./src/shared/registry"; import { panel } from "./src/strings/${language}"; registry().strings.${language} = panel;`;
    files[`aftercare-${language}.js`] = [{ stdin: { contents, resolveDir: here, loader: "ts" } }, ""];
  }
  mkdirSync(out, { recursive: true });
  const gzipped = {};
  const size = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
  for (const [name, [input, note]] of Object.entries(files)) {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: here,
      ...input,
      bundle: true,
      write: false,
      minify: true,
      format: "iife",
      target: "es2022",
      charset: "utf8",
      define: { PANEL_VERSION: JSON.stringify(sources) },
      plugins: [cssAsText],
    });
    const { code } = await minify(outputFiles[0].text, {
      ecma: 2022,
      toplevel: true,
      compress: { passes: 4, inline: 1, unsafe_methods: true, keep_fargs: false },
      mangle: { properties },
      nameCache,
    });
    const banner = `/*! Aftercare ${sources}${note} */`;
    const bytes = Buffer.from(`${banner}\n${code}\n`);
    writeFileSync(join(out, name), bytes);
    gzipped[name] = gzipSync(bytes, { level: 9 }).length;
    console.log(`${name.padEnd(22)}${size(bytes.length)}${size(gzipped[name])} gzipped`);
  }
  const { "aftercare-widget.js": loader, "aftercare-panel.js": panel, ...languages } = gzipped;
  console.log(`all that one patient downloads, at most ${loader + panel + Math.max(...Object.values(languages))} bytes gzipped`);
}

await buildAll();
if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let timer;
  watch(join(here, "src"), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => buildAll().catch((error) => console.error(error.message)), 100);
  });
}
