// The parts of the program: what the first view loads and weighs, what loads later, and what is said when that fails.
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deployment, dist, finish, later, open, reaches, ready, start } from "./harness.mjs";

/** What the first view may weigh, in bytes of Brotli as served: page, styles, scripts and WebAssembly. */
const BUDGET = 207_000;

const LATER = /\/(later|pages|tables|tools|demo|embed|chunk-\d+)-[0-9a-f]+\.wasm$/;

/** Notes the files that a page loads. */
const listen = (loaded) => (page) => page.on("request", (request) => loaded.push(new URL(request.url()).pathname));

const REST = /\/later-[0-9a-f]+\.wasm$/;

/** A page that never gets the rest of the program. */
const withoutRest = (loaded) => async (page) => {
  listen(loaded)(page);
  await page.route(REST, (route) => route.abort());
};
/** What it says about it. */
const without = [/ \S+\/later-/, /Failed to fetch/];

test("the first view loads its own part of the program alone, within its budget", async () => {
  const { open } = await deployment();
  const loaded = [];
  const page = await open("", { prepare: withoutRest(loaded) });
  await ready(page);
  assert.deepEqual(loaded.filter((path) => LATER.test(path) && !REST.test(path)), []);
  const files = await readdir(dist);
  const own = loaded.filter((path) => !REST.test(path)).map((path) => path.slice(1) || "index.html").filter((name) => files.includes(`${name}.br`));
  assert.ok(["index.html", "boot.js"].every((name) => own.includes(name)) && own.some((name) => name.endsWith("_bg.wasm")), own.join(" "));
  const sizes = await Promise.all(own.map(async (name) => (await stat(join(dist, `${name}.br`))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= BUDGET * 1.02, `the first view weighs ${bytes} bytes, and may weigh ${BUDGET}`);
  await finish(page, without);
});

/** Ordinary deployments, of which none may need more: what a person sees first must not wait for a second file. */
const ORDINARY = {
  "one person": { people: 1 },
  "nobody yet": { people: 0 },
  "many people": { people: 400, accounts: 900 },
  "a running day without an answer": { change: (endpoint, answer) => (endpoint === "insights" ? { ...answer, interval_reports: answer.interval_reports?.slice(0, -1) } : answer) },
  "nothing to compare with": {
    change: (endpoint, answer) => {
      if (endpoint === "daus") return { ...answer, entries: answer.entries.slice(0, 10) };
      return endpoint === "insights" && answer.report?.start_time < "2026-10-20" ? { report: null, interval_reports: [] } : answer;
    },
  },
  "another season": { now: "2027-05-19T06:10:00Z", people: 17 },
  "no limit of seats": { change: (endpoint, answer) => (endpoint === "entitlements" ? { ...answer, features: {} } : answer) },
};

for (const [name, options] of Object.entries(ORDINARY)) {
  test(`the first view needs nothing that comes later: ${name}`, async () => {
    const { open } = await deployment(options);
    for (const visit of [{ locale: "en-US", timezoneId: "America/New_York" }, { locale: "de-DE", timezoneId: "Asia/Kathmandu", viewport: { width: 375, height: 800 }, colorScheme: "dark" }]) {
      const loaded = [];
      const page = await open("", { ...visit, prepare: withoutRest(loaded) });
      // Were it needed, the page would stop.
      await ready(page);
      assert.deepEqual(loaded.filter((path) => LATER.test(path) && !REST.test(path)), []);
      await finish(page, without);
    }
  });
}

test("a function that is called before it is there is waited for", async () => {
  const { open, fake } = await deployment();
  fake.behave("daus", "forbidden");
  const loaded = [];
  const page = await open("", { prepare: listen(loaded) });
  await reaches(page, "daus", "forbidden");
  await ready(page);
  assert.ok(loaded.some((path) => REST.test(path)));
  await finish(page, [/^403: GET \S+daus/]);
});

test("the rest of the program that cannot be had is said, with a way out", async () => {
  const { open, fake } = await deployment();
  fake.behave("daus", "forbidden");
  const page = await open("", { prepare: (page) => page.route(REST, (route) => route.abort()) });
  await page.getByRole("alert").getByText("the page had to stop").waitFor();
  await page.unroute(REST);
  await page.getByRole("link", { name: "Reload the page" }).click();
  await reaches(page, "daus", "forbidden");
  await ready(page);
  await finish(page, [/./]);
});

test("what a person asks for loads then, and once", async () => {
  const { open } = await deployment();
  const loaded = [];
  const page = await open("", { prepare: listen(loaded) });
  await ready(page);
  for (const panel of ["daus", "user-status"]) {
    await page.locator(`#${panel}`).getByRole("button", { name: "Show table" }).click();
    await page.locator(`#${panel} table`).waitFor();
  }
  assert.equal(loaded.filter((path) => /\/tables-/.test(path)).length, 1);
  assert.equal(loaded.filter((path) => /\/(pages|demo)-/.test(path)).length, 0);
  await page.getByRole("link", { name: "Templates" }).click();
  await page.locator("#templates").waitFor();
  await ready(page);
  assert.equal(loaded.filter((path) => /\/pages-/.test(path)).length, 1);
  await finish(page);
});

test("a part that cannot be had is said in its place, and the rest stays", async () => {
  const { open } = await deployment();
  const page = await open("");
  await ready(page);
  const gone = /\/(tables|tools|pages)-[0-9a-f]+\.wasm$/;
  await page.route(gone, (route) => route.abort());
  await page.locator("#daus").getByRole("button", { name: "Show table" }).click();
  await page.locator("#daus").getByRole("alert").getByText("A part of this page is missing").waitFor();
  assert.equal(await page.locator("#daus canvas").count() > 0, true);
  await page.locator("#daus").getByRole("button", { name: "Image" }).click();
  await page.locator("#daus").getByRole("button", { name: "Save PNG" }).click();
  await page.locator(".toast", { hasText: "could not be loaded" }).waitFor();
  await page.getByRole("link", { name: "Templates" }).click();
  await page.locator("main").getByRole("alert").getByRole("button", { name: "Reload the page" }).waitFor();
  await page.unroute(gone);
  await page.locator("main").getByRole("alert").getByRole("button", { name: "Reload the page" }).click();
  await page.locator("#templates").waitFor();
  await ready(page);
  await finish(page, [/net::ERR_FAILED/, /Failed to fetch/, /^failed: GET \S+\.wasm/]);
});

test("every file of the program must be what the page says it is", async () => {
  const html = await readFile(join(dist, "index.html"), "utf8");
  const names = (await readdir(dist)).filter((name) => /\.(js|wasm|css)$/.test(name) && !["boot.js", "host.js"].includes(name));
  const loader = await readFile(join(dist, names.find((name) => /^metrics-.*\.js$/.test(name))), "utf8");
  const table = (await readdir(dist)).find((name) => /^parts-.*\.json$/.test(name));
  const parts = await readFile(join(dist, table), "utf8");
  const { createHash } = await import("node:crypto");
  for (const name of [...names, table]) {
    const is = `sha384-${createHash("sha384").update(await readFile(join(dist, name))).digest("base64")}`;
    assert.ok(html.includes(is) || loader.includes(is) || parts.includes(is), `${name}: nothing says what it must be`);
  }
  const broken = await mkdtemp(join(tmpdir(), "metrics-parts-"));
  later(() => rm(broken, { recursive: true }));
  await cp(dist, broken, { recursive: true });
  const part = names.find((name) => name.startsWith("pages-"));
  for (const ending of [".br", ".gz"]) await rm(join(broken, part + ending));
  const bytes = await readFile(join(broken, part));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(join(broken, part), bytes);
  const server = await start({ dist: broken });
  const page = await open("templates", { server });
  await page.locator("main").getByRole("alert").getByText("A part of this page is missing").waitFor();
  await finish(page, [/integrity checks failed|valid digest/, /Failed to fetch/, /^404: GET \S+\/config\.json$/]);
});
