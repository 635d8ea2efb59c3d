// People across sources, their pseudonyms, and recorded responses in place of servers, in the built page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, deployment, finish, fits, noConfig, open, reaches, ready, start } from "./harness.mjs";

const demo = (mode) => ({ version: 1, privacy: { mode }, sources: [{ id: "demo", kind: "demo" }] });

test("the demo tells at a glance who holds a seat and is not there", async () => {
  const page = await open("people", { server: await start() });
  await ready(page);
  await reaches(page, "across", "ready");
  await reaches(page, "reclaim", "ready");
  const across = page.locator("#across");
  assert.match(await across.locator(".panel-headline").innerText(), /people, [\d,]+ in several sources/);
  assert.match(await across.locator(".panel-notes").innerText(), /AI assistant: [\d,]+ matched, [\d,]+ only there, [\d,]+ not told apart/);
  assert.match(await page.locator("#reclaim .panel-headline").innerText(), /seats? of/);
  await accessible(page);
  await fits(page);
  await finish(page, [noConfig]);
});

test("with one source the page has the panels of that source, and what is asked for by name says what it lacks", async () => {
  const { open } = await deployment({ people: 5 });
  const page = await open("people");
  await ready(page);
  const panels = () => page.locator("section.panel").evaluateAll((panels) => panels.map((panel) => panel.id));
  assert.deepEqual(await panels(), ["people"]);
  await page.goto(new URL("people?show=panel:across,panel:members", page.url()).href);
  await ready(page);
  assert.deepEqual(await panels(), ["across", "members"]);
  assert.match(await (await reaches(page, "across", "unsupported")).innerText(), /One source only/);
  assert.match(await (await reaches(page, "members", "unsupported")).innerText(), /No source for this/);
  await page.goto(new URL("activity", page.url()).href);
  await ready(page);
  assert.deepEqual(await panels(), []);
  assert.match(await page.locator("#no-source").innerText(), /^No source for this page/);
  await accessible(page);
  await finish(page);
});

test("with pseudonyms no name is in the page, its address or its files", async () => {
  const page = await open("people", { server: await start({ config: demo("pseudonym") }) });
  await ready(page);
  await reaches(page, "across", "ready");
  const texts = [await page.content(), page.url()];
  for (const id of ["people", "across", "ai-usage", "members", "reclaim"]) {
    const csv = page.locator(`#${id}`).getByRole("button", { name: "Download CSV", exact: true });
    const [file] = await Promise.all([page.waitForEvent("download"), csv.click()]);
    const text = await readFile(await file.path(), "utf8");
    assert.match(text, /Person [0-9A-Z]{4}/, id);
    texts.push(text);
  }
  const names = await page.evaluate(async () => document.body.innerText);
  texts.push(names);
  for (const text of texts) assert.doesNotMatch(text, /@(corp\.)?example\.com/i);
  const plants = /\b(cedar|quartz|basalt|spruce|barley|gypsum|larch|clover|thistle|cobalt|granite|alder|slate|sorrel)-\d/;
  for (const text of texts) assert.doesNotMatch(text, plants);
  await finish(page);
});

test("recorded responses take the place of servers, and closing them brings the servers back", async () => {
  const page = await open("templates", { server: await start() });
  await ready(page);
  await page.locator("#files summary").click();
  const entry = JSON.stringify({ hello: "world" });
  const recorded = "tests/fixtures/coder/";
  const other = { name: "other.json", mimeType: "application/json", buffer: Buffer.from(entry) };
  const week = { name: "week.json", mimeType: "application/json", buffer: await readFile(`${recorded}insights-week.json`) };
  await page.locator("#files-choose").setInputFiles([other, week]);
  const taken = page.locator(".files-taken");
  await taken.getByText("Template insights, 2023-08-15 to 2023-08-21").waitFor();
  assert.match(await taken.innerText(), /other\.json\s*Not opened: its keys are those of no response/);
  await reaches(page, "apps", "ready");
  assert.match(page.url(), /from=2023-08-15&to=2023-08-21/);
  assert.match(await page.locator("#apps .panel-source").innerText(), /^Files/);
  assert.equal(await page.locator("#files-banner").count(), 1);
  // No comma where one is wanted, and a comment: as documentation prints it.
  const text = `// pasted\n${await readFile(`${recorded}activity-week.json`, "utf8")}`;
  await page.locator("#files-paste").fill(text);
  await page.getByRole("button", { name: "Read the pasted text" }).click();
  await taken.getByText("Activity by user, 2023-08-15 to 2023-08-21").waitFor();
  await reaches(page, "user-activity", "ready");
  await accessible(page);
  await page.getByRole("button", { name: "Close files" }).click();
  await reaches(page, "latency", "ready");
  assert.equal(await page.locator("#files-banner").count(), 0);
  await finish(page, [noConfig]);
});
