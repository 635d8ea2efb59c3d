// Runs after Trunk has put the files together: adds 404.html, and in a release joins the parts of the program to it,
// names all of it by its content, says in the page what the content must be, and adds the compressed twins of each file.
// Trunk says where the files are and which profile it is.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { cut, features } from "./cut.mjs";
import { exportsOf, importsOf, leb, namedByLikeness, replaceSection, sized } from "./wasm.mjs";
import { firstView } from "./watch.mjs";

const { TRUNK_STAGING_DIR: dir, TRUNK_SOURCE_DIR: source, TRUNK_PROFILE: profile } = process.env;
if (!dir) throw new Error("TRUNK_STAGING_DIR is not set: this is run by trunk, not by hand");
const run = promisify(execFile);
const parts = join(source, "target/wasm32-unknown-unknown/release/parts");

/** The text with something in it replaced, which must be there. */
function replaced(text, what, by) {
  const now = text.replaceAll(what, by);
  if (now === text) throw new Error(`${what} is not in what the tools wrote: have they changed?`);
  return now;
}

const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

const told = ["--mvp-features", ...features.map((name) => `--enable-${name}`)];

/** Passes that look at more than one function. What the linker noted of each function must stay true. */
const WIDE = [
  "dae-optimizing", "directize", "duplicate-function-elimination", "duplicate-import-elimination", "inlining-optimizing", "memory-packing",
  "once-reduction", "remove-unused-module-elements", "simplify-globals", "simplify-globals-optimizing",
];

/** The program with branches instead of jumps, which can be cut better (branches.mjs), and with its names. */
async function structured(from) {
  const to = join(parts, "structured.wasm");
  await run("wasm-opt", [...told, "-O2", ...WIDE.map((pass) => `--skip-pass=${pass}`), "--debuginfo", "--output", to, from]);
  const bytes = await readFile(to);
  await rm(to);
  return bytes;
}

/** What is called in one place only and is small goes there: half a per cent, and fewer functions to compile. */
const INLINE = ["--always-inline-max-function-size=0", "--flexible-inline-max-function-size=0", "--one-caller-inline-max-function-size=20"];

/** Smaller, with alike functions side by side; names are left out. */
async function optimise(from, to) {
  await run("wasm-opt", [...told, "-O2", ...INLINE, "--strip-debug", "--output", to, from]);
  await writeFile(to, namedByLikeness(await readFile(to)));
  await run("wasm-opt", [...told, "--reorder-functions-by-name", "--strip-debug", "--output", to, to]);
}

/**
 * Gives what the program and its script take from each other short names in both: the long ones are for tools, and two per
 * cent of all. A name that the script has elsewhere, too, is left.
 */
function shorten(wasm, script) {
  const brief = (name, short, isElsewhere) => {
    // Names may begin like others, which are longer.
    const uses = new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g");
    if (isElsewhere(script.match(uses)?.length ?? 0)) return name;
    script = script.replaceAll(uses, () => short);
    return short;
  };
  const named = (word) => sized(Buffer.from(word));
  const imports = importsOf(wasm).map(({ module, name, type }, place) => {
    const short = name.startsWith("__wbg_") ? brief(name, `_${place.toString(36)}`, (uses) => uses !== 1) : name;
    return Buffer.concat([named(module), named(short), type]);
  });
  const exports = exportsOf(wasm).map(({ name, kind, place }, rank) => {
    const short = /^_ZN\w*17h[0-9a-f]{16}E\w*$/.test(name) ? brief(name, `_$${rank.toString(36)}`, () => false) : name;
    return Buffer.concat([named(short), Buffer.from([kind]), leb(place)]);
  });
  const shorter = replaceSection(wasm, 2, Buffer.concat([leb(imports.length), ...imports]));
  return { script, wasm: replaceSection(shorter, 7, Buffer.concat([leb(exports.length), ...exports])) };
}

/** The part that the first view does not run. */
const LATER = "later.wasm";
const script = (name) => readFile(join(source, `.ci/${name}.js`), "utf8");

/**
 * Has browsers compile all of a script while they load it, beside what else they do: they would compile each function as
 * it is called for the first time. https://v8.dev/blog/explicit-compile-hints
 */
const eager = (script) => `//# allFunctionsCalledOnLoad\n${script}`;

/** A script without the lines that are only for people. */
const bare = (script) => script.replace(/^\s*(\/\/|\/\*\*?|\*).*$/gm, "").replace(/^\s+/gm, "");

/**
 * Puts the parts beside the program. All files of the program have one name, that of what they are together: they fit
 * each other and no other release.
 */
async function join_parts() {
  const names = await readdir(dir);
  const js = names.find((name) => /^metrics-[0-9a-f]+\.js$/.test(name));
  const wasm = names.find((name) => /^metrics-[0-9a-f]+_bg\.wasm$/.test(name));
  const pieces = (await readdir(parts)).filter((name) => name.endsWith(".wasm") && name !== "metrics.wasm");
  let loader = await readFile(join(parts, "__wasm_split.js"), "utf8");

  const bound = await structured(join(dir, wasm));
  const reached = await firstView({ dir, wasm, js, bytes: bound, loader });
  if (reached) {
    const { first, later } = cut({ linked: await readFile(join(parts, "../metrics.wasm")), main: await readFile(join(parts, "metrics.wasm")), bound, reached });
    await writeFile(join(dir, wasm), first);
    await writeFile(join(parts, LATER), later);
    pieces.push(LATER);
    // Parts call what comes later as if it were there.
    loader = replaced(loader, "await Promise.all(parallelStuff);", "await Promise.all([...parallelStuff, later()]);");
  } else {
    console.warn("There is no Chromium to see what the first view runs: it loads a third more than it needs. `.ci/setup test` installs one.");
  }

  const fetching = (await script("parts")) + (reached ? await script("later") : "");
  const written = [join(dir, wasm), ...pieces.map((name) => join(dir, name))];
  // Two at a time, as many as the smallest machine has processors.
  const waiting = [...pieces.map((name, place) => [join(parts, name), written[place + 1]]), [join(dir, wasm), join(dir, wasm)]];
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await optimise(...next);
  };
  await Promise.all([work(), work()]);

  const short = shorten(await readFile(join(dir, wasm)), await readFile(join(dir, js), "utf8"));
  await writeFile(join(dir, wasm), short.wasm);
  let program = short.script;
  const hash = createHash("sha256").update(program).update(loader).update(fetching);
  for (const path of written) hash.update(await readFile(path));
  const id = hash.digest("hex").slice(0, 16);
  const renamed = new Map([[js, `metrics-${id}.js`], [wasm, `metrics-${id}_bg.wasm`]]);
  for (const name of pieces) renamed.set(name, `${name.replace(".wasm", "").replace("split_", "").replace("_", "-")}-${id}.wasm`);
  await rename(join(dir, wasm), join(dir, renamed.get(wasm)));

  // What the parts must be is not part of the first view either.
  const table = {};
  for (const name of pieces) {
    const file = `./${renamed.get(name)}`;
    table[file] = integrity(await readFile(join(dir, name)));
    if (name !== LATER) loader = replaced(loader, `fetch(new URL("./${name}", import.meta.url))`, `part("${file}")`);
    await rename(join(dir, name), join(dir, renamed.get(name)));
  }
  const told = JSON.stringify(table);
  await writeFile(join(dir, `parts-${id}.json`), told);
  const later = `./${renamed.get(LATER)}`;
  const files = { parts: [`./parts-${id}.json`, integrity(told)], later: reached && [later, table[later]] };
  loader = replaced(loader, "WebAssembly.instantiateStreaming(", "instantiate(");
  loader += `const FILES = ${JSON.stringify(files)};\n${fetching}`;
  // What loads parts goes along with the program, which imports itself then: a file less to ask for. The program goes on calling
  // it by the old name where it hands it to its own imports.
  loader = replaced(loader, /^import .*"\.\/metrics\.js";$/gm, "");
  program = replaced(program, /from *"\.\/__wasm_split\.js"/g, `from"./${renamed.get(js)}"`);
  await writeFile(join(dir, "boot.js"), bare(await readFile(join(dir, "boot.js"), "utf8")));
  await writeFile(join(dir, renamed.get(js)), eager(`${program}\n${bare(loader)}`));
  await rm(join(dir, js));

  let page = await readFile(join(dir, "index.html"), "utf8");
  for (const name of [js, wasm]) page = replaced(page, name, renamed.get(name));
  const must = async (name) => integrity(await readFile(join(dir, name)));
  // Trunk's link for loading the script ahead.
  page = replaced(page, /<link(?=[^>]* rel="?modulepreload)/g, `<link integrity=${await must(renamed.get(js))}`);
  page = replaced(page, " data-wasm=", ` data-integrity=${await must(renamed.get(wasm))} data-wasm=`);
  await writeFile(join(dir, "index.html"), page);
}

if (profile === "release") await join_parts();

// Hosts that know no fallback serve this for the views below the first: same page, same directory.
await copyFile(join(dir, "index.html"), join(dir, "404.html"));

if (profile === "release") {
  const kinds = new Set([".wasm", ".js", ".css", ".html", ".svg", ".json", ".txt"]);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  // config.json is edited on the server: a compressed twin would go stale.
  const files = entries.filter((entry) => entry.isFile() && kinds.has(extname(entry.name)) && entry.name !== "config.json");
  await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const bytes = await readFile(path);
      // Programs get smaller by half a per cent in small blocks, and by some more with short distances said as they are.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGBLOCK]: 17, [constants.BROTLI_PARAM_NDIRECT]: 4 };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}
