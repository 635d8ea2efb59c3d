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
  return { fake, open: (path) => open(path, { server, now: NOW }) };
}

async function sign(page) {
  const form = page.locator("#activity form.token");
  await form.getByLabel("Token for this tab").fill(TOKEN);
  await form.getByRole("button", { name: "Use token" }).press("Enter");
}

/** Opens the page and signs in. */
async function signedIn(path) {
  const { fake, open } = await deployment();
  const page = await open(path);
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
  const field = panel.getByRole("textbox", { name: "Interval in the words of the API" });
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
  for (const id of PANELS) await reaches(page, id, "ready");
  assert.equal((await table(page, "activity")).rows.length, 14);
  await wellFormed(page);
  await accessible(page);
  await fits(page);
  await finish(page, [noConfig]);
});
