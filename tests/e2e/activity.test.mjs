// The Activity page against a server of Coder v1: a token typed in the page, filters in requests, figures, refusals.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, finish, fits, later, noConfig, NOW, open, reaches, ready, start, table, wellFormed } from "./harness.mjs";
import { coderV1, figures, slowly } from "./v1.mjs";

const TOKEN = "Old0123-qwertyuiop";
const PANELS = ["activity", "actions", "most-active"];

async function deployment() {
  const fake = await coderV1({ token: TOKEN });
  later(fake.close);
  const source = { id: "v1", kind: "coder-v1", label: "Coder v1", base_url: "/", auth: "token", categories: { app: "app" } };
  const server = await start({ config: { version: 1, sources: [source] }, proxy: [{ path: "/api/", target: fake.url }] });
  return { fake, open: (path, more = {}) => open(path, { server, now: NOW, ...more }) };
}

async function sign(page) {
  const form = page.locator("#activity form.token");
  await form.getByLabel("Token for this tab").fill(TOKEN);
  await form.getByRole("button", { name: "Use token" }).press("Enter");
}

/** Opens the page and signs in. */
async function signedIn(path, more) {
  const { fake, open } = await deployment();
  const page = await open(path, more);
  await ready(page);
  await sign(page);
  return { fake, page };
}

test("a token typed in the page goes into its header, and the figures are those of the server", async () => {
  const { fake, open } = await deployment();
  const page = await open("activity?from=2026-11-16&to=2026-11-20");
  await ready(page);
  for (const id of PANELS) await reaches(page, id, "unauthorized");
  assert.deepEqual(fake.requests, []);
  await sign(page);
  for (const id of PANELS) await reaches(page, id, "ready");
  await ready(page);
  for (const { headers, url } of fake.requests) {
    assert.equal(headers["session-token"], TOKEN);
    assert.equal(headers["coder-session-token"] ?? headers.cookie ?? headers.authorization, undefined);
    assert.equal(url.includes(TOKEN), false);
  }
  assert.equal((await page.content()).includes(TOKEN), false);

  const days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
  const seconds = (day) => Array.from({ length: figures.people(day) }, (_, person) => figures.minutes(person) * 60).reduce((sum, one) => sum + one, 0);
  const time = await table(page, "activity");
  assert.equal(time.caption, "Activity over time");
  assert.deepEqual(time.rows, days.map((day, index) => [day, figures.people(day), seconds(day), index === 4 ? "so far" : null]));
  const mean = days.slice(0, 4).reduce((sum, day) => sum + figures.people(day), 0) / 4;
  assert.match(await page.locator("#activity .panel-headline").innerText(), new RegExp(`^${mean} on average over 4 whole days$`));
  const actions = await table(page, "actions");
  assert.deepEqual(actions.columns.slice(1, -1), ["Any", "IDE", "Login", "App", "Tunnel", "Web terminal"]);
  assert.deepEqual(actions.rows[0].slice(1, -1), [undefined, "ide", "login", "app", "tunnel", "web-terminal"].map((one) => figures.people(days[0], one)));
  const people = await table(page, "most-active");
  const named = people.rows.map(([name]) => name);
  assert.ok(named.includes("<b>reed-02</b>") && named.includes("=moss-11"), named.join());
  assert.match(people.rows.at(-1).at(-1), /^contradicts its count/);
  await wellFormed(page);
  await accessible(page);
  await fits(page);
  await finish(page);
});

test("without any other source the page is the first one", async () => {
  const { open } = await deployment();
  const page = await open("?range=14d");
  await page.waitForURL(/\/activity\?range=14d$/);
  await ready(page);
  await reaches(page, "activity", "unauthorized");
  assert.deepEqual(await page.locator("#tabs a").allInnerTexts(), ["Activity"]);
  await finish(page);
});

test("the filters make the request, and curl says it", async () => {
  const { fake, page } = await signedIn("activity?from=2026-11-04&to=2026-11-20");
  await reaches(page, "activity", "ready");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("#interval").selectOption("week");
  await page.locator("#action").selectOption("tunnel");
  await page.locator("#org").click();
  await page.getByRole("option", { name: "Research & Co" }).click();
  await page.waitForURL(/interval=week&org=60dd-b&action=tunnel/);
  await ready(page);
  const asked = fake.requests.filter(({ query }) => query.category === "tunnel" && query.org).map(({ query }) => query);
  const org = { category: "tunnel", interval: "1 week", org: "60dd-b" };
  assert.deepEqual(asked, [
    { start: "2026-11-04T00:00:00.000000Z", end: "2026-11-09T00:00:00.000000Z", ...org },
    { start: "2026-11-09T00:00:00.000000Z", end: "2026-11-21T00:00:00.000000Z", ...org },
  ]);
  const { rows } = await table(page, "activity");
  assert.deepEqual(rows.map(([day, , , note]) => [day, note]), [["2026-11-04", "cut short by the range"], ["2026-11-09", null], ["2026-11-16", "so far"]]);
  await page.locator("#activity").getByRole("button", { name: "Copy as curl" }).click();
  await page.locator(".toast", { hasText: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /\/api\/private\/metrics\/activity\?start=2026-11-09T00:00:00\.000000Z&end=2026-11-21T00:00:00\.000000Z&category=tunnel&interval=1%20week&org=60dd-b' -H 'Accept: application\/json' -H 'Session-Token: <token>'$/);
  await finish(page);
});

test("an interval in the words of the API is typed, seen, copied and saved, and stands in no address", async () => {
  const { fake, page } = await signedIn("activity?from=2026-11-02&to=2026-11-20&action=ide&show=title,filters,panel:activity");
  const panel = await reaches(page, "activity", "ready");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const field = panel.getByRole("textbox", { name: "Other interval" });
  const before = page.url();
  await field.fill("two weeks");
  await field.press("Enter");
  await panel.getByText("A number up to 999 and a unit").waitFor();
  assert.equal(fake.requests.filter(({ query }) => query.interval === "2 week").length, 0);
  await field.fill("2 Weeks");
  await field.press("Enter");
  await panel.locator(".panel-notes", { hasText: "Asked for as “2 week”" }).waitFor();
  await ready(page);
  assert.deepEqual(fake.requests.at(-1).query, { start: "2026-11-02T00:00:00.000000Z", end: "2026-11-21T00:00:00.000000Z", category: "ide", interval: "2 week" });
  const { rows } = await table(page, "activity");
  assert.deepEqual(rows.map(([day, people, , note]) => [day, people, note]), [["2026-11-02", figures.people("2026-11-02", "ide"), null], ["2026-11-16", figures.people("2026-11-16", "ide"), "so far"]]);
  assert.equal(page.url(), before);
  await accessible(page);
  const [file] = await Promise.all([page.waitForEvent("download"), panel.getByRole("button", { name: "Download CSV" }).click()]);
  assert.match(await readFile(await file.path(), "utf8"), /Asked for as “2 week”/);
  await panel.getByRole("button", { name: "Copy as curl" }).click();
  await page.locator(".toast", { hasText: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /category=ide&interval=2%20week' -H 'Accept/);
  await panel.getByRole("button", { name: "Back to the interval of the page" }).click();
  await panel.locator("canvas").first().waitFor();
  assert.equal(await field.inputValue(), "");
  await finish(page);
});

const tall = { viewport: { width: 1440, height: 3000 } };
const number = (text) => Number(/\d+/.exec(text)[0]);

test("who is new, stays, returns and lapses, and the people behind a cell", async () => {
  const { page } = await signedIn("activity?from=2026-09-28&to=2026-11-20&interval=week", tall);
  for (const id of ["lifecycle", "retention"]) await reaches(page, id, "ready");
  const mondays = ["2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"];
  // People are numbered: a week with n of them has the first n.
  const people = mondays.map((day) => figures.people(day));
  const most = people.map((_, week) => Math.max(0, ...people.slice(0, week)));
  const changes = people.map((now, week) => {
    const before = people[week - 1];
    const staying = Math.min(now, before);
    return [mondays[week], now, staying, Math.max(0, Math.min(now, most[week]) - staying), Math.max(0, now - most[week]), before - staying, null];
  }).slice(1);
  changes.at(-1).splice(5, 2, null, "so far");
  assert.deepEqual((await table(page, "lifecycle")).rows, changes);

  const retention = await table(page, "retention");
  const firsts = people.slice(0, -1).map((now, week) => Math.max(0, now - most[week]));
  assert.deepEqual(retention.rows.map(([, size]) => size), firsts);
  const chart = page.locator("#retention .chart-frame");
  await chart.focus();
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.locator("#retention .tooltip", { hasText: "Week 2" }).waitFor();
  const spoken = page.locator("#retention [role=status]", { hasText: "Week 2" });
  await spoken.waitFor();
  const there = retention.rows[0][3];
  assert.equal(number((await spoken.innerText()).split("Week 2: ")[1]), there);
  await page.keyboard.press("ArrowDown");
  await page.locator("#retention .tooltip", { hasText: "5–11 Oct" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.locator("#retention th[data-column='name']", { hasText: "First seen 28 Sept – 4 Oct 2026, active 12–18 Oct 2026" }).waitFor();
  assert.equal(await page.locator("#retention table").first().locator("tbody tr").count(), there);
  await wellFormed(page);
  await page.locator("#retention").getByRole("button", { name: "Nobody" }).click();
  await page.locator("#retention th[data-column='name']").waitFor({ state: "detached" });
  await finish(page);
});

test("days stand below each other by their weekday; what is pointed at is what the table says", async () => {
  const { page } = await signedIn("activity?from=2026-11-02&to=2026-11-20", tall);
  await reaches(page, "weekdays", "ready");
  const { rows } = await table(page, "weekdays");
  assert.equal(rows.length, 19);
  const chart = page.locator("#weekdays .chart-frame");
  await chart.focus();
  const said = (day) => page.locator("#weekdays [role=status]", { hasText: day });
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowRight");
  await said("10 Nov").waitFor();
  assert.ok((await said("10 Nov").innerText()).includes(`Active users: ${rows[8][2]}`));
  const tip = page.locator("#weekdays .tooltip");
  const cell = page.locator("#weekdays .overlay canvas");
  const [first, size] = [await cell.boundingBox(), await tip.boundingBox()];
  assert.ok(size.x >= 0 && size.x + size.width <= 1440);
  // By the mouse the same cell, and in the chart above the same day.
  await page.mouse.move(first.x + first.width / 2, first.y + first.height / 2);
  await tip.locator("p", { hasText: "10 Nov" }).first().waitFor();
  assert.ok(await page.locator("#activity .overlay canvas").count() > 0);
  await page.mouse.click(first.x + first.width / 2, first.y + first.height / 2);
  await page.waitForURL(/from=2026-11-10&to=2026-11-10/);
  await finish(page);
});

test("the scale of small charts is the same, or their own", async () => {
  const { page } = await signedIn("activity?from=2026-11-02&to=2026-11-20", tall);
  await reaches(page, "actions", "ready");
  const picture = () => page.locator("#actions .chart-frame > canvas").evaluate((canvas) => canvas.toDataURL());
  const same = await picture();
  await page.locator("#actions").getByRole("button", { name: "Its own each" }).click();
  await page.waitForFunction((same) => document.querySelector("#actions .chart-frame > canvas").toDataURL() !== same, same);
  await page.locator("#actions").getByRole("button", { name: "Same for all" }).click();
  await page.waitForFunction((same) => document.querySelector("#actions .chart-frame > canvas").toDataURL() === same, same);
  // They are pointed at, too.
  const box = await page.locator("#actions .chart-frame").boundingBox();
  await page.mouse.move(box.x + box.width / 4, box.y + 70);
  await page.locator("#actions .tooltip", { hasText: "Web terminal" }).waitFor();
  await finish(page);
});

for (const { what, answer, state, words } of [
  { what: "403", answer: [403, { error: { msg: "only managers may see metrics", code: "forbidden" } }], state: "forbidden", words: /Not allowed[^]*only managers may see metrics/ },
  { what: "404", answer: [404, { error: { msg: "route not found", code: "not_found" } }], state: "unsupported", words: /Not supported by this server[^]*route not found/ },
  { what: "429", answer: [429, { error: { msg: "slow down" } }, { "Retry-After": "30" }], state: "limited", words: /Too many requests[^]*wait 30 seconds/ },
]) {
  test(`${what}: ${state}`, async () => {
    const { fake, page } = await signedIn("activity?range=7d");
    for (const id of PANELS) await reaches(page, id, "ready");
    fake.behave(answer);
    await page.locator("#interval").selectOption("week");
    for (const id of PANELS) assert.match(await (await reaches(page, id, state)).innerText(), words);
    await ready(page);
    await finish(page, [new RegExp(`^${what}: GET `)]);
  });
}

test("actions come one by one, and one that the server does not know fails alone", async () => {
  const { fake, page } = await signedIn("activity?range=7d");
  await reaches(page, "actions", "ready");
  await page.reload();
  await ready(page);
  fake.behave(slowly(1500, ({ category }) => category === "login"));
  await sign(page);
  await page.locator("#actions .panel-headline", { hasText: "5 of 6 actions loaded" }).waitFor();
  await reaches(page, "actions", "ready");
  fake.behave(({ category }) => (category === "web-terminal" ? [400, { error: { msg: "unknown category" } }] : undefined));
  await page.locator("#interval").selectOption("week");
  assert.match(await (await reaches(page, "actions", "partial")).innerText(), /Web terminal: The server refused the request/);
  await reaches(page, "activity", "ready");
  await finish(page, [/^400: GET /]);
});

test("the demo has the page, too", async () => {
  const server = await start();
  const page = await open("activity?range=14d", { server, now: NOW, viewport: { width: 320, height: 800 }, colorScheme: "dark" });
  await ready(page);
  for (const id of [...PANELS, "weekdays", "lifecycle"]) await reaches(page, id, "ready");
  assert.equal((await table(page, "activity")).rows.length, 14);
  await wellFormed(page);
  await accessible(page);
  await fits(page);
  await finish(page, [noConfig]);
});

test("every panel is readable in every theme and width", async () => {
  const server = await start();
  for (const [theme, width, more] of [["light", 1440], ["dark", 768], ["contrast", 375], ["system", 320, { forcedColors: "active" }]]) {
    const page = await open(`activity?theme=${theme}`, { server, now: NOW, viewport: { width, height: 900 }, ...more });
    await ready(page);
    for (const id of [...PANELS, "weekdays", "lifecycle", "retention"]) {
      await reaches(page, id, "ready");
      await page.locator(`#${id}`).getByRole("button", { name: "Show table" }).click();
    }
    await page.locator("#retention table").waitFor();
    await wellFormed(page);
    // Forced colours are the system's.
    await accessible(page, more ? { without: ["color-contrast"] } : {});
    await fits(page);
    await finish(page, [noConfig]);
  }
});
