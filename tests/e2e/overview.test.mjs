// The first view, as people and tests find it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, finish, fits, noConfig, open, ready, start } from "./harness.mjs";

const server = await start();

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 768, 375, 320]) {
    test(`${colorScheme}, ${width} px wide: fits, and can be used by everybody`, async () => {
      const page = await open("", { server, colorScheme, viewport: { width, height: 900 } });
      await ready(page);
      await fits(page);
      await accessible(page);
      await finish(page, [noConfig]);
    });
  }
}

test("the document has a language, a title and one main heading", async () => {
  const page = await open("", { server });
  await ready(page);
  assert.match(await page.locator("html").getAttribute("lang"), /^[a-z]{2}/);
  assert.match(await page.title(), /Metrics/);
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  await finish(page, [noConfig]);
});

test("the first finished picture is marked in the browser's timeline", async () => {
  const page = await open("", { server });
  await ready(page);
  assert.equal(await page.evaluate(() => performance.getEntriesByName("ready", "mark").length), 1);
  await finish(page, [noConfig]);
});
