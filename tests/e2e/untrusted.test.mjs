// Names that somebody chose to do harm, or that nobody thought of: text on the page and in what is taken away, never
// more.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { accessible, deployment, finish, fits, reaches, ready, table } from "./harness.mjs";

const LONG = "x".repeat(10_000);
const NAMES = [
  '<img src=x onerror="globalThis.harm=1">',
  '"><script>globalThis.harm=1</script>',
  '=HYPERLINK("https://example.com/?"&A1,"click")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "fern-07\u202Egpj.exe",
  "nul\u0000byte",
  "👩‍👩‍👧‍👦🏳️‍🌈e\u0301\u0301\u0301",
  "שלום عالم",
  "two\r\nlines\tand a tab",
  LONG,
];
/** What controls a screen or turns the direction of writing around is made visible. */
const visible = (name) => name.replace(/[\u0000\u202E]/g, "\uFFFD");
/** As text of an element is compared: runs of white space are one space. */
const plain = (text) => text.replace(/\s+/g, " ").trim();

/** Puts the names everywhere where people choose names. */
function change(endpoint, answer) {
  const name = (index) => NAMES[index % NAMES.length];
  if (endpoint === "activity" || endpoint === "latency") answer.report.users.forEach((user, index) => (user.username = name(index)));
  if (endpoint === "organizations") return answer.map((one, index) => ({ ...one, name: name(index), display_name: name(index * 9) }));
  if (endpoint === "templates") return answer.map((one, index) => ({ ...one, name: name(index), display_name: name(index + 3) }));
  if (endpoint === "build") return { ...answer, version: `v2${LONG}` };
  if (endpoint === "insights" && answer.report) {
    const { report } = answer;
    report.apps_usage = NAMES.map((text, index) => ({ ...report.apps_usage.at(-1), slug: text, display_name: text, icon: text, seconds: 9000 - index }));
    const parameter = report.parameters_usage[1];
    report.parameters_usage = NAMES.map((text) => ({ ...parameter, name: text, display_name: text, description: text, values: NAMES.map((value) => ({ value, count: 1 })) }));
  }
  return answer;
}

/** The cells of a file's first column, without the block above the table. RFC 4180. */
function firstColumn(text) {
  const cells = [];
  const lines = text.slice(text.indexOf("\r\n\r\n") + 4);
  const line = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))((?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/gy;
  for (const [, quoted, bare] of lines.matchAll(line)) cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
  return cells.slice(1);
}

async function save(page, id, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).getByRole("button", { name, exact: true }).click()]);
  return readFile(await file.path(), "utf8");
}

test("names are text: on the page, in tables, pictures and files", async () => {
  const { open } = await deployment({ people: NAMES.length, change });
  const page = await open("templates?tz=UTC");
  await ready(page);
  for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "ready");
  for (const id of ["apps", "user-activity", "parameters"]) {
    const { rows } = await table(page, id);
    const shown = [...new Set(rows.map((row) => plain(row[0])))];
    for (const name of NAMES.slice(0, -1)) assert.ok(shown.includes(plain(visible(name))), `${name} is not in ${id}: ${shown.map((one) => one.slice(0, 60))}`);
    const text = await page.locator(`#${id}`).innerText();
    assert.ok(!text.includes("\u202E") && !text.includes("\u0000"));

    // What is too long is cut, and opens with the keyboard, too.
    const long = page.locator(`#${id} tbody tr > :first-child details`).filter({ hasText: /^x/ }).first();
    assert.match(await long.innerText(), /^x{79}…$/);
    await long.locator("summary").press("Enter");
    assert.ok((await long.innerText()).includes(LONG));
    await long.locator("summary").press("Enter");

    const written = firstColumn(await save(page, id, "Download CSV"));
    const expected = NAMES.map((name) => (/^[=+\-@]/.test(name) ? `'${name}` : name));
    assert.deepEqual([...new Set(written)].sort(), expected.toSorted(), `${id}: exact in the file, and no formula`);
  }
  for (const id of ["apps", "user-activity", "latency"]) {
    const caption = await page.locator(`#${id} figcaption`).innerText();
    assert.ok(caption.length < 500, `a caption of ${caption.length} characters`);
    if (id === "user-activity") assert.match(caption, /; \u2068שלום عالم\u2069 8\sh\s11\sm;/, "the figure stays behind its name");
    await page.locator(`#${id} .chart-frame`).focus();
    await page.keyboard.press("End");
    assert.ok((await page.locator(`#${id} .tooltip`).innerText()).length < 300);
    await page.keyboard.press("Escape");
    await page.locator(`#${id}`).getByRole("button", { name: "Image", exact: true }).click();
    const picture = await save(page, id, "Save SVG");
    assert.doesNotMatch(picture, /<(img|script)/);
    const broken = await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")?.textContent, picture);
    assert.equal(broken, undefined, "the picture is well-formed");
  }
  await page.locator("#org").click();
  assert.match(await page.locator("#org-list").innerText(), /<img src=x onerror=/);
  assert.match(await page.locator("#org-list").innerText(), /x{59}…/);
  await page.keyboard.press("Escape");
  assert.ok((await page.locator(".page-footer").innerText()).length < 200);

  assert.equal(await page.evaluate(() => globalThis.harm), undefined);
  assert.equal(await page.locator("img, body script").count(), 0);
  await accessible(page);
  for (const width of [1440, 375]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page);
  }
  await finish(page);
});

test("so are the words of a server, and those of the address", async () => {
  const { fake, open } = await deployment();
  const words = `${NAMES[0]}\u202E${LONG}`;
  fake.behave("daus", (res) => res.writeHead(403, { "Content-Type": "application/json" }).end(JSON.stringify({ message: words, detail: words })));
  const query = new URLSearchParams({ range: NAMES[1], org: `${NAMES[0]}\u202E`, source: NAMES[0], tz: LONG.slice(0, 2000), q: NAMES[2] });
  const page = await open(`?${query}`);
  await ready(page);
  const said = await (await reaches(page, "daus", "forbidden")).innerText();
  assert.match(said, /<img src=x onerror=/);
  assert.ok(said.length < 1000 && !said.includes("\u202E"));
  assert.ok((await page.locator("#notices").innerText()).length < 1000);
  assert.equal(await page.evaluate(() => globalThis.harm), undefined);
  assert.equal(await page.locator("img, body script").count(), 0);
  await fits(page);
  await finish(page, [/^403: GET /]);
});

test("names that are fine stay as they are", async () => {
  const { open } = await deployment();
  const page = await open("templates?tz=UTC");
  await ready(page);
  const { rows } = await table(page, "user-activity");
  assert.deepEqual(rows.map((row) => row[0]).sort(), Array.from({ length: 6 }, (_, person) => figures.name(person)).sort());
  assert.equal(await page.locator("#user-activity details").count(), 0);
  await finish(page);
});
