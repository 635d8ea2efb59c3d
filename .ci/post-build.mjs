// Runs after Trunk has put the files together: adds 404.html, and in a release the compressed twins of each file.
// Trunk says where the files are and which profile it is.
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const { TRUNK_STAGING_DIR: dir, TRUNK_PROFILE: profile } = process.env;
if (!dir) throw new Error("TRUNK_STAGING_DIR is not set: this is run by trunk, not by hand");

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
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}
