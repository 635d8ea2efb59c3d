// The page of templates: choosing some of them, by the filter and by a click on the ranking.
import assert from "node:assert/strict";
import { test } from "node:test";
import { finish, noConfig, open, reaches, ready, start, table } from "./harness.mjs";

test("templates are chosen one by one, and a click on the ranking leaves one alone", async () => {
  const server = await start();
  const page = await open("templates", { server });
  await ready(page);
  const all = await table(page, "templates");
  assert.ok(all.rows.length > 3, "the demo has several templates");
  const [first, second] = all.rows.map((row) => row[0]);
  const trends = await table(page, "template-trends");
  assert.deepEqual(trends.columns.slice(1, 3), [first, second], "small charts in the order of the ranking");

  const filter = page.locator("#template");
  await filter.click();
  for (const name of [first, second]) {
    await filter.fill(name);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("Escape");
  assert.equal(await filter.inputValue(), "2 templates");
  assert.equal(new URL(page.url()).searchParams.get("template").split(",").length, 2);
  await ready(page);
  await reaches(page, "templates", "ready");
  assert.deepEqual((await table(page, "templates")).rows.map((row) => row.slice(0, 2)), all.rows.slice(0, 2).map((row) => row.slice(0, 2)));

  const chart = page.locator("#templates .chart-frame");
  await chart.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !new URL(location.href).searchParams.get("template").includes(","));
  await ready(page);
  assert.deepEqual((await table(page, "templates")).rows.map((row) => row[0]), [first]);
  assert.equal(await filter.inputValue(), first);
  await finish(page, [noConfig]);
});
