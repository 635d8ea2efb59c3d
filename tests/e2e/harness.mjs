// What end-to-end tests need besides a browser: a server for dist/, checks of a whole page, and the hooks in the page
// that the README promises to tests and scripts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { open, pages, quit } from "./browser.mjs";
import { coder } from "./coder.mjs";

export { installed, open, ready } from "./browser.mjs";

export const dist = process.env.DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

const cleanup = [];
after(async () => {
  await quit();
  for (const close of cleanup.splice(0).reverse()) await close();
  const never = pages.flatMap((page) => page.problems.filter((problem) => /^(policy|third party): /.test(problem)));
  assert.deepEqual(never, [], "no page of this file may break its policy, or ask anybody else");
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

/** The time that page and server have where a test pins it: a Friday afternoon, 20 minutes before the hour in Kathmandu. */
export const NOW = "2026-11-20T14:25:00Z";

/**
 * A fake Coder, `dist/` in front of it, and a way to open pages of it, all at one pinned time. `auth` and `config` say
 * how the page is configured; what else is given goes to the fake.
 */
export async function deployment({ now = NOW, auth = "cookie", config, ...options } = {}) {
  const fake = await coder({ now, ...options });
  later(fake.close);
  const source = { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth };
  const server = await start({ coder: fake, config: config ?? { version: 1, sources: [source] } });
  return { fake, server, open: (path = "", more = {}) => open(path, { server, now, ...more }) };
}

/** That config.json is not there is how the demo begins. */
export const noConfig = /^404: GET \S+\/config\.json$/;

/** Closes a page. Fails if it complained about anything that `allowed` (a list of expressions) does not match. */
export async function finish(page, allowed = []) {
  await page.context().close();
  const left = page.problems.filter((problem) => !allowed.some((expression) => expression.test(problem)));
  assert.deepEqual(left, [], "the page complained");
}

/** Fails if the page breaks a rule of WCAG 2.2 AA that a program can check; `without` leaves some of them out. */
export async function accessible(page, { without = [] } = {}) {
  // Through the debugger: the page's policy allows no script of others.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(async (without) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
    const { violations } = await globalThis.axe.run(document, { runOnly: tags, rules, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  }, without);
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

/** Waits until a panel (or a tile) is in a state, and gives its element. */
export async function reaches(page, id, state, { timeout = 10_000 } = {}) {
  const element = page.locator(`#${id}[data-state="${state}"]`);
  await element.waitFor({ state: "attached", timeout }).catch(async () => {
    const found = page.locator(`#${id}`);
    const is = (await found.count()) === 0 ? "not there" : `${await found.getAttribute("data-state")}: ${await found.innerText()}`;
    throw new Error(`#${id} is not ${state} but ${is}\nproblems: ${page.problems.join("; ") || "none"}`);
  });
  return element;
}

/** The tiles by id: state, exact value or `null`, and the words around it. */
export async function tiles(page) {
  const all = await page.locator(".tile").evaluateAll((tiles) =>
    tiles.map((tile) => {
      const data = tile.querySelector("data[value]");
      return [tile.id, { state: tile.dataset.state, value: data ? Number(data.getAttribute("value")) : null, detail: tile.querySelector(".tile-detail").innerText.trim() }];
    }),
  );
  return Object.fromEntries(all);
}

/**
 * Fails unless every cell of every table on the page is exactly one of: a number with its exact value, a date with its
 * ISO form, words, which may be a link, or a spoken reason why there is nothing.
 */
export async function wellFormed(page) {
  const wrong = await page.locator("table").evaluateAll((tables) =>
    tables.flatMap((table) => {
      const heads = [...table.querySelectorAll("thead th")];
      const bad = heads.filter((head) => head.scope !== "col").map((head) => `column without scope: ${head.outerHTML}`);
      for (const row of table.querySelectorAll("tbody tr")) {
        if (row.cells.length !== heads.length) bad.push(`row of ${row.cells.length} cells below ${heads.length} columns`);
        if (row.cells[0]?.tagName !== "TH" || row.cells[0].scope !== "row") bad.push(`row without head: ${row.outerHTML}`);
        for (const cell of row.cells) {
          const [data, time, spoken] = ["data", "time", ".sr-only"].map((selector) => [...cell.querySelectorAll(selector)]);
          const shown = cell.innerText.trim();
          const ok =
            data.length === 1 ? Number.isFinite(Number.parseFloat(data[0].value)) && /\p{N}/u.test(shown) && time.length + spoken.length === 0
            : time.length === 1 ? /^\d{4}-\d\d-\d\d$/.test(time[0].dateTime) && shown !== "" && spoken.length === 0
            : spoken.length === 1 ? spoken[0].textContent.trim() !== "" && cell.children.length === 1
            : cell.children[0]?.matches("span.trend") ? cell.children.length === 1 && cell.children[0].getAttribute("aria-label") !== "" && cell.textContent === ""
            : cell.children[0]?.matches("img[alt='']") ? cell.children.length === 1 && shown !== ""
            : cell.children.length === 0 || (cell.children.length === 1 && cell.firstElementChild.matches("a[href], details"));
          if (!ok || data.length > 1 || time.length > 1 || /NaN|undefined|Infinity|\bnull\b/.test(shown)) bad.push(cell.outerHTML);
        }
      }
      return bad.map((what) => `${table.caption?.textContent}: ${what}`);
    }),
  );
  assert.deepEqual(wrong, [], "cells of tables");
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
