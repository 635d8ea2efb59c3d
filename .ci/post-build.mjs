// Runs after Trunk has put the files together: adds 404.html, and in a release joins the parts of the program to it,
// names all of it by its content, says in the page what the content must be, and adds the compressed twins of each file.
// Trunk says where the files are and which profile it is.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

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

/** What the compiler uses of WebAssembly. Said, because the parts have lost the note of it. */
const features = ["bulk-memory", "bulk-memory-opt", "extended-const", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext", "simd"];

/** Smaller by some per cent once compressed: functions of like name stand together. Names are left out. */
async function optimise(from, to) {
  await run("wasm-opt", ["-O2", "--mvp-features", ...features.map((name) => `--enable-${name}`), "--reorder-functions-by-name", "--strip-debug", "--output", to, from]);
}

/** A number as WebAssembly writes lengths. */
function leb(number) {
  const bytes = [];
  do {
    bytes.push((number & 127) | (number > 127 ? 128 : 0));
    number >>>= 7;
  } while (number > 0);
  return Buffer.from(bytes);
}

/**
 * Gives what the program takes from its script short names in both: the long ones are for tools, and two per cent of all.
 * A name that is not in the script just once is left.
 */
function shorten(wasm, script) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const copied = (from) => wasm.subarray(from, at);
  const text = () => {
    const length = number();
    return wasm.toString("utf8", at, (at += length));
  };
  const limits = () => {
    const hasMost = wasm[at++] & 1;
    for (let left = 1 + hasMost; left > 0; left--) number();
  };
  // By kind: functions, tables, memories, globals, tags.
  const skip = [number, () => ((at += 1), limits()), limits, () => (at += 2), () => ((at += 1), number())];
  while (at < wasm.length) {
    const begin = at;
    const id = wasm[at++];
    const length = number();
    if (id !== 2) {
      at += length;
      continue;
    }
    const imports = [];
    const count = number();
    for (let place = 0; place < count; place++) {
      const module = text();
      const name = text();
      const kind = at;
      skip[wasm[at++]]();
      const short = `_${place.toString(36)}`;
      const isAlone = name.startsWith("__wbg_") && script.split(name).length === 2;
      if (isAlone) script = script.replace(name, short);
      for (const word of [module, isAlone ? short : name]) imports.push(leb(Buffer.byteLength(word)), Buffer.from(word));
      imports.push(copied(kind));
    }
    const section = Buffer.concat([leb(count), ...imports]);
    return { script, wasm: Buffer.concat([wasm.subarray(0, begin), Buffer.from([2]), leb(section.length), section, wasm.subarray(at)]) };
  }
  throw new Error("the program takes nothing from its script: have the tools changed?");
}

/**
 * Puts the parts beside the program. All files of the program have one name, that of what they are together: they fit
 * each other and no other release.
 */
async function join_parts() {
  const names = await readdir(dir);
  const js = names.find((name) => /^metrics-[0-9a-f]+\.js$/.test(name));
  const wasm = names.find((name) => /^metrics-[0-9a-f]+_bg\.wasm$/.test(name));
  const pieces = (await readdir(parts)).filter((name) => name.endsWith(".wasm") && name !== "metrics.wasm");
  const written = [join(dir, wasm), ...pieces.map((name) => join(dir, name))];
  await optimise(join(dir, wasm), join(dir, wasm));
  // Two at a time, as many as the smallest machine has processors.
  const waiting = pieces.map((name, place) => [join(parts, name), written[place + 1]]);
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await optimise(...next);
  };
  await Promise.all([work(), work()]);

  const short = shorten(await readFile(join(dir, wasm)), await readFile(join(dir, js), "utf8"));
  await writeFile(join(dir, wasm), short.wasm);
  let program = short.script;
  let loader = await readFile(join(parts, "__wasm_split.js"), "utf8");
  const hash = createHash("sha256").update(program).update(loader);
  for (const path of written) hash.update(await readFile(path));
  const id = hash.digest("hex").slice(0, 16);
  const renamed = new Map([[js, `metrics-${id}.js`], [wasm, `metrics-${id}_bg.wasm`]]);
  for (const name of pieces) renamed.set(name, `${name.replace(".wasm", "").replace("split_", "").replace("_", "-")}-${id}.wasm`);
  await rename(join(dir, wasm), join(dir, renamed.get(wasm)));

  for (const name of pieces) {
    const bytes = await readFile(join(dir, name));
    const asked = `new URL("./${renamed.get(name)}", import.meta.url), ${JSON.stringify({ integrity: integrity(bytes) })}`;
    loader = replaced(loader, `new URL("./${name}", import.meta.url)`, asked);
    await rename(join(dir, name), join(dir, renamed.get(name)));
  }
  // Hosts that do not know the type of the files serve them as something else.
  const instantiate = `async function instantiate(source, imports) {
    const response = await source;
    if (!response.ok) throw new Error(\`\${response.url}: status \${response.status}\`);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
`;
  loader = replaced(loader, "WebAssembly.instantiateStreaming(", "instantiate(") + instantiate;
  loader = replaced(loader, "./metrics.js", `./${renamed.get(js)}`);
  // The program goes on calling it by the old name where it hands it to its own imports.
  program = replaced(program, /from *"\.\/__wasm_split\.js"/g, `from"./parts-${id}.js"`);
  await writeFile(join(dir, `parts-${id}.js`), loader);
  await writeFile(join(dir, renamed.get(js)), program);
  await rm(join(dir, js));

  let page = await readFile(join(dir, "index.html"), "utf8");
  for (const name of [js, wasm]) page = replaced(page, name, renamed.get(name));
  const must = async (name) => integrity(await readFile(join(dir, name)));
  // Trunk's links for loading ahead, and one for the loader of the parts, which the program imports.
  const ahead = page.match(/<link[^>]*modulepreload[^>]*>/)?.[0] ?? "";
  const checked = async (link, name) => replaced(link, "<link ", `<link integrity=${await must(name)} `);
  const links = [await checked(ahead, renamed.get(js)), await checked(replaced(ahead, renamed.get(js), `parts-${id}.js`), `parts-${id}.js`)];
  page = replaced(page, ahead, links.join(""));
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
      // Programs get smaller by half a per cent in small blocks.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGBLOCK]: 16 };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}
