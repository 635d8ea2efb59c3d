// The table of everybody: more people than rows in the document, searched, sorted and chosen from by mouse and keys, the
// way of looking in the address; and the page of one person.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { accessible, deployment, finish, fits, noConfig, open as openAny, reaches, ready, start, table, wellFormed } from "./harness.mjs";

const ACCOUNTS = 2300;
const { fake, open } = await deployment({ people: 1500, accounts: ACCOUNTS });
const region = (page) => page.getByRole("region", { name: "Table: People" });
const rows = (page) => page.locator("#people tbody tr");
const names = (page) => rows(page).evaluateAll((rows) => rows.map((row) => row.cells[0].textContent));
/** The rows that can be seen, by their numbers from 1. */
const seen = (page) =>
  region(page).evaluate((region) => {
    const { top, bottom } = region.getBoundingClientRect();
    const head = region.querySelector("thead").getBoundingClientRect().height;
    const inside = (row) => row.getBoundingClientRect().top >= top + head - 1 && row.getBoundingClientRect().bottom <= bottom + 1;
    return [...region.querySelectorAll("tbody tr")].filter(inside).map((row) => Number(row.getAttribute("aria-rowindex")) - 1);
  });
const address = (page) => new URL(page.url()).search;
const count = (page) => page.locator("#people .table-count");

test("everybody is in the table, and few of them in the document", async () => {
  const page = await open("people");
  await ready(page);
  await reaches(page, "people", "ready");
  assert.deepEqual(fake.asked("users").sort(), ["limit=1000&offset=0", "limit=1000&offset=1000", "limit=1000&offset=2000"]);
  const never = Array.from({ length: ACCOUNTS }, (_, person) => figures.idle(person)).filter((idle) => idle === null).length;
  const headline = await page.locator("#people .panel-headline").innerText();
  assert.match(headline, new RegExp(`^2,300 people · [\\d,]+ idle ≥ 30 days · ${never} never seen$`));
  assert.equal(await region(page).locator("table").getAttribute("aria-rowcount"), String(ACCOUNTS + 1));
  assert.ok((await rows(page).count()) < 60);
  const { columns, rows: first } = await table(page, "people");
  const cell = (row, column) => first[row][columns.indexOf(column)];
  assert.equal(cell(2, "Time in range"), figures.seconds(2));
  assert.equal(cell(2, "Last seen"), "2026-11-06");
  assert.equal(cell(9, "Last seen"), "never");
  assert.equal(cell(9, "Idle days"), null);
  assert.equal(cell(6, "Latency p50"), null);
  assert.equal(cell(1, "Username"), figures.name(1), "names are text, not formulas and not markup");
  await wellFormed(page);
  await accessible(page);

  // Rows come and go, in order and without gaps, and the head stays.
  let last = await seen(page);
  assert.equal(last[0], 1);
  for (const top of [50, 700, 690, 30_000, 29_900, 75_000]) {
    await region(page).evaluate((region, top) => region.scrollTo(0, top), top);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    last = await seen(page);
    assert.ok(last.length > 10 && last.every((row, index) => row === last[0] + index), `${top}: ${last}`);
    const [first] = await region(page).locator(`tr[aria-rowindex="${last[0] + 1}"]`).evaluateAll((rows) => rows.map((row) => row.cells[1].textContent));
    assert.equal(first, figures.name(last[0] - 1));
  }
  assert.ok((await rows(page).count()) < 60);
  await finish(page);
});

test("however one scrolls, the frame shows the rows of its place, and rows say what new ones would", async () => {
  const page = await open("people?page=21");
  await ready(page);
  await page.locator('#people tr[aria-rowindex="1002"]').waitFor();
  const written = () => rows(page).evaluateAll((rows) => rows.map((row) => row.outerHTML));
  const fresh = await written();
  // Looked at in the frame in which the page hears of the step: where the head ends, in the middle, and at the lower edge.
  const steps = [100, 100, -300, 900, 900, -60, 1800, 33, -33, 20_000, -30_000, 60_000, -60_000, 100, 700, 400, 7];
  const wrong = await region(page).evaluate(async (region, steps) => {
    const heard = () => new Promise((done) => region.addEventListener("scroll", () => requestAnimationFrame(() => setTimeout(done)), { once: true }));
    const height = region.querySelector("tbody tr").getBoundingClientRect().height;
    const wrong = [];
    region.scrollIntoView({ block: "nearest" });
    for (const step of [...steps, ...steps.map((step) => -step)]) {
      const before = region.scrollTop;
      region.scrollTop += step;
      const asked = region.scrollTop;
      if (asked === before) continue;
      await heard();
      if (region.scrollTop !== asked) wrong.push(`${before} + ${step}: ${region.scrollTop} instead of ${asked}`);
      const { left, top, bottom } = region.getBoundingClientRect();
      const head = region.querySelector("thead").getBoundingClientRect().bottom;
      for (const y of [head + 4, (top + bottom) / 2, bottom - 4]) {
        const place = Math.floor((y - head + region.scrollTop) / height);
        const found = document.elementFromPoint(left + 60, y)?.closest("tbody tr")?.getAttribute("aria-rowindex");
        if (found !== String(place + 2)) wrong.push(`${region.scrollTop} + ${Math.round(y - top)}: ${found} instead of ${place + 2}`);
      }
      const places = [...region.querySelectorAll("tbody tr")].map((row) => Number(row.getAttribute("aria-rowindex")));
      if (places.some((place, index) => place !== places[0] + index)) wrong.push(`${region.scrollTop}: ${places}`);
    }
    return wrong;
  }, steps);
  assert.deepEqual(wrong, []);
  await region(page).evaluate((region) => region.scrollTo(0, 1000 * region.querySelector("tbody tr").getBoundingClientRect().height));
  await page.waitForFunction(() => document.querySelector('#people tr[aria-rowindex="1002"]') && document.querySelector("#people .table-scroll").scrollTop > 1000);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.deepEqual(await written(), fresh);

  // What a person holds is left alone while it is there: the focus, and words that are selected.
  const link = page.locator('#people tr[aria-rowindex="1015"] a');
  const name = await link.innerText();
  await link.focus();
  await region(page).evaluate((region) => region.scrollBy(0, 15 * region.querySelector("tbody tr").getBoundingClientRect().height));
  await page.locator('#people tr[aria-rowindex="1030"]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
  await link.evaluate((link) => (link.blur(), getSelection().selectAllChildren(link.closest("tr").cells[1])));
  const selected = await page.evaluate(() => String(getSelection()));
  await region(page).evaluate((region) => region.scrollBy(0, -15 * region.querySelector("tbody tr").getBoundingClientRect().height));
  await page.locator('#people tr[aria-rowindex="1005"]').waitFor();
  assert.deepEqual([selected, await page.evaluate(() => String(getSelection()))], [figures.name(1013), figures.name(1013)]);

  // A new order starts at the top, with rows of that order.
  await page.getByRole("columnheader", { name: "Username" }).getByRole("button").click();
  await page.waitForFunction(() => location.search === "?sort=username");
  assert.equal(await region(page).evaluate((region) => region.scrollTop), 0);
  assert.equal((await seen(page))[0], 1);
  const sorted = await open("people?sort=username");
  await ready(sorted);
  assert.deepEqual(await names(page), await names(sorted));
  await finish(sorted);
  await finish(page);
});

test("keys scroll the table, and the address keeps the place", async () => {
  const page = await open("people");
  await ready(page);
  await region(page).focus();
  await page.keyboard.press("PageDown");
  await page.waitForFunction(() => document.querySelector("#people .table-scroll").scrollTop > 300);
  await page.keyboard.press("End");
  await page.locator(`#people tr[aria-rowindex="${ACCOUNTS + 1}"]`).waitFor();
  await page.waitForFunction(() => location.search === "?page=46");
  assert.equal((await seen(page)).at(-1), ACCOUNTS);
  await page.keyboard.press("Home");
  await page.waitForFunction(() => location.search === "");
  assert.equal((await seen(page))[0], 1);
  await finish(page);

  const linked = await open("people?page=21");
  await ready(linked);
  await linked.locator('#people tr[aria-rowindex="1002"]').waitFor();
  assert.equal((await seen(linked))[0], 1001);
  await finish(linked);
});

test("a header sorts, and says so", async () => {
  const page = await open("people");
  await ready(page);
  const head = page.getByRole("columnheader", { name: "Time in range" });
  const sort = head.getByRole("button");
  await sort.click();
  assert.deepEqual([await head.getAttribute("aria-sort"), address(page)], ["descending", "?sort=-seconds"]);
  assert.equal((await names(page))[0], figures.name(1499));
  await page.keyboard.press("Enter");
  assert.deepEqual([await head.getAttribute("aria-sort"), address(page)], ["ascending", "?sort=seconds"]);
  assert.equal((await names(page))[0], figures.name(1500), "no use at all comes first");
  assert.equal(await page.locator("#people th[aria-sort]").count(), 1);
  await page.goBack();
  await page.waitForFunction(() => location.search === "?sort=-seconds");
  assert.equal((await names(page))[0], figures.name(1499));
  await sort.click();
  await sort.click();
  assert.deepEqual([await head.getAttribute("aria-sort"), address(page)], [null, ""], "the third time it is as it was");
  await finish(page);
});

test("typing searches at once, and the address follows", async () => {
  const page = await open("people?sort=-username");
  await ready(page);
  const field = page.getByRole("searchbox", { name: "Search people" });
  await field.pressSequentially("USER22");
  assert.equal(await count(page).innerText(), "111 of 2,300 people");
  assert.deepEqual((await names(page)).slice(0, 3), ["user2299", "user2298", "user2297"]);
  assert.equal(await region(page).locator("table").getAttribute("aria-rowcount"), "112");
  await page.waitForFunction(() => location.search === "?q=USER22&sort=-username");
  await field.fill("person-7@example.com");
  assert.deepEqual(await names(page), [figures.name(7)]);
  await field.fill("no such person");
  assert.equal(await rows(page).count(), 0);
  assert.equal(await page.locator("#people .table-none").innerText(), "Nothing fits the search and the choices.");
  await finish(page);
  const linked = await open("people?q=m%C3%BCller");
  await ready(linked);
  assert.deepEqual(await names(linked), [figures.name(2)]);
  assert.equal(await linked.getByRole("searchbox").inputValue(), "müller");
  await finish(linked);
});

test("choices, columns and height of rows; the file holds what is shown", async () => {
  const page = await open("people");
  await ready(page);
  const choose = (group, name) => page.getByRole("group", { name: group, exact: true }).getByRole("button", { name, exact: true }).click();
  const all = Array.from({ length: ACCOUNTS }, (_, person) => person);
  for (const [group, name, fits] of [
    ["Last seen", "≥ 90 days ago", (person) => figures.idle(person) !== null && figures.idle(person) >= 90],
    ["Last seen", "Never", (person) => figures.idle(person) === null],
    ["Status", "Suspended", (person) => figures.idle(person) === null && figures.status(person) === "suspended"],
    ["Last seen", "Any time", (person) => figures.status(person) === "suspended"],
  ]) {
    await choose(group, name);
    const expected = all.filter(fits);
    assert.equal(await count(page).innerText(), `${expected.length} of 2,300 people`, name);
    assert.equal((await names(page))[0], figures.name(expected[0]), name);
  }
  const before = await rows(page).first().evaluate((row) => row.getBoundingClientRect().height);
  await page.getByRole("button", { name: "Dense" }).click();
  await page.waitForFunction((before) => document.querySelector("#people tbody tr").getBoundingClientRect().height < before, before);
  await page.getByRole("button", { name: "Columns" }).click();
  for (const name of ["Roles", "Organizations", "Templates used"]) await page.getByRole("group", { name: "Columns" }).getByLabel(name).uncheck();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#people thead th").count(), 10);
  await page.getByRole("columnheader", { name: "Username" }).getByRole("button").click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#people").getByRole("button", { name: "Download CSV" }).click()]);
  const [block, body] = (await readFile(await file.path(), "utf8")).split("\r\n\r\n");
  assert.match(block, /sort,username\r\nstatus,Suspended$/);
  const suspended = all.filter((person) => figures.status(person) === "suspended").map(figures.name).sort();
  const written = body.trimEnd().split("\r\n").map((line) => line.split(","));
  assert.equal(written[0].length, 10);
  assert.deepEqual(written.slice(1).map((line) => line[1]), suspended);
  await finish(page);
});

test("small lines of time by interval come where they are asked for, and the file has their figures", async () => {
  const { fake, open } = await deployment({ people: 40, accounts: 45 });
  const page = await open("people?range=7d&tz=UTC");
  await ready(page);
  assert.equal(fake.asked("activity").length, 1);
  assert.equal(await page.locator("#people span.trend").count(), 0);
  await page.getByRole("group", { name: "Time by interval" }).getByRole("button", { name: "Shown" }).click();
  await page.getByRole("columnheader", { name: "Time by day" }).waitFor();
  await ready(page);
  await page.locator("#people span.trend").first().waitFor();
  assert.equal(fake.asked("activity").length, 8);
  assert.equal(await page.locator("#people span.trend").count(), 45, "a line for everybody, zero use included");
  await wellFormed(page);
  await accessible(page);
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#people").getByRole("button", { name: "Download CSV" }).click()]);
  const [block, body] = (await readFile(await file.path(), "utf8")).split("\r\n\r\n");
  assert.match(block, /time by interval,Shown/);
  assert.match(body, /,\d+( \d+){6},/);
  await finish(page);
});

test("a name leads to the person, and back to the table as it was", async () => {
  const page = await open("people?q=user12&sort=-seconds&range=7d");
  await ready(page);
  const before = await names(page);
  const link = page.getByRole("link", { name: "user1299", exact: true });
  await link.focus();
  await page.keyboard.press("Enter");
  await ready(page);
  await reaches(page, "person-timeline", "ready");
  assert.match(address(page), /person=00000000-0000-0000-0000-000000001399/);
  const facts = Object.fromEntries((await table(page, "person")).rows);
  assert.deepEqual([facts.Username, facts.Status, facts["Time in range"], facts.Roles], ["user1299", figures.status(1299), figures.seconds(1299), null]);
  const timeline = await table(page, "person-timeline");
  assert.deepEqual(timeline.rows.map((row) => row[0]), ["14", "15", "16", "17", "18", "19", "20"].map((day) => `2026-11-${day}`));
  assert.equal(timeline.rows[3][1], figures.seconds(1299));
  assert.equal(await page.getByRole("link", { name: "People", exact: true }).getAttribute("aria-current"), "page");
  await wellFormed(page);
  await accessible(page);
  await page.getByRole("link", { name: "All people" }).click();
  await ready(page);
  assert.equal(address(page), "?range=7d&q=user12&sort=-seconds");
  assert.deepEqual(await names(page), before);
  await finish(page);
});

test("a limit in the middle keeps who is there, and goes on when asked", async () => {
  const page = await open("people", {
    prepare: (page) => page.route(/offset=1000/, (route) => route.fulfill({ status: 429, headers: { "Retry-After": "1" }, json: { message: "Too many requests." } }), { times: 1 }),
  });
  await reaches(page, "people", "partial");
  assert.equal(await page.locator("#people .panel-notes li").first().innerText(), "1,000 of 2,300 people loaded");
  assert.match(await count(page).innerText(), /^1,\d{3} people$/);
  // It goes on by itself once the second has passed that the server asked for.
  await reaches(page, "people", "ready");
  assert.equal(await count(page).innerText(), "2,300 people");
  await finish(page, [/^429: GET .*offset=1000/]);
});

test("without the right to read the roster, those with use are shown", async () => {
  fake.behave("users", "forbidden");
  const page = await open("people");
  await reaches(page, "people", "partial");
  assert.equal(await count(page).innerText(), "1,500 people");
  assert.match(await page.locator("#people .panel-notes li").first().innerText(), /^Only people with use in the range are listed/);
  assert.equal(await page.locator("#people .table-tools .joined").count(), 0);
  fake.heal();
  await finish(page, [/^403: GET .*users/]);
});

test("narrow, dark, and in colours of one's own", async () => {
  const server = await start();
  for (const more of [{ viewport: { width: 320, height: 640 } }, { viewport: { width: 375, height: 800 }, colorScheme: "dark" }, { forcedColors: "active" }]) {
    const page = await openAny("people", { server, ...more });
    await ready(page);
    await fits(page);
    await accessible(page, more.forcedColors ? { without: ["color-contrast"] } : {});
    await finish(page, [noConfig]);
  }
});
