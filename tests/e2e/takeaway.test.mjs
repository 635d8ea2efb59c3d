// What a person takes away: a file for spreadsheets, the requests for a shell. Both are what is on the screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { deployment, finish, reaches, ready, table } from "./harness.mjs";

const button = (page, id, name) => page.locator(`#${id}`).getByRole("button", { name, exact: true });

/** Presses "Download CSV" and reads the file: its name, the block above the table, and the table. */
async function download(page, id) {
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, id, "Download CSV").click()]);
  const text = await readFile(await file.path(), "utf8");
  assert.ok(text.endsWith("\r\n") && !/[^\r]\n/.test(text), "RFC 4180 lines");
  const lines = parse(text);
  const gap = lines.findIndex((line) => line.length === 1 && line[0] === "");
  return { name: file.suggestedFilename(), block: lines.slice(0, gap), columns: lines[gap + 1], rows: lines.slice(gap + 2) };
}

/** RFC 4180. */
function parse(text) {
  const lines = [];
  for (let rest = text; rest !== ""; ) {
    const line = [];
    for (let more = true; more; ) {
      const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? assert.fail(`cannot be read: ${rest.slice(0, 80)}`);
      line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      rest = rest.slice(whole.length);
      more = end === ",";
    }
    lines.push(line);
  }
  return lines;
}

/** A row of a table as it stands in a file: exact numbers, nothing where nothing is, no formulas. */
const written = (row) => row.map((cell) => (cell === null ? "" : typeof cell === "string" && /^[=+\-@]/.test(cell) ? `'${cell}` : String(cell)));

test("a CSV file holds the table, and says what it is", async () => {
  const { open } = await deployment({ people: 9 });
  const page = await open(`?range=14d&tz=Asia/Tokyo&org=${figures.organizations[0].id}&action=ide`);
  await ready(page);
  for (const id of ["user-status", "daus", "active-users"]) {
    const { name, block, columns, rows } = await download(page, id);
    const shown = await table(page, id);
    assert.equal(name, `${id}_2026-11-07_2026-11-20.csv`);
    assert.deepEqual(columns, shown.columns);
    assert.deepEqual(rows, shown.rows.map(written));
    const about = Object.fromEntries(block);
    assert.equal(about.panel, shown.caption);
    assert.equal(about.range, "2026-11-07 to 2026-11-20");
    assert.equal(about.zone, "Asia/Tokyo");
    assert.equal(about.source, "Coder");
    assert.equal(about.fetched, "2026-11-20T23:25:00+09:00");
    assert.equal(about.state, "ready");
    assert.equal(about.organization, figures.organizations[0].id);
    assert.equal(about.templates, `${figures.templates[0].id} ${figures.templates[1].id}`);
    assert.equal(about.action, "ide");
    assert.equal(about.interval, "day");
    const notes = await page.locator(`#${id} .panel-notes li`).allInnerTexts();
    assert.deepEqual(block.filter(([key]) => key === "note").map(([, note]) => note), notes);
  }
  await page.getByRole("link", { name: "Templates" }).click();
  await reaches(page, "latency", "ready");
  await ready(page);
  for (const id of ["apps", "user-activity", "latency", "parameters"]) {
    const { columns, rows } = await download(page, id);
    const shown = await table(page, id);
    assert.deepEqual(columns, shown.columns);
    assert.deepEqual(rows, shown.rows.map(written), id);
  }
  await page.getByRole("status").filter({ hasText: "parameters_2026-11-07_2026-11-20.csv saved" }).waitFor();
  await finish(page);
});

test("curl commands are the requests that were sent, without a secret", async () => {
  const { fake, server, open } = await deployment();
  const prepare = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("?range=7d&tz=America/New_York", { prepare });
  await ready(page);
  for (const [id, endpoints] of [["user-status", ["statuses", "entitlements"]], ["daus", ["daus"]], ["active-users", ["insights"]]]) {
    await button(page, id, "Copy as curl").click();
    await page.getByRole("status").filter({ hasText: "Copied as curl, without the secret" }).waitFor();
    const commands = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    const urls = commands.map((command) => /^curl '([^']+)' -H 'Accept: application\/json' -H 'Coder-Session-Token: <token>'$/.exec(command)?.[1] ?? assert.fail(command));
    const sent = fake.requests.map((request) => [request.endpoint, new URL(request.query ? `${request.path}?${request.query}` : request.path, server.url).href]);
    for (const url of urls) assert.ok(sent.some(([, one]) => one === url), url);
    assert.deepEqual([...new Set(urls.map((url) => sent.find(([, one]) => one === url)[0]))].sort(), endpoints.toSorted());
    // What is copied works.
    for (const url of urls) assert.equal((await fetch(url)).status, 200);
    await page.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "detached", timeout: 1 }).catch(() => {});
  }
  await finish(page);
});

test("a browser that does not let the page copy is told on, not hidden", async () => {
  const { open } = await deployment();
  const prepare = (page) => page.addInitScript(() => Object.defineProperty(navigator.clipboard, "writeText", { value: () => Promise.reject(new DOMException("no", "NotAllowedError")) }));
  const page = await open("?range=7d", { prepare });
  await ready(page);
  await button(page, "daus", "Copy as curl").click();
  await page.getByRole("status").filter({ hasText: "The browser refused to copy" }).waitFor();
  await page.locator("#share").click();
  await page.getByRole("status").filter({ hasText: "take the address from its address bar" }).waitFor();
  await finish(page);
});

test("a chart has a table that opens and closes, and stays open when the question changes", async () => {
  const { open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  for (const id of ["user-status", "daus", "active-users"]) {
    const show = button(page, id, "Show table");
    assert.equal(await show.getAttribute("aria-expanded"), "false");
    assert.equal(await page.locator(`#${id} table`).count(), 0);
    await show.press("Enter");
    assert.equal(await page.locator(`#${id} caption`).textContent(), await page.locator(`#${id} h2`).innerText());
    assert.equal(await button(page, id, "Hide table").getAttribute("aria-expanded"), "true");
  }
  await button(page, "daus", "Hide table").click();
  assert.equal(await page.locator("#daus table").count(), 0);
  await page.locator("#range-earlier").click();
  await page.waitForFunction(() => location.search.startsWith("?from="));
  await ready(page);
  assert.equal(await page.locator("#daus table").count(), 0);
  assert.equal(await page.locator("#active-users tbody tr").count(), 7);
  assert.equal((await table(page, "active-users")).rows[0][0], "2026-11-07");
  await finish(page);
});

test("pictures: PNG and SVG of what is drawn", async () => {
  const { open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  for (const [name, ending, check] of [
    ["Save PNG", "png", (bytes) => assert.deepEqual([...bytes.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10])],
    ["Save SVG", "svg", (bytes) => assert.match(bytes.toString(), /^(<\?xml[^>]*>\s*)?<svg[^]*Daily active users[^]*<\/svg>\s*$/)],
  ]) {
    await button(page, "daus", "Image").click();
    const [file] = await Promise.all([page.waitForEvent("download"), button(page, "daus", name).click()]);
    assert.equal(file.suggestedFilename(), `daus_2026-11-14_2026-11-20.${ending}`);
    const bytes = await readFile(await file.path());
    assert.ok(bytes.length > 1000);
    check(bytes);
  }
  // Bars have no names at their ends: the file says which are those of before.
  await button(page, "active-users", "Image").click();
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, "active-users", "Save SVG").click()]);
  assert.match(await readFile(await file.path(), "utf8"), />\s*a week earlier\s*</);
  await finish(page);
});

test("on paper: the overview on one page, light, with the names of what is drawn and without controls", async () => {
  const { open } = await deployment();
  for (const [width, colorScheme] of [[1440, "dark"], [375, "light"]]) {
    const page = await open("?range=28d&tz=UTC", { viewport: { width, height: 900 }, colorScheme });
    await ready(page);
    for (const format of ["A4", "Letter"]) {
      const file = await page.pdf({ format, preferCSSPageSize: false });
      assert.equal(file.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length, 1, `${width}, ${format}`);
    }
    await page.emulateMedia({ media: "print" });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    const shown = await page.locator("button:visible, select:visible, input:visible").evaluateAll((all) => all.map((one) => one.innerText));
    assert.deepEqual(shown.filter((name) => !["Active", "Dormant", "Suspended", "Active users"].includes(name) && !name.endsWith("earlier")), []);
    assert.ok(shown.includes("Dormant"));
    await finish(page);
  }
});
