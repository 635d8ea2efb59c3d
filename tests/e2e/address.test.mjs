// The address is the page: every control writes it, every page can be reloaded, gone back from, and shared.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { deployment, finish, reaches, ready, table } from "./harness.mjs";

const query = (page) => new URL(page.url()).search;
const asked = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const RESEARCH = figures.organizations[1].id;

/** Waits for an address, then for the page that belongs to it. */
async function at(page, search) {
  await page.waitForFunction((search) => location.search === search, search, { timeout: 5_000 }).catch(() => assert.equal(query(page), search));
  await ready(page);
}

/** What is on the page, in words; when it was fetched may differ. */
const shown = async (page) => (await page.innerText("body")).replace(/fetched [^\n·]*/g, "fetched").replace(/Updated [^\n]*/g, "Updated");

test("the range: presets, steps, typed dates", async () => {
  const { open } = await deployment();
  const page = await open("?tz=UTC&show=filters,panel:daus");
  await ready(page);
  const rest = "&tz=UTC&show=filters,panel:daus";
  const range = page.locator("#range");
  assert.match(await range.innerText(), /28 days: 24 Oct – 20 Nov 2026$/);
  assert.ok(await page.locator("#range-later").isDisabled(), "there is nothing after today");

  await range.click();
  await page.locator('#range-popup button[data-range="7d"]').click();
  await at(page, `?range=7d${rest}`);
  assert.ok(await page.locator("#range-popup").isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.id), "range");
  assert.match(await range.innerText(), /7 days: 14–20 Nov 2026$/);

  await page.keyboard.press("ArrowLeft");
  await at(page, `?from=2026-11-07&to=2026-11-13${rest}`);
  await page.keyboard.press("ArrowLeft");
  await at(page, `?from=2026-10-31&to=2026-11-06${rest}`);
  await page.keyboard.press("ArrowRight");
  await at(page, `?from=2026-11-07&to=2026-11-13${rest}`);
  await page.locator("#range-earlier").click();
  await at(page, `?from=2026-10-31&to=2026-11-06${rest}`);
  await page.locator("#range-later").click();
  await at(page, `?from=2026-11-07&to=2026-11-13${rest}`);

  await range.focus();
  await page.keyboard.press("Enter");
  assert.equal(await range.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await range.getAttribute("aria-expanded"), "false");
  await page.keyboard.press("Enter");
  await page.locator("#range-from").fill("2026-11-05");
  await page.locator("#range-to").fill("2026-11-01");
  await page.getByRole("button", { name: "Apply" }).click();
  assert.match(await page.locator("#range-popup").getByRole("alert").innerText(), /must not be after/);
  assert.equal(query(page), `?from=2026-11-07&to=2026-11-13${rest}`);
  await page.locator("#range-to").fill("2026-11-06");
  await page.keyboard.press("Enter");
  await at(page, `?from=2026-11-05&to=2026-11-06${rest}`);
  assert.deepEqual((await table(page, "daus")).rows.map((row) => [row[0], row[1]]), [["2026-11-05", figures.dau("2026-11-05")], ["2026-11-06", figures.dau("2026-11-06")]]);

  // Days to come: the view says so, and steps no further.
  await page.goto(`${page.url().split("?")[0]}?from=2026-11-25&to=2026-11-30${rest}`);
  await ready(page);
  assert.match(await (await reaches(page, "daus", "empty")).innerText(), /These days have not begun/);
  assert.ok(await page.locator("#range-later").isDisabled());
  await finish(page);
});

test("every other filter, by keyboard where it is ours", async () => {
  const { fake, open } = await deployment();
  const page = await open("?tz=UTC");
  await ready(page);

  // The combobox as described in the ARIA Authoring Practices.
  const org = page.getByRole("combobox", { name: "Organization" });
  await org.focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await org.getAttribute("aria-expanded"), "true");
  const list = page.locator(`#${await org.getAttribute("aria-controls")}`);
  assert.deepEqual(await list.getByRole("option").allInnerTexts(), ["All organizations", "Default", "Research & Co"]);
  await page.keyboard.press("End");
  assert.equal(await page.locator(`#${await org.getAttribute("aria-activedescendant")}`).innerText(), "Research & Co");
  await page.keyboard.press("Escape");
  assert.equal(await org.getAttribute("aria-expanded"), "false");
  assert.equal(query(page), "?tz=UTC", "Escape leaves all as it was");
  await page.keyboard.type("zzz");
  assert.match(await list.innerText(), /Nothing fits/);
  await page.keyboard.press("Tab");
  assert.equal(await org.inputValue(), "All organizations", "leaving chooses nothing");
  await org.focus();
  await page.keyboard.type("rese");
  await page.keyboard.press("Enter");
  await at(page, `?org=${RESEARCH}&tz=UTC`);
  assert.equal(await org.inputValue(), "Research & Co");
  const ofResearch = figures.templates.filter((one) => one.organization_id === RESEARCH).map((one) => one.id).join(",");
  assert.equal(new URLSearchParams(fake.asked("insights").at(-1)).get("template_ids"), ofResearch);
  for (const id of ["daus", "user-status"]) assert.match(await page.locator(`#${id} .panel-notes`).innerText(), /Not filtered by organization/);

  const zone = page.getByRole("combobox", { name: "Time zone" });
  await zone.focus();
  await page.keyboard.type("new york");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await at(page, `?org=${RESEARCH}&tz=America/New_York`);

  for (const [id, value, key] of [["action", "ide", "action"], ["interval", "week", "interval"], ["compare", "none", "compare"], ["theme", "dark", "theme"]]) {
    await page.locator(`#${id}`).selectOption(value);
    await page.waitForFunction(([key, value]) => new URLSearchParams(location.search).get(key) === value, [key, value]);
    await ready(page);
  }
  assert.deepEqual(asked(page), { interval: "week", org: RESEARCH, action: "ide", compare: "none", tz: "America/New_York", theme: "dark" });
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.match(await page.locator("#active-users").innerText(), /Not filtered by action “IDE”/);

  // Defaults are left out again.
  for (const [id, value] of [["action", "any"], ["interval", ""], ["compare", "previous"], ["theme", "system"]]) {
    await page.locator(`#${id}`).selectOption(value);
    await ready(page);
  }
  await org.click();
  await list.getByRole("option", { name: "All organizations" }).click();
  await at(page, "?tz=America/New_York");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
  await finish(page);
});

test("back, forward and reload show the same page again", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  const first = await shown(page);
  await page.locator("#interval").selectOption("week");
  await at(page, "?range=7d&interval=week&tz=UTC");
  const second = await shown(page);
  assert.notEqual(second, first);
  await page.getByRole("link", { name: "Templates" }).click();
  await page.waitForURL(/templates\?/);
  await reaches(page, "latency", "ready");
  await ready(page);
  const third = await shown(page);
  assert.equal(query(page), "?range=7d&interval=week&tz=UTC", "filters go along");

  const before = fake.requests.length;
  await page.goBack();
  await reaches(page, "active-users", "ready");
  await ready(page);
  assert.equal(await shown(page), second);
  await page.goBack();
  await at(page, "?range=7d&tz=UTC");
  assert.equal(await shown(page), first);
  assert.equal(await page.locator("#interval").inputValue(), "");
  await page.goForward();
  await at(page, "?range=7d&interval=week&tz=UTC");
  assert.equal(await page.locator("#interval").inputValue(), "week");
  await page.goForward();
  await page.waitForURL(/templates\?/);
  await reaches(page, "latency", "ready");
  await ready(page);
  assert.equal(await shown(page), third);
  assert.equal(fake.requests.length, before, "what was answered a moment ago is not asked again");
  await page.reload();
  await ready(page);
  assert.equal(await shown(page), third);

  // Two pages back at once, and then by a control to where one came from: still an address of its own.
  await page.evaluate(() => history.go(-2));
  await at(page, "?range=7d&tz=UTC");
  await page.locator("#interval").selectOption("week");
  await at(page, "?range=7d&interval=week&tz=UTC");
  await page.getByRole("link", { name: "Templates" }).click();
  await page.waitForURL(/templates\?range=7d&interval=week&tz=UTC$/);
  await page.goBack();
  await at(page, "?range=7d&interval=week&tz=UTC");
  await page.goBack();
  await at(page, "?range=7d&tz=UTC");
  await finish(page);
});

test("unknown keys stay, bad values are named and do no harm, secrets are dropped", async () => {
  const { fake, open } = await deployment();
  const bad = "range=soon&interval=hour&compare=never&theme=pink&action=dance&page=x&show=nothing,title,filters,panel:daus&source=v9&tz=Mars/Olympus&org=nobody&from=2026-02-30&token=hunter2&utm=a%26b&%3Cb%3E=1";
  const page = await open(`?${bad}`);
  await ready(page);
  const notices = await page.locator("#notices").innerText();
  for (const part of ["range=soon", "interval=hour", "compare=never", "theme=pink", "action=dance", "page=x", "show=nothing", "source=v9", "tz=Mars/Olympus", "org=nobody", "from=2026-02-30", "token"]) {
    assert.ok(notices.includes(part), `${part} is not among: ${notices}`);
  }
  assert.doesNotMatch(await page.content(), /hunter2/);
  await reaches(page, "daus", "ready");
  assert.doesNotMatch(JSON.stringify(fake.requests), /hunter2/);
  await page.locator("#theme").selectOption("dark");
  await page.waitForFunction(() => location.search.includes("theme=dark"));
  const left = asked(page);
  assert.deepEqual([left.utm, left["<b>"], left.theme, left.token, left.range], ["a&b", "1", "dark", undefined, undefined]);
  assert.doesNotMatch(await page.locator("#notices").innerText(), /range|theme|token/);
  await finish(page);
});

test("what is asked twice or the wrong way round is put right and said", async () => {
  const { open } = await deployment();
  const page = await open("?from=2026-11-06&to=2026-11-02&tz=UTC&tz=Asia/Tokyo&show=panel:daus");
  await ready(page);
  const notices = await page.locator("#notices").innerText();
  assert.match(notices, /from=2026-11-06[^\n]*swapped/);
  assert.match(notices, /tz=Asia\/Tokyo[^\n]*first value/);
  assert.deepEqual((await table(page, "daus")).rows.map((row) => row[0]), ["02", "03", "04", "05", "06"].map((day) => `2026-11-${day}`));
  await finish(page);
});

test("themes: the address, else the system", async () => {
  const { open } = await deployment();
  for (const [path, colorScheme, expected] of [["?theme=light", "dark", "light"], ["?theme=dark", "light", "dark"], ["?theme=contrast", "light", "contrast"], ["", "dark", "dark"]]) {
    const page = await open(path, { colorScheme });
    await ready(page);
    assert.equal(await page.locator("html").getAttribute("data-theme"), expected);
    if (path === "") {
      await page.emulateMedia({ colorScheme: "light" });
      await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    }
    await finish(page);
  }
});

test("parts that are shown, and nothing asked for the others", async () => {
  const { fake, open } = await deployment();
  const page = await open("?show=panel:daus,footer");
  await ready(page);
  assert.deepEqual(await page.locator("section.panel").evaluateAll((all) => all.map((one) => one.id)), ["daus"]);
  assert.equal(await page.locator("#tabs, #filters, header.page-head, .tile").count(), 0);
  assert.equal(await page.locator("footer.page-footer").count(), 1);
  assert.deepEqual(fake.asked("insights").concat(fake.asked("statuses"), fake.asked("entitlements")), []);
  await finish(page);
});

test("a copied link is the address", async () => {
  const { open } = await deployment();
  const prepare = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("?range=14d&tz=Asia/Tokyo&x=y", { prepare });
  await ready(page);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("status").filter({ hasText: "Link copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await finish(page);
});

test("a page that does not exist leads to the overview, filters included", async () => {
  const { open } = await deployment();
  const page = await open("nowhere?range=7d&tz=UTC");
  await ready(page);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "There is no such page");
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await reaches(page, "daus", "ready");
  await at(page, "?range=7d&tz=UTC");
  assert.equal(new URL(page.url()).pathname, "/");
  await finish(page);
});
