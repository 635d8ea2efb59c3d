// Pictures of dist/ for looking at, in four widths, light and dark: `node tests/e2e/shots.mjs [path…]`.
// They land in tests/out/. Figures are those of the demo, or of a fake Coder with `SOURCE=coder`; NOW= pins the clock.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { open, quit, ready } from "./browser.mjs";
import { coder } from "./coder.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../out");
const paths = process.argv.length > 2 ? process.argv.slice(2) : ["", "activity", "templates", "people"];
const { NOW: now, SOURCE } = process.env;
const fake = SOURCE === "coder" ? await coder({ now, people: 40 }) : undefined;
const server = await serve({
  dist: here("../../dist"),
  config: fake && { version: 1, sources: [{ id: "coder", kind: "coder", base_url: "/" }] },
  proxy: fake ? ["/api/v2/", "/icon/"].map((path) => ({ path, target: fake.url })) : [],
});

await mkdir(out, { recursive: true });
for (const path of paths) {
  for (const width of [1440, 1024, 768, 375]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(path.replace(/^\//, ""), { server, colorScheme, viewport: { width, height: 900 }, now });
      let note = "";
      await ready(page, { timeout: 15_000 }).catch((error) => (note = ` (${error.message.split("\n")[0]})`));
      const name = `${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "overview"}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: join(out, name), fullPage: true });
      const problems = page.problems.filter((problem) => !problem.endsWith("/config.json"));
      console.log(`tests/out/${name}${note}${problems.map((problem) => `\n  ${problem}`).join("")}`);
      await page.context().close();
    }
  }
}
await quit();
await server.close();
await fake?.close();
