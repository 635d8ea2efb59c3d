// People across sources, their pseudonyms, and recorded responses in place of servers, in the built page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, deployment, finish, fits, noConfig, open, reaches, ready, start, table } from "./harness.mjs";

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
  assert.deepEqual(await panels(), ["people", "seat-outlook"]);
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

test("an account is joined with a person by keys, at once and until it is taken back, and the aliases are handed over", async () => {
  const page = await open("people?show=panel:across,panel:reclaim", { server: await start(), permissions: ["clipboard-read", "clipboard-write"] });
  await ready(page);
  const across = await reaches(page, "across", "ready");
  const notes = () => across.locator(".panel-notes").innerText();
  const before = [await across.locator(".panel-headline").innerText(), await notes()];
  assert.match(before[1], /AI assistant: [\d,]+ matched, [\d,]+ only there, [1-9]\d* not told apart/);
  const opener = across.getByRole("button", { name: "Fix matches" });
  await opener.focus();
  await page.keyboard.press("Enter");
  assert.equal(await opener.getAttribute("aria-expanded"), "true");
  const choose = async (label) => {
    await page.keyboard.press("Tab");
    const field = across.getByRole("combobox", { name: label });
    assert.ok(await field.evaluate((field) => field === document.activeElement), label);
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
    return field.inputValue();
  };
  const join = across.getByRole("button", { name: "Join" });
  assert.ok(await join.isDisabled());
  assert.match(await choose("Account"), / · not told apart$/, "what is doubtful comes first");
  await choose("Is the same person as");
  await accessible(page);
  await fits(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "are one person in this tab" }).waitFor();
  const alias = await across.locator(".mend-list li span").innerText();
  assert.match(alias, /^[a-z-]+:\S+ = [a-z-]+:\S+$/);
  assert.notDeepEqual([await across.locator(".panel-headline").innerText(), await notes()], before);
  assert.equal(new URL(page.url()).search, "?show=panel:across,panel:reclaim");

  const [file] = await Promise.all([page.waitForEvent("download"), across.getByRole("button", { name: "Save for config.json" }).click()]);
  const text = await readFile(await file.path(), "utf8");
  const [from, to] = alias.split(" = ");
  assert.deepEqual(JSON.parse(text).people.aliases, { [from]: to });
  await across.getByRole("button", { name: "Copy for config.json" }).click();
  await page.locator(".toast", { hasText: "Copied for config.json" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);

  await across.getByRole("button", { name: `Remove ${alias}` }).click();
  assert.deepEqual([await across.locator(".panel-headline").innerText(), await notes()], before);
  assert.ok(await opener.evaluate((opener) => opener === document.activeElement));
  await finish(page, [noConfig]);

  // What was handed over holds for everybody once it is in the file.
  const config = { version: 1, sources: [{ id: "demo", kind: "demo" }], ...JSON.parse(text) };
  const later = await open("people?show=panel:across", { server: await start({ config }) });
  await ready(later);
  await later.getByRole("button", { name: "Fix matches" }).click();
  assert.equal(await later.locator(".mend-list li span").innerText(), alias);
  await finish(later);
});

test("the worksheet has a threshold, leads to the person and is saved as shown", async () => {
  const page = await open("people?show=panel:reclaim", { server: await start() });
  await ready(page);
  const panel = await reaches(page, "reclaim", "ready");
  const count = async () => Number((await panel.locator(".table-count").innerText()).replace(/\D/g, ""));
  const counts = [];
  for (const days of ["30 days", "60 days", "90 days"]) {
    await panel.getByRole("group", { name: "Idle for at least" }).getByRole("button", { name: days }).click();
    await panel.getByText(`no source has seen for ${days} or more`).waitFor();
    counts.push(await count());
  }
  assert.ok(counts[0] > counts[1] && counts[1] > counts[2] && counts[2] > 0, String(counts));
  const [file] = await Promise.all([page.waitForEvent("download"), panel.getByRole("button", { name: "Download CSV" }).click()]);
  const [block, body] = (await readFile(await file.path(), "utf8")).split("\r\n\r\n");
  assert.match(block, /\nidle for at least,90 days\r\n/);
  assert.equal(body.trimEnd().split("\r\n").length, counts[2] + 1);
  await panel.getByRole("button", { name: "30 days" }).click();
  // Whoever is on leave is left out, and put back.
  const first = await panel.locator("tbody th").first().innerText();
  await panel.getByRole("button", { name: "Leave people out" }).click();
  await panel.getByRole("combobox", { name: "Person" }).fill(first);
  await page.keyboard.press("Enter");
  await panel.getByRole("button", { name: "Leave out", exact: true }).click();
  await panel.getByText("1 left out, because they are on the list of exclusions").waitFor();
  assert.equal(await count(), counts[0] - 1);
  assert.notEqual(await panel.locator("tbody th").first().innerText(), first);
  await accessible(page);
  await panel.getByRole("button", { name: /^Remove / }).click();
  assert.equal(await count(), counts[0]);
  await panel.locator("tbody a").first().click();
  await page.waitForFunction(() => location.search.includes("person="));
  await finish(page, [noConfig]);
});

const plants = /\b(cedar|quartz|basalt|spruce|barley|gypsum|larch|clover|thistle|cobalt|granite|alder|slate|sorrel)[- ]\d/i;
const mails = /@(corp\.|partners\.)?example\.com/i;

/** What a page says, also where nobody looks at once. */
async function said(page) {
  const texts = [await page.content(), page.url(), await page.evaluate(() => document.body.innerText), await page.title()];
  const csv = page.getByRole("button", { name: "Download CSV", exact: true });
  for (const button of await csv.all()) {
    if (await button.isDisabled()) continue;
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    texts.push(file.suggestedFilename(), await readFile(await file.path(), "utf8"));
  }
  return texts;
}

test("with pseudonyms no name is in the page, its address or its files", async () => {
  const page = await open("people", { server: await start({ config: demo("pseudonym") }) });
  await ready(page);
  await reaches(page, "across", "ready");
  const texts = await said(page);
  assert.equal(texts.filter((text) => /^Person [0-9A-Z]{4}/m.test(text) && text.includes("\r\n")).length, 5);
  assert.equal(await page.getByRole("button", { name: "Fix matches" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Export of the company" }).count(), 0);
  // A person has a page, and its address is the pseudonym.
  const link = page.locator("#people tbody a").first();
  const name = await link.innerText();
  await link.click();
  await ready(page);
  await reaches(page, "person-timeline", "ready");
  assert.equal(await page.locator("#person .panel-headline").innerText(), name);
  const person = new URL(page.url()).searchParams.get("person");
  assert.match(person, /^[0-9A-Z]{12}$/);
  assert.ok(`Person ${person}`.startsWith(name));
  texts.push(...(await said(page)));
  for (const text of texts) {
    assert.doesNotMatch(text, mails);
    assert.doesNotMatch(text, plants);
  }
  await accessible(page);
  await finish(page);
});

test("in aggregate mode there are counts and no people", async () => {
  const page = await open("people", { server: await start({ config: demo("aggregate") }) });
  await ready(page);
  for (const id of ["across", "reclaim", "ai-usage", "members"]) await reaches(page, id, "ready");
  await reaches(page, "people", "forbidden");
  for (const id of ["ai-usage", "members"]) {
    const { columns, rows } = await table(page, id);
    assert.deepEqual(columns, ["Group", "By", "People"]);
    assert.ok(rows.every(([, , people]) => people === null || people === 0 || people >= 5), `${id}: ${rows}`);
    assert.match(await page.locator(`#${id} .panel-notes`).innerText(), /Single people are not listed/);
  }
  assert.match(await page.locator("#across .panel-headline").innerText(), /^[\d,]+ people, [\d,]+ in several sources$/);
  const texts = await said(page);
  for (const text of texts) {
    assert.doesNotMatch(text, mails);
    assert.doesNotMatch(text, plants);
    assert.doesNotMatch(text, /Person [0-9A-Z]{4}/);
  }
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

test("files are dropped, several at once", async () => {
  const page = await open("templates", { server: await start() });
  await ready(page);
  await page.locator("#files summary").click();
  const files = await Promise.all(["insights-week", "activity-week"].map(async (name) => [`${name}.json`, await readFile(`tests/fixtures/coder/${name}.json`, "utf8")]));
  const zone = page.locator(".files-drop");
  const drag = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name, { type: "application/json" }));
    return data;
  }, [...files, ["notes.txt", "hello"]]);
  await zone.dispatchEvent("dragover", { dataTransfer: drag });
  await page.locator(".files-drop.is-over").waitFor();
  await zone.dispatchEvent("drop", { dataTransfer: drag });
  const taken = page.locator(".files-taken li");
  await taken.nth(2).waitFor();
  assert.equal(await page.locator(".files-drop.is-over").count(), 0);
  const lines = (await taken.allInnerTexts()).map((line) => line.replace(/\s+/g, " "));
  for (const line of [/Template insights, 2023-08-15 to 2023-08-21/, /Activity by user, 2023-08-15 to 2023-08-21/, /notes\.txt ?Not opened/]) {
    assert.ok(lines.some((found) => line.test(found)), `${line}: ${lines}`);
  }
  for (const id of ["apps", "user-activity"]) {
    await reaches(page, id, "ready");
    assert.match(await page.locator(`#${id} .panel-source`).innerText(), /^Files/);
  }
  await finish(page, [noConfig]);
});
