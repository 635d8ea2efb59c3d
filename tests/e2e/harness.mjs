// What end-to-end tests need besides a browser: a server for dist/, checks of a whole page, and the hooks in the page
// that the README promises to tests and scripts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { quit } from "./browser.mjs";

export { open, ready } from "./browser.mjs";

export const dist = process.env.DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

const cleanup = [];
after(async () => {
  await quit();
  for (const close of cleanup.splice(0).reverse()) await close();
});

/** Keeps something to be closed when the test file ends. */
export function later(close) {
  cleanup.push(close);
}

/**
 * Serves dist/ until the test file ends; options as in `.ci/serve.mjs`. `coder` is a fake of coder.mjs, reachable
 * below the page's own origin; it fills in the configuration unless one is given.
 */
export async function start({ coder, config, proxy = [], ...options } = {}) {
  const rules = coder ? ["/api/v2/", "/icon/"].map((path) => ({ path, target: coder.url })) : [];
  const filled = config ?? (coder ? { version: 1, sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" }] } : undefined);
  const server = await serve({ dist, config: filled, proxy: [...rules, ...proxy], ...options });
  later(server.close);
  return server;
}

/** That config.json is not there is how the demo begins. */
export const noConfig = /^404: GET \S+\/config\.json$/;

/** Closes a page. Fails if it complained about anything that `allowed` (a list of expressions) does not match. */
export async function finish(page, allowed = []) {
  await page.context().close();
  const left = page.problems.filter((problem) => !allowed.some((expression) => expression.test(problem)));
  assert.deepEqual(left, [], "the page complained");
}

/** Fails if the page breaks a rule of WCAG 2.2 AA that a program can check. */
export async function accessible(page) {
  // Through the debugger: the page's policy allows no script of others.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  });
  assert.deepEqual(found, [], "WCAG 2.2 AA");
}

/** Fails if the page is wider than the window. Single parts may scroll on their own. */
export async function fits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}

/** A panel by its id: its state, its accessible name, and the element. */
export async function panel(page, id) {
  const element = page.locator(`section#${id}`);
  await element.waitFor({ state: "attached" });
  const name = await element.evaluate((section) => {
    const labelled = section.getAttribute("aria-labelledby");
    return section.getAttribute("aria-label") ?? (labelled ? document.getElementById(labelled)?.textContent?.trim() : undefined);
  });
  return { element, name, state: await element.getAttribute("data-state") };
}

/**
 * The table of a panel, as exact values: numbers, ISO dates, text, `null` where a value is missing. Presses
 * "Show table" if the panel has the button and it was not pressed yet.
 */
export async function table(page, id) {
  const { element } = await panel(page, id);
  const button = element.getByRole("button", { name: "Show table", exact: true });
  if ((await element.locator("table").count()) === 0 && (await button.count()) > 0) await button.click();
  await element.locator("table").first().waitFor();
  return element.locator("table").first().evaluate((table) => {
    const value = (cell) => {
      const data = cell.querySelector("data[value]");
      if (data) return Number(data.getAttribute("value"));
      const time = cell.querySelector("time[datetime]");
      if (time) return time.getAttribute("datetime");
      // A reason that is only spoken is not a value.
      const copy = cell.cloneNode(true);
      for (const hidden of copy.querySelectorAll(".visually-hidden, .sr-only, [hidden]")) hidden.remove();
      return copy.textContent.trim() || null;
    };
    const text = (cell) => cell.textContent.trim();
    return {
      caption: table.caption ? text(table.caption) : null,
      columns: [...table.querySelectorAll("thead th")].map(text),
      rows: [...table.querySelectorAll("tbody tr")].map((row) => [...row.cells].map(value)),
    };
  });
}
