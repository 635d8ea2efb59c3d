// What tests of embedding share: a portal and the view on two sites, in each browser that is there.
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { coder } from "./coder.mjs";
import { dist, installed, later, open, start } from "./harness.mjs";
import { portal } from "./portal.mjs";

export const TOKEN = "portal-token-1";

/** A test for each browser: Chromium, and Debian's Firefox where it is installed. */
export function each(title, run) {
  for (const browser of ["chromium", "firefox"]) {
    test(`${browser}: ${title}`, { skip: !installed(browser) && `${browser} is not installed: run \`.ci/setup test\`` }, () => run(browser));
  }
}

/** A fake Coder, the view in front of it on one port, and a portal on another. */
export async function setting(browser, { auth = "cookie", parents, token, relay = false, frameAncestors, ...more } = {}) {
  const fake = await coder({ token });
  later(fake.close);
  const host = await portal({ dist, ...(relay ? { api: fake.url, token } : {}) });
  later(host.close);
  const source = { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth };
  const config = { version: 1, timezone: "UTC", sources: [source], embed: { parents: parents ?? [host.origin] } };
  const server = await start({ coder: fake, config, frameAncestors, ...more });
  return { browser, fake, host, server };
}

/** Opens the test host page; `attributes` are those of its `<metrics-view>`. */
export async function opened({ browser, host, server }, { path = "", session, viewport, prepare, ...attributes } = {}) {
  const query = new URLSearchParams({ view: server.url + path, ...attributes });
  prepare ??= (page) => session && page.addInitScript((session) => addEventListener("DOMContentLoaded", () => (globalThis.session = session)), session);
  const page = await open(`portal?${query}`, { browser, server: host, viewport, prepare });
  const view = page.frameLocator("iframe");
  return { page, view };
}

export const settled = (view) => view.locator('html[data-ready="true"]').waitFor({ state: "attached" });
export const reaches = (view, id, state) => view.locator(`#${id}[data-state="${state}"]`).waitFor({ state: "attached" });

/** What the view said, of one type. */
export const said = (page, type) => page.evaluate((type) => globalThis.said.filter((message) => message.type === type), type);

/** The portal asks the view another question. */
export const question = (page, query) => page.evaluate((query) => document.querySelector("metrics-view").setQuery(query), query);

/** Asks until there is an answer, for five seconds. */
export async function within(ask) {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await ask();
    if (found) return found;
    await sleep(50);
  }
  throw new Error("nothing came");
}

/** Waits until the view has said something of which `check` holds. */
export async function hears(page, type, check = () => true) {
  return within(async () => (await said(page, type)).find(check)).catch(async () => {
    throw new Error(`no such ${type}: ${JSON.stringify(await page.evaluate(() => globalThis.said))}`);
  });
}

/** The empty portal with a frame put in by hand, once it has said hello (or `silent`, once it is loaded). */
export async function byHand({ browser, host, server }, { sandbox, path = "", silent = false } = {}) {
  const page = await open("", { browser, server: host });
  await page.evaluate(
    ([src, sandbox, silent]) =>
      new Promise((done) => {
        globalThis.heard = [];
        addEventListener("message", ({ origin, data }) => {
          heard.push({ origin, data });
          done();
        });
        const frame = document.createElement("iframe");
        if (sandbox !== undefined) frame.setAttribute("sandbox", sandbox);
        if (silent) frame.addEventListener("load", () => done());
        frame.src = src;
        document.body.append(frame);
      }),
    [server.url + path, sandbox, silent],
  );
  return { page, view: page.frameLocator("iframe").first(), heard: () => page.evaluate(() => heard) };
}

/** Sends an init with a port; `change` is laid over the right one. What comes back over the port lands in `said`. */
export function answer(page, change = {}, { ports = 1, padding = 0 } = {}) {
  return page.evaluate(
    ([change, ports, padding]) => {
      const channels = Array.from({ length: ports }, () => new MessageChannel());
      globalThis.said = [];
      globalThis.port = channels[0]?.port1;
      if (globalThis.port) globalThis.port.onmessage = ({ data }) => said.push(data);
      const init = { type: "metrics:init", protocol: 1, nonce: heard[0].data.nonce, padding: "x".repeat(padding), ...change };
      globalThis.last = init;
      frames[0].postMessage(init, "*", channels.map((channel) => channel.port2));
    },
    [change, ports, padding],
  );
}
