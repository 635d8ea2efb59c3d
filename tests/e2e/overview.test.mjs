// Both pages as everybody meets them: in every theme and width, by keyboard, by ear, with colours of one's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, deployment, finish, fits, noConfig, open, ready, reaches, start, table } from "./harness.mjs";

const server = await start();
const demo = (path, options) => open(path, { server, ...options });

/** How many colours a canvas shows: a blank one has one. */
const colours = (canvas) =>
  canvas.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

for (const theme of ["light", "dark", "contrast"]) {
  for (const path of ["", "templates"]) {
    test(`${path || "overview"}, ${theme}: fits every width, and can be used by everybody`, async () => {
      const { open } = path ? await deployment({ people: 30 }) : { open: demo };
      const page = await open(`${path}?theme=${theme}`);
      await ready(page);
      for (const canvas of await page.locator("figure canvas:not(.overlay canvas)").all()) assert.ok((await colours(canvas)) > 8, "a chart is blank");
      // Everything that can be open at the same time.
      const closed = page.getByRole("button", { name: "Show table", exact: true });
      while ((await closed.count()) > 0) await closed.first().click();
      await page.locator("#range").click();
      for (const width of [1440, 768, 375, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await ready(page);
        await fits(page);
        if (width === 1440 || width === 320) await accessible(page);
      }
      await finish(page, [noConfig]);
    });
  }
}

test("the document has a language, a title, one main heading and landmarks; links skip to the figures", async () => {
  const page = await open("", { server });
  await ready(page);
  assert.match(await page.locator("html").getAttribute("lang"), /^[a-z]{2}/);
  assert.match(await page.title(), /Metrics/);
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  assert.equal(await page.getByRole("main").count(), 1);
  for (const name of ["User status over time", "Daily active users", "Active users"]) assert.equal(await page.getByRole("region", { name, exact: true }).count(), 1, name);
  const address = page.url();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  assert.equal(page.url(), address);
  await finish(page, [noConfig]);
});

test("the first finished picture is marked in the browser's timeline", async () => {
  const page = await open("", { server });
  await ready(page);
  assert.equal(await page.evaluate(() => performance.getEntriesByName("ready", "mark").length), 1);
  await finish(page, [noConfig]);
});

test("a mark is set when all is written and drawn: nothing changes from there to the painted frame", async () => {
  const { open } = await deployment();
  const prepare = (page) =>
    page.addInitScript(() => {
      globalThis.shown = () => ({
        text: document.querySelector("main").textContent,
        range: document.querySelector("#range").textContent,
        states: [...document.querySelectorAll("section[data-state]")].map((panel) => panel.dataset.state),
        pictures: [...document.querySelectorAll(".chart-frame > canvas")].map((canvas) => canvas.toDataURL()),
      });
      const mark = performance.mark.bind(performance);
      performance.mark = (name) => {
        globalThis.count = (globalThis.count ?? 0) + 1;
        globalThis.marked = { name, ready: document.documentElement.dataset.ready, ...globalThis.shown() };
        return mark(name);
      };
    });
  const page = await open("?range=14d", { prepare });
  let before;
  const same = async (expected) => {
    await ready(page);
    const [{ name, ready: isReady, ...marked }, now] = await page.evaluate(() => [globalThis.marked, globalThis.shown()]);
    assert.deepEqual([name, isReady], [expected, "false"]);
    assert.deepEqual(marked, now);
    assert.equal(now.pictures.length, 3);
    now.pictures.forEach((picture, place) => assert.notEqual(picture, before?.pictures[place], "a chart was not drawn again"));
    before = now;
  };
  const redrawn = async (count) => {
    await page.waitForFunction((count) => globalThis.count === count, count);
    await same("redrawn");
  };
  await same("ready");
  await page.locator("#range-earlier").click();
  await redrawn(2);
  await page.locator("#range-later").click();
  await redrawn(3);
  await page.locator("#theme").selectOption("dark");
  await redrawn(4);
  await finish(page);
});

test("charts speak their table: a walk by keyboard", async () => {
  const { open } = await deployment();
  const page = await open("?range=14d&tz=UTC");
  await ready(page);
  for (const id of ["user-status", "daus", "active-users"]) {
    const chart = page.locator(`#${id} .chart-frame`);
    assert.match(await chart.getAttribute("aria-label"), new RegExp(`^${await page.locator(`#${id} h2`).innerText()}, 7–20 Nov 2026: `));
    const { columns } = await table(page, id);
    const rows = await page.locator(`#${id} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));
    const spoken = page.locator(`#${id} figure [role=status]`);
    await chart.focus();
    // Speech waits until the keys rest, so the long walk is taken once.
    const walk = [["ArrowRight", 13], ["ArrowLeft", 12], ["Home", 0], ["ArrowLeft", 0], ["ArrowRight", 1], ["PageDown", 8], ["PageUp", 1], ["End", 13], ["ArrowRight", 13]];
    for (const [key, index] of id === "daus" ? walk : walk.slice(0, 3)) {
      await page.keyboard.press(key);
      const figures = columns.map((column, at) => [column, rows[index][at]]).slice(1).filter(([, shown]) => shown !== "");
      const says = (text) => figures.every(([column, shown]) => text.includes(column) && text.includes(shown)) && text.includes(rows[index][0].replace(/ \d{4}$/, ""));
      for (let tries = 0; tries < 100 && !says(await spoken.textContent()); tries += 1) await page.waitForTimeout(20);
      assert.ok(says(await spoken.textContent()), `${id}, ${key}: "${await spoken.textContent()}" does not say ${rows[index].join(" | ")}`);
      assert.equal(await page.locator(`#${id} .tooltip`).count(), 1);
    }
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(`#${id} .tooltip`).count(), 0);
  }
  await finish(page);
});

test("all of the page can be reached by Tab, and the focus can be seen", async () => {
  const { open } = await deployment();
  const page = await open("?tz=UTC");
  await ready(page);
  const reached = [];
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText;
      return { name: name?.trim().split("\n")[0], seen: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none", inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight };
    });
    if (!here) break;
    reached.push(here);
  }
  assert.deepEqual(reached.filter((one) => !one.seen || !one.inside), []);
  const names = reached.map((one) => one.name);
  for (const name of ["Skip to the figures", "Refresh", "Copy link", "Theme", "Overview", "Templates", "Organization", "Action", "Earlier days", "Interval", "Compare with", "Time zone", "Show table", "Download CSV", "Copy as curl"]) {
    assert.ok(names.includes(name), `${name} is not among ${names.join(", ")}`);
  }
  await finish(page);
});

test("what moves stands still for those who ask for it, and is not needed by others", async () => {
  for (const reducedMotion of ["reduce", "no-preference"]) {
    const { fake, open } = await deployment();
    fake.behave("daus", undefined, { delay: 800 });
    const page = await open("", { reducedMotion });
    await reaches(page, "daus", "loading");
    const moving = () => page.evaluate(() => document.getAnimations().filter((one) => one.effect.getTiming().duration > 0).length);
    if (reducedMotion === "reduce") assert.equal(await moving(), 0);
    else await page.waitForFunction(() => document.getAnimations().length > 0);
    await ready(page);
    assert.equal(await moving(), 0);
    await finish(page);
  }
});

test("colours of one's own: everything is there, charts included", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open("", { server, forcedColors: "active", colorScheme });
    await ready(page);
    for (const canvas of await page.locator("figure canvas:not(.overlay canvas)").all()) assert.ok((await colours(canvas)) > 3, "a chart is blank");
    // Text is painted in the person's colours, but the checker reads those of the style sheet.
    await accessible(page, { without: ["color-contrast"] });
    const inks = await page.locator("h1, h2, .tile-detail, .panel-source").evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).color))]);
    assert.deepEqual(inks, [colorScheme === "dark" ? "rgb(255, 255, 255)" : "rgb(0, 0, 0)"]);
    const [between, tile] = await page.locator("#tiles, .tile:first-child").evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
    assert.notEqual(between, tile, "there are lines between the tiles");
    // Only where one is has a line below it.
    const lines = await page.locator("#tabs a").evaluateAll((all) => all.map((one) => getComputedStyle(one).borderBottomColor));
    assert.equal(lines.filter((line) => line === lines[1]).length, lines.length - 1);
    assert.notEqual(lines[0], lines[1]);
    await fits(page);
    await finish(page, [noConfig]);
  }
});

test("text twice as large, and text spaced as WCAG asks for, still fits", async () => {
  const page = await open("", { server, viewport: { width: 720, height: 900 }, deviceScaleFactor: 2 });
  await ready(page);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
    document.adoptedStyleSheets.push(sheet);
  });
  await page.waitForTimeout(100);
  await fits(page);
  const cut = await page.locator("h1, h2, .tile-value, .panel-headline, button").evaluateAll((all) => all.filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== "visible").map((one) => one.innerText));
  assert.deepEqual(cut.filter((text) => !/days/.test(text)), [], "cut off");
  await finish(page, [noConfig]);
});

test("what opens beside a button stays in the window, closes by Escape or elsewhere, and gives the focus back", async () => {
  for (const width of [1440, 375, 320]) {
    const { open } = await deployment();
    const page = await open("?tz=UTC", { viewport: { width, height: 900 } });
    await ready(page);
    const parts = [page.locator("#daus .menu"), page.locator(".field.range")];
    for (const part of parts) {
      const button = part.locator("button[aria-expanded]");
      const popup = part.locator(".popup");
      const isOpen = (open) => popup.and(page.locator(open ? ":visible" : ":not(:visible)")).waitFor({ state: "attached" });
      await button.click();
      await isOpen(true);
      const { x, width: wide } = await popup.boundingBox();
      assert.ok(x >= 0 && x + wide <= width, `${x} to ${x + wide} of ${width}`);
      await page.locator("h1").click();
      await isOpen(false);
      await button.press("Enter");
      await isOpen(true);
      await page.keyboard.press("Tab");
      await isOpen(true);
      await page.keyboard.press("Escape");
      await isOpen(false);
      assert.ok(await button.evaluate((button) => button === document.activeElement), "the focus is back");
      await button.press("Enter");
      await isOpen(true);
      for (let step = 0; step < 2; step += 1) await page.keyboard.press("Shift+Tab");
      await isOpen(false);
    }
    await finish(page);
  }
});

test("the page is first shown with its figures; a slow server does not hold it back", async () => {
  const { open, fake } = await deployment();
  const prepare = (page) =>
    page.addInitScript(() => {
      // However slow the machine is, time is not up before there are figures.
      const later = globalThis.setTimeout;
      globalThis.setTimeout = (act, wait) => later(act, wait === 100 ? 10_000 : wait);
      const watch = new MutationObserver(() => {
        if (!document.body || document.getElementById("boot")) return;
        watch.disconnect();
        const tiles = [...document.querySelectorAll(".tile")].map((tile) => [tile.dataset.state, tile.checkVisibility()]);
        globalThis.first = { tiles, panels: [...document.querySelectorAll(".panel")].length };
      });
      addEventListener("DOMContentLoaded", () => watch.observe(document.body, { childList: true }));
    });
  let page = await open("", { prepare });
  await ready(page);
  const { tiles, panels } = await page.evaluate(() => globalThis.first);
  assert.equal(panels, 3);
  assert.ok(tiles.length > 0 && tiles.every(([, isSeen]) => isSeen) && tiles.some(([state]) => state !== "loading"), `first seen: ${tiles}`);
  await finish(page);

  fake.behave("*", undefined, { delay: 3_000 });
  page = await open("");
  await page.locator("#user-status .skeleton").waitFor();
  assert.equal(await page.locator("#boot").count(), 0);
  assert.equal(await page.locator("#tile-active").getAttribute("data-state"), "loading");
  await ready(page);
  await finish(page);
});
