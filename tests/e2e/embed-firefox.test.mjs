// Embedding in Firefox, between two sites and with third-party storage blocked.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { coder } from "./coder.mjs";
import { firefox } from "./firefox.mjs";
import { dist, later, start } from "./harness.mjs";
import { portal } from "./portal.mjs";

const TOKEN = "portal-token-1";
let browser;

before(async () => {
  browser = await firefox();
  if (browser) later(browser.close);
});

/** Opens the test host page on localhost with the view of 127.0.0.1, which is another site, in a frame. */
async function opened(listed) {
  const fake = await coder({ token: TOKEN });
  later(fake.close);
  const host = await portal({ dist });
  later(host.close);
  const origin = host.origin.replace("127.0.0.1", "localhost");
  const source = { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "host" };
  const config = { version: 1, timezone: "UTC", sources: [source], embed: { parents: [listed ?? origin] } };
  const server = await start({ coder: fake, config, frameAncestors: "http:" });
  const page = await browser.open(`${origin}/portal?${new URLSearchParams({ view: server.url, theme: "dark", show: "filters,panel:daus", query: "range=7d" })}`);
  const [frame] = await browser.frames(page);
  return { fake, server, page, frame: frame.id };
}

/** Asks until the expression holds, for ten seconds. */
async function holds(page, expression) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await browser.evaluate(page, expression).catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`${expression} does not hold in: ${await browser.evaluate(page, "document.body.innerText")}`);
}

test("Firefox: a listed parent shows the view, hands a token over, and both keep in step", async (context) => {
  if (!browser) return context.skip("Firefox is not installed: run `.ci/setup test`");
  const { fake, page, frame } = await opened();
  await holds(frame, `document.querySelector('html[data-ready="true"][data-theme="dark"] #daus[data-state="ready"]') !== null`);
  assert.equal(await browser.evaluate(frame, "(() => { try { return localStorage.length } catch { return 'blocked' } })()"), "blocked");
  assert.ok(fake.requests.every(({ headers }) => headers["coder-session-token"] === TOKEN && !headers.cookie));
  assert.deepEqual(await browser.evaluate(page, "said.filter(({ type }) => type === 'token_request').map(({ reason }) => reason)"), ["missing"]);
  await holds(page, "said.some(({ type, query }) => type === 'state' && query === 'range=7d')");
  await sleep(300);
  const frameHeight = await browser.evaluate(page, "document.querySelector('iframe').clientHeight");
  const [content, scroll] = await browser.evaluate(frame, "[document.body.offsetHeight, document.documentElement.scrollHeight]");
  assert.ok(frameHeight >= content && frameHeight - content <= 3 && scroll <= frameHeight, `frame ${frameHeight}, content ${content}, to scroll ${scroll}`);

  await browser.evaluate(page, "document.querySelector('metrics-view').setTheme('light')");
  await browser.evaluate(page, "document.querySelector('metrics-view').setQuery('range=14d')");
  await holds(frame, `document.querySelector('html[data-theme="light"]') !== null && /14 days/.test(document.querySelector('#range').innerText)`);
  await browser.evaluate(page, "document.querySelector('metrics-view').logout()");
  await holds(frame, `document.querySelector('#daus[data-state="unauthorized"]') !== null`);
  assert.deepEqual(browser.complaints, []);
});

test("Firefox: a parent that is not listed sees a notice, and nothing is asked", async (context) => {
  if (!browser) return context.skip("Firefox is not installed: run `.ci/setup test`");
  const { fake, server, page, frame } = await opened("https://admin.example.com");
  await holds(frame, `document.querySelector('#embed-notice') !== null`);
  await sleep(500);
  assert.deepEqual(fake.requests, []);
  const asked = browser.asked.filter((url) => url.startsWith(server.url) && !/\.(js|wasm|css|svg)$/.test(url));
  assert.deepEqual(asked, [server.url, `${server.url}config.json`]);
  assert.deepEqual(await browser.evaluate(page, "said"), []);
});
