// Which functions of the program the first view runs: opens it in Chromium, as ordinary deployments show it.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed, open, quit, ready } from "../tests/e2e/browser.mjs";
import { coder } from "../tests/e2e/coder.mjs";
import { watched } from "./cut.mjs";
import { serve } from "./serve.mjs";

/** A Coder without a licence limits no seats. */
const unlimited = (endpoint, answer) => (endpoint === "entitlements" ? { ...answer, features: {} } : answer);
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
/** A deployment with far more templates and organizations than fit into one leaf of a tree. */
const large = (endpoint, answer) => {
  const more = (count, kind) => Array.from({ length: count }, (_, place) => ({ ...answer[place % answer.length], id: uuid(place), name: `${kind}-${place}`, display_name: `${kind} ${place} – Größe` }));
  if (endpoint === "templates") return more(60, "template");
  return endpoint === "organizations" ? more(40, "organization") : answer;
};
const DEPLOYMENTS = [
  { people: 400, accounts: 900, change: large },
  { people: 6 },
  { people: 1, change: unlimited },
  { people: 0 },
];
async function slowly(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 8 });
}
const CONFIG = {
  version: 1,
  title: "Metrics",
  timezone: "browser",
  locale: "browser",
  default_range: "28d",
  refresh_seconds: 300,
  privacy: { mode: "full", min_group: 5 },
  sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" }],
  embed: { parents: ["https://admin.example.com"] },
};
const VISITORS = [
  { locale: "en-US", timezoneId: "America/New_York" },
  // On a slow machine answers are read in slices.
  { locale: "en-GB", timezoneId: "UTC", prepare: slowly },
  { locale: "de-DE", timezoneId: "Asia/Kathmandu", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];

/**
 * What runs or does not by chance: because of how many things there are, how fast the machine is, and which days a server
 * answers for.
 */
const BY_CHANCE = /btree.*(move_to_slice|internal|4push)|breathe|next_task|7measure(7foreign|7days_of)|next_code_point|TimeDelta.*3sub|3str.*5parse|new_uninit_in|3mem4drop|3cmp3Ord3max|10PartialOrd2gt|5order7sort_by/;

/** First views that are to be light: what is seen in one of them comes at once, all else later. */
const VISITS = DEPLOYMENTS.flatMap((deployment) => VISITORS.map((visitor) => [deployment, visitor]));

/**
 * The names of the functions that run; nothing where there is no Chromium.
 *
 * - `dir`: the files of the page, with the program that `bytes` are in the file `wasm`, and the script `js` beside it.
 * - `loader`: the text of the script that loads parts.
 */
export async function firstView({ dir, wasm, js, bytes, loader }) {
  if (!installed("chromium")) return undefined;
  const dist = await mkdtemp(join(tmpdir(), "metrics-watch-"));
  const closing = [];
  try {
    await cp(dir, dist, { recursive: true });
    const { bytes: talking, names } = watched(bytes);
    await writeFile(join(dist, wasm), talking);
    const say = "globalThis.ran = new Set();\nexport const ran = (place) => void globalThis.ran.add(place);\n";
    await writeFile(join(dist, "__wasm_split.js"), loader.replace("./metrics.js", `./${js}`) + say);
    const ran = new Set();
    for (const [deployment, visit] of VISITS) {
      const fake = await coder(deployment);
      closing.push(fake.close);
      // While answers are on their way charts are rehearsed.
      fake.behave("*", undefined, { delay: 600 });
      const server = await serve({ dist, config: CONFIG, proxy: ["/api/v2/", "/icon/"].map((path) => ({ path, target: fake.url })) });
      closing.push(server.close);
      const page = await open("", { server, ...visit });
      await ready(page);
      const states = await page.locator("section[data-state]").evaluateAll((panels) => panels.map((panel) => panel.dataset.state));
      if (states.length === 0 || states.some((state) => !["ready", "empty", "partial"].includes(state))) throw new Error(`the first view is not what it should be: ${states} ${page.problems}`);
      // A page that is left early waits for nothing any more.
      await page.evaluate(() => ["visibilitychange", "pagehide"].map((name) => document.dispatchEvent(new Event(name, { bubbles: true }))));
      for (const place of await page.evaluate(() => [...globalThis.ran])) ran.add(names[place]);
      await page.context().close();
    }
    for (const name of names) if (BY_CHANCE.test(name)) ran.add(name);
    return ran;
  } finally {
    await quit();
    for (const close of closing.reverse()) await close();
    await rm(dist, { recursive: true });
  }
}
