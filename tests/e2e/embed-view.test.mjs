// What a portal and the view inside it keep in step: looks, question, height, and where a person looks.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { each, hears, opened, question, reaches, said, setting, settled, TOKEN } from "./embed.mjs";
import { accessible, dist, finish, open } from "./harness.mjs";

each("a listed parent shows the view with the helper, and both keep in step", async (browser) => {
  const place = await setting(browser);
  const { page, view } = await opened(place, { theme: "dark", locale: "de-CH", timezone: "Asia/Kathmandu", show: "filters,panel:daus,panel:user-status", query: "range=7d" });
  await settled(view);
  await hears(page, "ready");
  await reaches(view, "daus", "ready");
  assert.deepEqual(await page.locator("iframe").evaluate((frame) => [frame.title, frame.sandbox.value, frame.allow, frame.referrerPolicy]), [
    "Usage metrics", "allow-scripts allow-same-origin allow-downloads allow-forms allow-popups", "clipboard-write; fullscreen", "strict-origin",
  ]);
  // What the parent wishes for.
  assert.equal(await view.locator("html").getAttribute("data-theme"), "dark");
  for (const [part, count] of [[".page-head", 0], [".tabs", 0], [".page-footer", 0], [".tiles", 0], ["#filters", 1], ["#daus", 1], ["#user-status", 1], ["#active-users", 0]]) {
    assert.equal(await view.locator(part).count(), count, part);
  }
  assert.equal(await view.locator("#tz").inputValue(), "Asia/Kathmandu");
  assert.match(await view.locator("#range").innerText(), /7 days/);
  assert.equal(place.fake.asked("insights").length, 0, "what is hidden is not asked for");
  await hears(page, "state", ({ query }) => query === "range=7d");

  await accessible(page.frames()[1]);

  // From the view to the parent.
  await view.locator("#compare").selectOption("none");
  await hears(page, "state", ({ query }) => query === "range=7d&compare=none");

  // From the parent to the view: what it does not show stays hidden whatever the query says.
  await question(page, "range=14d&show=title,filters,panel:daus,panel:active-users");
  await view.locator("#range", { hasText: "14 days" }).waitFor();
  await view.locator("#user-status").waitFor({ state: "detached" });
  await settled(view);
  for (const part of [".page-head", "#active-users"]) assert.equal(await view.locator(part).count(), 0, part);
  await page.locator("#theme").selectOption("light");
  await view.locator('html[data-theme="light"]').waitFor({ state: "attached" });
  assert.deepEqual(await said(page, "error"), []);
  await finish(page);
});

each("a click on a bucket is told", async (browser) => {
  const { page, view } = await opened(await setting(browser), { show: "panel:daus" });
  await settled(view);
  const chart = view.locator("#daus .chart-frame");
  await chart.focus();
  await chart.press("Home");
  await chart.press("Enter");
  const { kind, id } = await hears(page, "drill");
  assert.equal(kind, "bucket");
  assert.match(id, /^\d{4}-\d\d-\d\d$/);
  await hears(page, "state", ({ query }) => query === `from=${id}&to=${id}`);
  await finish(page);
});

each("who is looked at closer is told: a person, a template", async (browser) => {
  const place = await setting(browser);
  const { page, view } = await opened(place, { path: "people", show: "tabs,panel:people,panel:person,panel:templates" });
  await settled(view);
  await view.getByRole("link", { name: "user5", exact: true }).click();
  await view.locator("#person").waitFor();
  const person = "00000000-0000-0000-0000-000000000105";
  await hears(page, "drill", ({ kind, id }) => kind === "person" && id === person);
  await view.getByRole("link", { name: "Templates", exact: true }).click();
  await reaches(view, "templates", "ready");
  const chart = view.locator("#templates .chart-frame");
  await chart.focus();
  await chart.press("Home");
  await chart.press("Enter");
  const { id } = await hears(page, "drill", ({ kind }) => kind === "template");
  await hears(page, "state", ({ query }) => new URLSearchParams(query).get("template") === id);
  assert.equal((await said(page, "drill")).length, 2, "each is told once");
  await finish(page);
});

each("the frame is as high as the content, and comes to rest", async (browser) => {
  const { page, view } = await opened(await setting(browser), { viewport: { width: 1000, height: 700 } });
  await settled(view);
  const sizes = async () => {
    const [frame, content] = [await page.locator("iframe").evaluate((frame) => frame.clientHeight), await view.locator("body").evaluate((body) => [body.offsetHeight, document.documentElement.scrollHeight])];
    return [frame, ...content];
  };
  const rests = async () => {
    await sleep(300);
    const [frame, content, scroll] = await sizes();
    assert.ok(frame >= content && frame - content <= 3 && scroll <= frame, `frame ${frame}, content ${content}, to scroll ${scroll}`);
    return frame;
  };
  const before = await rests();
  assert.ok(before > 1_000);
  // Half a minute in which nothing may move: neither what is asked for, nor what is seen.
  const seen = new Set();
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(200)) seen.add((await sizes())[0]);
  assert.deepEqual([...seen], [before], "no change in 30 seconds");
  await view.locator("#daus").getByRole("button", { name: "Show table" }).click();
  assert.ok((await rests()) > before + 200, "grows");
  await view.locator("#daus").getByRole("button", { name: "Hide table" }).click();
  assert.equal(await rests(), before, "and shrinks");
  await page.setViewportSize({ width: 400, height: 700 });
  assert.ok((await rests()) > before);
  await finish(page);
});

each("what opens is not cut off, and a message appears where a person looks", async (browser) => {
  const { page, view } = await opened(await setting(browser), { show: "filters,panel:daus", viewport: { width: 1000, height: 500 } });
  await settled(view);
  await view.locator("#range").click();
  await sleep(200);
  const ends = await view.locator("#range-popup").evaluate((popup) => [popup.getBoundingClientRect().bottom, innerHeight]);
  assert.ok(ends[0] <= ends[1], `the popup ends at ${ends[0]} in a frame of ${ends[1]}`);
  await page.keyboard.press("Escape");
  await page.context().close();

  const tall = await opened(await setting(browser), { viewport: { width: 1000, height: 500 } });
  await settled(tall.view);
  if (browser === "chromium") await tall.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const id of ["user-status", "active-users"]) {
    await tall.view.locator(`#${id}`).getByRole("button", { name: "Copy as curl" }).click();
    const toast = tall.view.locator(".toast.is-shown");
    await toast.waitFor();
    await sleep(100);
    const box = await toast.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 500, `${id}: the message is at ${box.y} of 500`);
  }
  await finish(tall.page);
});

each("the portal page of docs/embedding.md works as it stands there", async (browser) => {
  const place = await setting(browser, { auth: "host", token: TOKEN });
  const text = await readFile(new URL("../../docs/embedding.md", import.meta.url), "utf8");
  const [, recipe] = /```html\n([^]*?)```/.exec(text);
  place.host.pages["/recipe"] = `<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,">${recipe.replace("https://metrics.example.com/", place.server.url)}`;
  const asked = [];
  const prepare = (page) =>
    page.route("**/metrics-token**", (route) => {
      asked.push(new URL(route.request().url()).search);
      return route.fulfill({ json: { value: TOKEN, expires_at: "2100-01-01T00:00:00Z" } });
    });
  const page = await open("recipe", { browser, server: place.host, prepare });
  const view = page.frameLocator("iframe");
  await reaches(view, "daus", "ready");
  assert.deepEqual(asked, ["?source=coder&reason=missing"]);
  await view.locator("#compare").selectOption("none");
  await page.waitForURL(/compare=none$/);
  await finish(page);
});

test("the helper is small, and has no name but its own", async () => {
  const text = await readFile(join(dist, "host.js"), "utf8");
  assert.ok(text.length <= 3_000, `${text.length} bytes`);
  assert.doesNotMatch(text, /innerHTML|eval\(|"\*"|^(?:const|let|var|function|class) /m);
});
