// A world that comes and goes: faults that pass, a server that is gone, sleep over midnight and over a change of clocks,
// a tab out of sight, a lost connection, and a person who leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { deployment, finish, reaches, ready, table, tiles } from "./harness.mjs";

const OVERVIEW = ["user-status", "daus", "active-users"];
const CONFIG = { version: 1, sources: [{ id: "coder", kind: "coder", base_url: "/", auth: "cookie" }] };

/** Moves the page's clock. Its timers run on by themselves. */
const jump = (page, time) => page.clock.setFixedTime(new Date(time));

/** Makes the page believe that it is hidden, or seen again. */
const hide = (page, hidden) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);

/** Waits until something is true here, not in the page. */
async function until(what, is) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (is()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`not within 15 s: ${what}`);
}

/** The last day of a table, which is today in the zone of the view. */
const lastDay = async (page) => (await table(page, "active-users")).rows.at(-1)[0];

/** A deployment whose server lives by `time.now`, too. */
const moving = (time) => deployment({ now: () => time.now });

test("a fault that passes is never seen", async () => {
  const { fake, open } = await deployment();
  const seen = [];
  const prepare = async (page) => {
    await page.exposeBinding("noteState", (_, state) => seen.push(state));
    await page.addInitScript(() => {
      new MutationObserver((changes) => {
        for (const { target } of changes) if (target.matches("section.panel")) globalThis.noteState(target.dataset.state);
      }).observe(document, { subtree: true, attributeFilter: ["data-state"] });
    });
  };
  fake.behave("daus", "broken", { times: 1 });
  fake.behave("statuses", "half", { times: 1 });
  fake.behave("insights", (res) => res.destroy(), { times: 1 });
  const page = await open("?tz=UTC&compare=none", { prepare });
  for (const id of OVERVIEW) await reaches(page, id, "ready");
  await ready(page);
  assert.equal(fake.asked("daus").length, 2);
  assert.equal(fake.asked("statuses").length, 2);
  assert.deepEqual([...new Set(seen)], ["ready"]);
  await finish(page, [/^50[02]: GET /, /^failed: GET \S+ net::ERR_/]);
});

test("a server that is gone for a while is asked a few times more, later each time, and then left alone", async () => {
  const { fake, open } = await deployment();
  const unspread = (page) => page.addInitScript(() => (Math.random = () => 0));
  const page = await open("?tz=UTC&show=panel:daus", { prepare: unspread });
  await ready(page);
  fake.behave("daus", "broken");
  const before = fake.asked("daus").length;
  await page.locator("body").press("Tab");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  // Nothing failed yet: there is nothing to ask again.
  await page.waitForTimeout(100);
  assert.equal(fake.asked("daus").length, before);
  await jump(page, "2026-11-20T14:35:00Z");
  await hide(page, true);
  await hide(page, false);
  await until("three more tries", () => fake.asked("daus").length === before + 4);
  const times = fake.requests.filter((request) => request.endpoint === "daus").slice(-4).map((request) => request.at);
  const [first, second, third] = times.slice(1).map((at, index) => at - times[index]);
  const near = (gap, wait) => gap >= wait - 20 && gap < wait + 1500;
  assert.ok(near(first, 250) && near(second, 1000) && near(third, 4000), `${[first, second, third]}`);
  const panel = await reaches(page, "daus", "stale");
  assert.match(await panel.innerText(), /The server failed/);
  assert.match(await panel.innerText(), /14:25/, "the last figures stay, with their age");
  await page.waitForTimeout(1500);
  assert.equal(fake.asked("daus").length, before + 4, "nothing loops");
  await finish(page, [/^500: GET /]);
});

for (const [what, how, allowed] of [
  ["half an answer", "half", /^failed: GET \S+ net::ERR_/],
  ["an answer cut short", (res) => res.writeHead(200, { "Content-Type": "application/json" }).end('{"entries":[{"date":"2026-11-20","amount":1'), /^$/],
  ["a server that ends the connection", (res) => res.destroy(), /^(502: GET |failed: GET )/],
  ["too many requests", "limited", /^429: GET /],
]) {
  test(`${what}, later on: the last figures stay, with their age`, async () => {
    const { fake, open } = await deployment();
    const page = await open("?range=7d&tz=UTC");
    await ready(page);
    const { rows } = await table(page, "daus");
    await jump(page, "2026-11-20T14:35:00Z");
    fake.behave("daus", how);
    await page.locator("#refresh").click();
    const panel = await reaches(page, "daus", "stale");
    assert.deepEqual((await table(page, "daus")).rows, rows);
    assert.match(await panel.locator(".panel-source").innerText(), /fetched 14:25/);
    await page.waitForFunction(() => document.querySelector("#freshness").textContent.includes("14:25"));
    // Only what failed is old.
    assert.match(await (await reaches(page, "user-status", "ready")).innerText(), /fetched 14:35/);
    fake.heal();
    await finish(page, [allowed]);
  });
}

test("no answer for half a minute, later on: until it comes the last figures stay, with their age", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  const { rows } = await table(page, "daus");
  await jump(page, "2026-11-20T14:35:00Z");
  const held = [];
  fake.behave("daus", (res) => held.push(res));
  await page.locator("#refresh").click();
  await until("the question", () => held.length === 1);
  // As if half a minute had passed.
  await jump(page, "2026-11-20T14:35:30Z");
  const fetched = (panel, time) => page.waitForFunction(([panel, time]) => document.querySelector(`#${panel} .panel-source`).textContent.includes(`fetched ${time}`), [panel, time]);
  await fetched("user-status", "14:35");
  await reaches(page, "user-status", "ready");
  assert.deepEqual((await table(page, "daus")).rows, rows);
  assert.match(await page.locator("#daus .panel-source").innerText(), /fetched 14:25/);
  assert.equal(await page.locator("#refresh").getAttribute("aria-busy"), "true");
  fake.heal();
  held[0].destroy();
  await fetched("daus", "14:35");
  await finish(page, [/^failed: GET /, /^502: GET /]);
});

test("what a server refuses is not asked again", async () => {
  const { fake, open } = await deployment();
  for (const [endpoint, how] of [["daus", "forbidden"], ["statuses", "missing"], ["entitlements", "garbage"], ["templates", "unauthorized"]]) fake.behave(endpoint, how);
  const page = await open("?tz=UTC");
  await ready(page);
  await page.waitForTimeout(900);
  for (const endpoint of ["daus", "statuses", "entitlements", "templates"]) assert.equal(fake.asked(endpoint).length, 1, endpoint);
  await finish(page, [/^40[134]: GET /]);
});

test("half an answer is no answer: cut off, or cut short", async () => {
  const { fake, open } = await deployment();
  fake.behave("daus", "half");
  fake.behave("statuses", (res) => res.writeHead(200, { "Content-Type": "application/json" }).end('{"status_counts":{"active":[{"date":"2026-11-20T00:00:00Z","count":5'));
  const page = await open("?tz=UTC");
  await ready(page);
  assert.match(await (await reaches(page, "daus", "failed")).innerText(), /No connection/);
  assert.match(await (await reaches(page, "user-status", "failed")).innerText(), /The answer could not be read/);
  for (const id of ["daus", "user-status"]) assert.equal(await page.locator(`#${id}`).locator("table, canvas, data").count(), 0, "half a figure is none");
  await finish(page, [/^failed: GET \S+ net::ERR_/]);
});

test("a computer that slept over midnight: today is another day", async () => {
  const time = { now: "2026-11-20T22:50:00Z" };
  const { fake, open } = await moving(time);
  const page = await open("?range=7d&tz=Europe/Berlin", { now: time.now });
  await ready(page);
  assert.equal(await lastDay(page), "2026-11-20");
  const before = fake.requests.length;
  await jump(page, (time.now = "2026-11-20T23:10:00Z"));
  await page.locator("body").press("Tab");
  await page.waitForFunction(() => document.querySelector("#active-users tbody tr:last-child time")?.dateTime === "2026-11-21");
  await ready(page);
  assert.ok(fake.requests.length > before);
  assert.match(await page.locator("#freshness").innerText(), /Updated 00:10/);
  await finish(page);
});

test("over the end of summer time, too: the new day begins when its zone says so", async () => {
  const time = { now: "2026-10-24T22:30:00Z" };
  const { fake, open } = await moving(time);
  const page = await open("?range=7d&tz=Europe/Berlin", { now: time.now });
  await ready(page);
  assert.equal(await lastDay(page), "2026-10-25");
  assert.match(await page.locator(".page-footer").innerText(), /\+02:00|UTC\+2/);
  await jump(page, (time.now = "2026-10-25T22:59:00Z"));
  await hide(page, false);
  await page.waitForFunction(() => document.querySelector("#freshness").textContent.includes("23:59"));
  await ready(page);
  assert.equal(await lastDay(page), "2026-10-25", "a day of 25 hours");
  assert.match(await page.locator(".page-footer").innerText(), /\+01:00|UTC\+1/);
  await jump(page, (time.now = "2026-10-25T23:01:00Z"));
  const before = fake.requests.length;
  await page.locator("body").press("Tab");
  await page.waitForFunction(() => document.querySelector("#active-users tbody tr:last-child time")?.dateTime === "2026-10-26");
  assert.ok(fake.requests.length > before);
  await finish(page);
});

test("out of sight nothing is asked; back in sight what is old is", async () => {
  const { fake, open } = await deployment({ config: { ...CONFIG, refresh_seconds: 1 } });
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  await hide(page, true);
  const before = fake.requests.length;
  await jump(page, "2026-11-20T14:45:00Z");
  await page.waitForTimeout(1500);
  assert.equal(fake.requests.length, before, "hidden");
  await hide(page, false);
  await page.waitForFunction(() => document.querySelector("#freshness").textContent.includes("14:45"));
  await ready(page);
  const after = fake.requests.length;
  assert.ok(after > before);
  await page.waitForTimeout(1500);
  assert.equal(fake.requests.length, after, "by its own clock no second has passed");
  await jump(page, "2026-11-20T14:45:01Z");
  await until("a refresh by itself", () => fake.requests.length > after);
  await ready(page);
  // The proxy may lose a connection that has just ended; the page asks again.
  await finish(page, [/^502: GET /]);
});

test("offline and back: the last figures stay and say so, and are asked for again by themselves", async () => {
  const time = { now: "2026-11-20T14:25:00Z" };
  const { fake, open } = await moving(time);
  const page = await open("?range=7d&tz=UTC", { now: time.now });
  await ready(page);
  const shown = {};
  for (const id of OVERVIEW) shown[id] = (await table(page, id)).rows;
  const values = async () => Object.values(await tiles(page)).map(({ value }) => value);
  const figured = await values();
  const before = fake.requests.length;
  await page.context().setOffline(true);
  await page.locator("#offline").waitFor();
  // Within the hour the same is asked again; after it, other spans.
  for (const now of ["2026-11-20T14:55:00Z", "2026-11-20T15:10:00Z"]) {
    await jump(page, (time.now = now));
    await page.locator("#refresh").click();
    await page.waitForFunction(() => /14:25; not all could be had anew/.test(document.querySelector("#freshness").textContent));
    await ready(page);
    for (const id of OVERVIEW) {
      const panel = await reaches(page, id, "stale");
      assert.deepEqual((await table(page, id)).rows, shown[id]);
      assert.match(await panel.innerText(), /No connection[^]*fetched 14:25/);
    }
    assert.deepEqual(await values(), figured);
  }
  // A question that was never asked has no last figures. The week before has: it was compared with.
  await page.locator("#range-earlier").click();
  await page.waitForFunction(() => location.search.includes("2026-11-07"));
  await reaches(page, "active-users", "stale");
  await page.locator("#range-earlier").click();
  await reaches(page, "active-users", "failed");
  await page.goBack();
  await page.goBack();
  assert.equal(fake.requests.length, before);
  await page.context().setOffline(false);
  for (const id of OVERVIEW) await reaches(page, id, "ready");
  await ready(page);
  assert.equal(await page.locator("#offline").count(), 0);
  assert.equal(await page.locator("#freshness").innerText(), "Updated 15:10");
  assert.equal((await table(page, "daus")).rows.at(-1)[1], figures.dau("2026-11-20"));
  await finish(page, [/^failed: GET \S+ net::ERR_INTERNET_DISCONNECTED$/]);
});
