// What is asked, how often, and what becomes of it when the question changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, finish, reaches, ready, table } from "./harness.mjs";

/** Notes every state of a panel together with what its picture or table says at that moment. */
async function history(page, id) {
  await page.evaluate((id) => {
    const section = document.getElementById(id);
    const note = () => {
      const said = `${section.dataset.state}: ${section.querySelector("figcaption, tbody")?.textContent ?? ""}`;
      if (globalThis.notes.at(-1) !== said) globalThis.notes.push(said);
    };
    globalThis.notes = [];
    note();
    new MutationObserver(note).observe(section, { attributes: true, subtree: true, childList: true, characterData: true });
  }, id);
  return () => page.evaluate(() => globalThis.notes);
}

const spans = (fake) => fake.requests.filter((request) => request.endpoint === "insights").map((request) => ({ ...request, ...Object.fromEntries(new URLSearchParams(request.query)) }));

/** Waits until the server has nothing under way. */
async function quiet(fake) {
  for (let tries = 0; tries < 100 && fake.requests.some((request) => request.state === "running"); tries += 1) await new Promise((done) => setTimeout(done, 20));
}

function onceEach(requests) {
  const all = requests.map((request) => `${request.endpoint}?${request.query}`);
  assert.deepEqual(all.filter((one, index) => all.indexOf(one) !== index), [], "asked twice");
}

test("the filter changes three times while the server is slow", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  onceEach(fake.requests);
  const notes = await history(page, "active-users");
  fake.behave("insights", undefined, { delay: 900 });
  await page.locator("#range").focus();
  for (const [first, last] of [["11-07", "11-13"], ["10-31", "11-06"], ["10-24", "10-30"]]) {
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction((search) => location.search === search, `?from=2026-${first}&to=2026-${last}&tz=UTC`);
    await reaches(page, "active-users", "stale");
    assert.match(await page.locator("#active-users figcaption").innerText(), /14–20 Nov 2026/, "the old picture stays");
    await page.waitForTimeout(120);
  }
  assert.equal(await page.locator("html").getAttribute("data-ready"), "false");
  assert.equal(await page.locator("#active-users").getAttribute("aria-busy"), "true");
  // Panels of other endpoints do not wait.
  await reaches(page, "daus", "ready");
  await reaches(page, "active-users", "ready");
  await ready(page);
  await quiet(fake);

  const said = await notes();
  for (const note of said) assert.match(note, /^(ready|stale): .*14–20 Nov 2026|^ready: .*24–30 Oct 2026/, "an answer to an older question was shown");
  assert.match(said.at(-1), /^ready: .*24–30 Oct 2026/);
  onceEach(fake.requests);
  const given = spans(fake).filter((one) => ["2026-11-14T00:00:00+00:00", "2026-11-07T00:00:00+00:00"].includes(one.end_time) && one.at > spans(fake)[0].at + 50);
  const superseded = given.filter((one) => one.state === "aborted");
  assert.ok(superseded.length >= 2, "requests were given up");
  assert.ok(page.aborted.length >= superseded.length);
  // What the last question needs too was kept, not asked again.
  assert.ok(spans(fake).some((one) => one.start_time.startsWith("2026-10-24") && one.end_time.startsWith("2026-10-31") && one.state === "answered"));
  assert.deepEqual((await table(page, "active-users")).rows.map((row) => row[0]), ["24", "25", "26", "27", "28", "29", "30"].map((day) => `2026-10-${day}`));
  await finish(page);
});

test("there and back again: the answer that is known is shown at once, the other is given up", async () => {
  const { fake, open } = await deployment();
  const page = await open("templates?range=7d&tz=UTC");
  await ready(page);
  const before = fake.requests.length;
  const rows = (await table(page, "user-activity")).rows;
  for (const endpoint of ["activity", "latency", "insights"]) fake.behave(endpoint, undefined, { delay: 1500 });
  const notes = await history(page, "user-activity");
  await page.locator("#range-earlier").click();
  // Tables stay as pictures do.
  for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "stale");
  assert.deepEqual((await table(page, "user-activity")).rows, rows);
  await page.goBack();
  for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "ready", { timeout: 1_000 });
  await ready(page);
  await quiet(fake);
  assert.deepEqual(fake.requests.slice(before).map((request) => request.state), ["aborted", "aborted", "aborted"]);
  assert.equal(fake.requests.length, before + 3);
  assert.deepEqual([...new Set((await notes()).map((note) => note.split(":")[0]))].sort(), ["ready", "stale"]);
  await finish(page);
});

test("colours, tables and parts of the page ask for nothing", async () => {
  const { fake, open } = await deployment();
  const page = await open("?tz=UTC");
  await ready(page);
  const before = fake.requests.length;
  await page.locator("#theme").selectOption("contrast");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "contrast");
  // Addresses of the same page, as a link within it.
  for (const search of ["?tz=UTC&sort=-active_users", "?tz=UTC&q=ada&page=2", "?tz=UTC&show=panel:daus", "?tz=UTC&show=title,panel:daus,panel:active-users", "?tz=UTC&utm=x", "?tz=UTC&action=ide"]) {
    await page.evaluate((search) => {
      const link = document.createElement("a");
      link.href = search;
      document.querySelector(".page").append(link);
      link.click();
      link.remove();
    }, search);
    await page.waitForFunction((search) => location.search === search, search);
    await ready(page);
  }
  // Charts and tables that open and close.
  await table(page, "active-users");
  await page.locator("#daus .chart-frame").focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForTimeout(200);
  assert.deepEqual(fake.requests.slice(before).map((request) => request.path + request.query), []);
  await finish(page);
});

test("refresh asks everything once more and shows what came, without a flicker", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  const first = fake.requests.splice(0).map((request) => request.path + request.query).sort();
  const notes = await history(page, "daus");
  fake.behave("daus", (res) => setTimeout(() => res.writeHead(200, { "Content-Type": "application/json" }).end('{"entries":[{"date":"2026-11-19","amount":77},{"date":"2026-11-20","amount":5}],"tz_hour_offset":0}'), 300));
  await page.locator("#refresh").click();
  await page.waitForFunction(() => document.querySelector("#daus figcaption").textContent.includes("77"));
  await ready(page);
  assert.deepEqual(fake.requests.map((request) => request.path + request.query).sort(), first);
  assert.ok((await notes()).every((note) => /^(ready|partial): ./.test(note)), (await notes()).join("\n"));
  assert.deepEqual((await table(page, "daus")).rows.map((row) => row.slice(0, 2)), [["2026-11-19", 77], ["2026-11-20", 5]]);
  await finish(page);
});

test("an impatient person presses refresh while it runs: nothing is asked twice at a time", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC&show=title,panel:daus");
  await ready(page);
  const before = fake.asked("daus").length;
  fake.behave("daus", undefined, { delay: 600 });
  for (let press = 0; press < 4; press += 1) {
    await page.locator("#refresh").click();
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(100);
  await ready(page);
  assert.equal(fake.asked("daus").length - before, 1);
  assert.ok(fake.requests.every((request) => request.state === "answered"));
  await finish(page);
});
