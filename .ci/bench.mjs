// How much a first visit downloads: the files of dist/ by kind, as they are and as servers send them.
// Sizes only; how fast the page is needs a browser and an idle machine.
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes of the first view as they are served with Brotli: wanted, and never more. */
const WANTED = 165_000;
const LIMIT = 207_000;

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const names = await readdir(dist).catch(() => {
  console.error("error: there is no dist/: run `make dist` first");
  process.exit(1);
});

const kinds = { ".wasm": "WebAssembly", ".js": "scripts", ".css": "styles", ".html": "page" };
const page = await readFile(join(dist, "index.html"), "utf8");
const empty = () => ({ raw: 0, gzip: 0, brotli: 0 });
const rows = new Map(Object.values(kinds).map((kind) => [kind, empty()]));
const parts = new Map();
for (const name of names.sort()) {
  const kind = kinds[extname(name)];
  // 404.html is the same page again, and host.js is for the pages of others.
  if (!kind || name === "404.html" || name === "host.js") continue;
  const bytes = await readFile(join(dist, name));
  // The page names what the first view needs; all else loads when it is needed.
  const isFirst = name === "index.html" || page.includes(name);
  const part = name.replace(/-[0-9a-f]+\.wasm$/, "").replace(/^chunk-.*/, "shared by some");
  if (!isFirst && !parts.has(part)) parts.set(part, empty());
  const row = isFirst ? rows.get(kind) : parts.get(part);
  row.raw += bytes.length;
  row.gzip += gzipSync(bytes, { level: 9 }).length;
  row.brotli += (await stat(join(dist, `${name}.br`))).size;
}

const sum = (column) => [...rows.values()].reduce((total, row) => total + row[column], 0);
const print = (kind, row) => console.log(kind.padEnd(14) + [row.raw, row.gzip, row.brotli].map((bytes) => bytes.toLocaleString("en").padStart(12)).join(""));
console.log("Bytes of the first view: all that it downloads besides data");
console.log("".padEnd(14) + ["raw", "gzip -9", "brotli -11"].map((title) => title.padStart(12)).join(""));
for (const [kind, row] of rows) print(kind, row);
print("all", { raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") });
console.log("\nParts that load when they are first needed");
for (const [part, row] of parts) print(part, row);

const all = sum("brotli");
const verdict = all <= WANTED ? "as wanted" : all <= LIMIT ? "more than wanted" : "over the limit";
console.log(`\nAll of the first view, brotli: ${all.toLocaleString("en")} (wanted ${WANTED.toLocaleString("en")}, limit ${LIMIT.toLocaleString("en")}): ${verdict}`);
process.exitCode = all > LIMIT ? 1 : 0;
