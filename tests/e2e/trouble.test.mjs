// A bad day: a server that takes half a minute, one request in many that fails, a program that really panics. And a view
// of which only one part is shown, as portals do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { NOW, deployment, finish, open, panel, reaches, ready, start, table, tiles } from "./harness.mjs";

const OVERVIEW = ["user-status", "daus", "active-users"];
const days = (from, to) => {
  const all = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) all.push(new Date(day).toISOString().slice(0, 10));
  return all;
};

test("half a minute without an answer: loading is said, the page can be used, and then the figures come", async () => {
  const { fake, open } = await deployment();
  // As if every answer took 30 seconds: they are held back while the page's own clock runs on.
  const held = [];
  fake.behave("*", (res) => held.push(res));
  const page = await open("?range=7d&tz=UTC&compare=none", { now: undefined, prepare: (page) => page.clock.install({ time: new Date(NOW) }) });
  for (const id of OVERVIEW) await reaches(page, id, "loading");
  await page.clock.fastForward(30_000);
  for (const id of OVERVIEW) {
    const { element, state } = await panel(page, id);
    assert.equal(state, "loading", `${id} neither fails nor shows anything`);
    assert.equal(await element.getAttribute("aria-busy"), "true");
    assert.ok(await element.locator(".skeleton").isVisible());
    assert.equal(await element.locator("data, canvas, table").count(), 0);
  }
  for (const [id, tile] of Object.entries(await tiles(page))) assert.deepEqual([tile.state, tile.value], ["loading", null], id);
  assert.equal(await page.locator("html").getAttribute("data-ready"), "false");
  // Filters and tabs answer at once; what nobody wants any more is given up.
  await page.locator("#compare").selectOption("previous");
  await page.waitForFunction(() => !location.search.includes("compare=none"));
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await reaches(page, "apps", "loading");
  await page.goBack();
  await page.goBack();
  await reaches(page, "daus", "loading");
  fake.heal();
  for (const res of held) if (!res.destroyed) res.destroy();
  for (const id of OVERVIEW) await reaches(page, id, "ready", { timeout: 20_000 });
  await ready(page);
  assert.deepEqual((await table(page, "active-users")).rows.map((row) => row[1]), days("2026-11-14", "2026-11-20").map(figures.activeOn));
  // An answer that never came is a lost connection, which is asked again by itself.
  await finish(page, [/^failed: GET \S+ net::ERR_/, /^502: GET /]);
});

test("one request in many fails, all the time: everything recovers, and no figure is wrong", async () => {
  const { open } = await deployment();
  // Far more than the one in a hundred that is bad enough, in every way, and always at the same places of the run.
  let asked = 0;
  let failed = 0;
  const ways = [(route) => route.abort("connectionreset"), (route) => route.fulfill({ status: 503, body: "upstream" })];
  const prepare = (page) =>
    page.route("**/api/v2/**", (route) => {
      asked += 1;
      return asked % 9 === 4 ? ways[failed++ % ways.length](route) : route.continue();
    });
  const page = await open("?range=7d&tz=UTC&compare=none", { prepare });
  for (const [query, first, last] of [
    ["range=7d", "2026-11-14", "2026-11-20"],
    ["range=14d", "2026-11-07", "2026-11-20"],
    ["from=2026-11-02&to=2026-11-08", "2026-11-02", "2026-11-08"],
    ["from=2026-10-05&to=2026-10-20", "2026-10-05", "2026-10-20"],
    ["range=28d", "2026-10-24", "2026-11-20"],
  ]) {
    await page.goto(new URL(`?${query}&tz=UTC&compare=none`, page.url()).href);
    await ready(page);
    for (const id of OVERVIEW) await reaches(page, id, "ready", { timeout: 20_000 });
    await ready(page);
    const expected = days(first, last);
    for (const [id, figure] of [["active-users", figures.activeOn], ["daus", figures.dau]]) {
      assert.deepEqual((await table(page, id)).rows.map((row) => row.slice(0, 2)), expected.map((day) => [day, figure(day)]), `${id} of ${query}`);
    }
    assert.deepEqual(Object.values(await tiles(page)).filter(({ state }) => state !== "ready"), []);
  }
  assert.ok(failed >= 4, `${failed} of ${asked} failed`);
  await finish(page, [/^503: GET /, /^failed: GET \S+ net::ERR_CONNECTION_RESET/]);
});

test("a program that panics says so and shows a way out", async () => {
  const { open } = await deployment({ now: () => new Date() });
  // With a clock of the browser's own, as the report reads its timeline.
  const page = await open("?range=7d&tz=UTC", { now: undefined });
  await ready(page);
  // The browser refuses to make an element, once: the program takes for granted that it can.
  await page.evaluate(() => {
    const kept = [[Document.prototype, "createElement"], [Document.prototype, "createElementNS"], [Node.prototype, "cloneNode"]].map(([owner, name]) => [owner, name, owner[name]]);
    for (const [owner, name] of kept) {
      owner[name] = () => {
        for (const [owner, name, method] of kept) owner[name] = method;
        throw new Error("no more elements");
      };
    }
  });
  await page.locator("#daus").getByRole("button", { name: "Show table", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "had to stop" }).waitFor();
  assert.match(await page.innerText("#boot pre"), /panic at \S+\.rs:\d+/, "the report names the place");
  assert.doesNotMatch(await page.innerText("#boot pre"), /127\.0\.0\.1|no more elements/);
  assert.equal(await page.locator("section.panel:visible").count(), 0, "what is dead does not look alive");
  assert.equal(await page.locator("html").getAttribute("data-failed"), "true");
  await page.getByRole("link", { name: "Reload the page" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.failed === undefined);
  await ready(page);
  await finish(page, [/^console error: panicked at /, /^uncaught: /]);
});

test("each part alone: what show= names is there, and nothing else", async () => {
  const server = await start();
  const PARTS = { title: "header.page-head", tabs: "nav.tabs", filters: "#filters", footer: "footer.page-footer", "panel:tiles": ".tiles", "panel:user-status": "#user-status", "panel:daus": "#daus", "panel:active-users": "#active-users" };
  const page = await open("", { server });
  await ready(page);
  for (const [part, selector] of Object.entries(PARTS)) assert.equal(await page.locator(selector).count(), 1, `${part}, of all`);
  for (const part of Object.keys(PARTS)) {
    await page.goto(new URL(`?show=${part}`, server.url).href);
    await ready(page);
    for (const [other, selector] of Object.entries(PARTS)) {
      // Without the name of any panel all of them are shown: the part is what is around them.
      const is = other === part || (other.startsWith("panel:") && !part.startsWith("panel:"));
      assert.equal(await page.locator(selector).count(), is ? 1 : 0, `${other} where ${part} is shown`);
    }
  }
  // Panels of other pages, too, each by its own address.
  for (const [path, id] of [["activity", "activity"], ["templates", "apps"], ["people", "people"]]) {
    await page.goto(new URL(`${path}?show=panel:${id}`, server.url).href);
    await ready(page);
    assert.deepEqual(await page.locator("section.panel").evaluateAll((panels) => panels.map(({ id }) => id)), [id]);
    assert.equal(await page.locator("header.page-head, nav.tabs, #filters, footer.page-footer").count(), 0);
  }
  await finish(page, [/^404: GET \S+\/config\.json$/]);
});
