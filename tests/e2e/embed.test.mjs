// The view inside a page of another origin: who may show it, the handshake, tokens, relay, and what both keep in step.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { coder } from "./coder.mjs";
import { accessible, dist, finish, later, noConfig, open, start } from "./harness.mjs";
import { portal } from "./portal.mjs";

const TOKEN = "portal-token-1";

/** A fake Coder, the view in front of it on one port, and a portal on another. */
async function setting({ auth = "cookie", parents, token, relay = false, frameAncestors, ...more } = {}) {
  const fake = await coder({ token });
  later(fake.close);
  const host = await portal({ dist, ...(relay ? { api: fake.url, token } : {}) });
  later(host.close);
  const source = { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth };
  const config = { version: 1, timezone: "UTC", sources: [source], embed: { parents: parents ?? [host.origin] } };
  const server = await start({ coder: fake, config, frameAncestors, ...more });
  return { fake, host, server };
}

/** Opens the test host page; `attributes` are those of its `<metrics-view>`. */
async function opened({ host, server }, { path = "", session, viewport, prepare, ...attributes } = {}) {
  const query = new URLSearchParams({ view: server.url + path, ...attributes });
  prepare ??= (page) => session && page.addInitScript((session) => addEventListener("DOMContentLoaded", () => (globalThis.session = session)), session);
  const page = await open(`portal?${query}`, { server: host, viewport, prepare });
  const view = page.frameLocator("iframe");
  return { page, view };
}

const settled = (view) => view.locator('html[data-ready="true"]').waitFor({ state: "attached" });
const reaches = (view, id, state) => view.locator(`#${id}[data-state="${state}"]`).waitFor({ state: "attached" });

/** What the view said, of one type. */
const said = (page, type) => page.evaluate((type) => globalThis.said.filter((message) => message.type === type), type);

/** Asks until there is an answer, for five seconds. */
async function within(ask) {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await ask();
    if (found) return found;
    await sleep(50);
  }
  throw new Error("nothing came");
}

/** Waits until the view has said something of which `check` holds. */
async function hears(page, type, check = () => true) {
  return within(async () => (await said(page, type)).find(check)).catch(async () => {
    throw new Error(`no such ${type}: ${JSON.stringify(await page.evaluate(() => globalThis.said))}`);
  });
}

/** The empty portal with a frame put in by hand, once it has said hello (or `silent`, once it is loaded). */
async function byHand({ host, server }, { sandbox, path = "", silent = false } = {}) {
  const page = await open("", { server: host });
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
function answer(page, change = {}, { ports = 1, padding = 0 } = {}) {
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

test("a listed parent shows the view with the helper, and both keep in step", async () => {
  const place = await setting();
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
  await page.locator("#query").fill("range=14d&show=title,filters,panel:daus,panel:active-users");
  await page.locator("#query").press("Enter");
  await view.locator("#range", { hasText: "14 days" }).waitFor();
  await view.locator("#user-status").waitFor({ state: "detached" });
  await settled(view);
  for (const part of [".page-head", "#active-users"]) assert.equal(await view.locator(part).count(), 0, part);
  await page.locator("#theme").selectOption("light");
  await view.locator('html[data-theme="light"]').waitFor({ state: "attached" });
  assert.deepEqual(await said(page, "error"), []);
  await finish(page);
});

test("a click on a bucket is told", async () => {
  const { page, view } = await opened(await setting(), { show: "panel:daus" });
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

test("who is looked at closer is told: a person, a template", async () => {
  const place = await setting();
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

test("a parent that is not listed sees a notice, and nothing is asked", async () => {
  const place = await setting({ auth: "host", parents: ["https://admin.example.com", "http://localhost:1"], frameAncestors: "http:" });
  const page = await open("", { server: place.host });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.evaluate((src) => {
    globalThis.heard = [];
    addEventListener("message", (event) => heard.push(event.data));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  }, place.server.url);
  const view = page.frameLocator("iframe");
  await settled(view);
  assert.match(await view.locator("#embed-notice").innerText(), /cannot be shown here[^]*embed\.parents/);
  await sleep(500);
  assert.deepEqual(await page.evaluate(() => heard), []);
  assert.deepEqual(place.fake.requests, []);
  const others = asked.filter((path) => !/\.(js|wasm|css|svg)$/.test(path));
  assert.deepEqual(others, ["/", "/config.json"]);
  await accessible(page.frames()[1]);
  await finish(page);
});

test("a policy in the header keeps it out altogether", async () => {
  const place = await setting({ parents: ["https://admin.example.com"] });
  const { page } = await byHand(place, { silent: true });
  assert.equal(await page.frames()[1].locator("#embed-notice, .page").count(), 0);
  await page.context().close();
});

test("without config.json nobody may show it", async () => {
  const host = await portal({ dist });
  later(host.close);
  const server = await start({ frameAncestors: "http:" });
  const { page, view } = await byHand({ host, server }, { silent: true });
  assert.match(await view.locator("#embed-notice").innerText(), /cannot be shown here/);
  await finish(page, [noConfig]);
});

test("only the right answer of the right window opens the port, and only once", async () => {
  const place = await setting({ frameAncestors: "http:" });
  const { page, view, heard } = await byHand(place);
  const [{ origin, data }] = await heard();
  assert.deepEqual([origin, data.type, data.protocol, Object.keys(data).sort()], [new URL(place.server.url).origin, "metrics:hello", 1, ["nonce", "protocol", "type"]]);
  assert.match(data.nonce, /^[0-9a-f]{32}$/);

  const nothing = async (what) => {
    await sleep(150);
    assert.deepEqual(await page.evaluate(() => said), [], what);
    assert.equal(await view.locator("#embed-notice").count(), 1, what);
    assert.deepEqual(place.fake.requests, [], what);
  };
  await answer(page, { nonce: "0".repeat(32) });
  await nothing("wrong nonce");
  await answer(page, { type: "metrics:hello" });
  await nothing("wrong type");
  await answer(page, { theme: 7 });
  await nothing("bad shape");
  await answer(page, {}, { ports: 0 });
  await nothing("no port");
  await answer(page, {}, { padding: 33 << 20 });
  await nothing("oversize");
  // A frame beside it, of the listed origin, knows the nonce.
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("iframe"), { src: "/beside" })));
  const beside = await within(async () => page.frames().find((frame) => frame.url().endsWith("/beside")));
  await beside.waitForLoadState();
  await beside.evaluate((nonce) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => parent.said.push(data);
    parent.said = [];
    parent.frames[0].postMessage({ type: "metrics:init", protocol: 1, nonce }, "*", [port2]);
  }, data.nonce);
  await nothing("spoofed source");
  await answer(page, { protocol: 2 });
  await view.getByRole("heading", { name: "speaks another version" }).waitFor();
  await nothing("wrong version");

  await answer(page, { show: ["panel:daus"] });
  await view.locator('#daus[data-state="ready"]').waitFor();
  await page.waitForFunction(() => said.some(({ type }) => type === "ready"));

  // The same again: nobody hears the window any more.
  await answer(page, { theme: "dark" });
  await sleep(300);
  // The state of the page, told once it rests, is no answer to that.
  assert.deepEqual(await page.evaluate(() => said.filter(({ type }) => type !== "state")), []);
  assert.equal(await view.locator('html[data-theme="dark"]').count(), 0);

  // A frame that is loaded anew has another nonce: what was said before is worth nothing.
  const old = data.nonce;
  await page.evaluate((src) => (document.querySelector("iframe").src = src), `${place.server.url}?again`);
  await page.waitForFunction(() => heard.length > 1);
  assert.notEqual((await heard())[1].data.nonce, old);
  await answer(page, { nonce: old });
  await sleep(300);
  assert.deepEqual(await page.evaluate(() => said), []);
  await finish(page);
});

test("what is wrong over the port is named, what is unknown is ignored, and the view goes on", async () => {
  const { page, view } = await byHand(await setting());
  await answer(page, { show: ["panel:daus", "everything"], theme: "purple" });
  await reaches(view, "daus", "ready");
  const errors = () => page.evaluate(() => said.filter(({ type }) => type === "error").map(({ message }) => message));
  assert.deepEqual(await errors(), ["theme=purple cannot be used: system", "show=everything cannot be used: left out"]);
  await page.evaluate(() => {
    said.length = 0;
    for (const message of [{ type: "of a later version" }, { type: "token", source: "nobody", value: "abc" }, { type: "fetch_result", id: 9, status: 200 }]) port.postMessage(message);
    for (const message of [null, "logout", [], {}, { type: "set_theme", theme: "<b>" }, { type: "set_query", query: 7 }, { type: "token", value: 1n }, new Map()]) port.postMessage(message);
    port.postMessage({ type: "logout", padding: "x".repeat(33 << 20) });
    port.postMessage({ type: "set_query", query: 'range=7d&q=<img src=x onerror=alert(1)>&token=abc' });
  });
  await page.waitForFunction(() => said.some(({ type, query }) => type === "state" && query.startsWith("range=7d&q=")));
  const found = await errors();
  assert.equal(found.length, 10, found.join("\n"));
  assert.match(found[8], /larger than 32 MiB/);
  assert.match(found[9], /^token is missing|token/);
  await settled(view);
  await reaches(view, "daus", "ready");
  await finish(page);
});

test("a parent that says nothing: what to check, and it may still answer", async () => {
  const { page, view } = await byHand(await setting());
  assert.match(await view.locator("#embed-notice").innerText(), /Waiting/);
  await view.getByRole("heading", { name: "does not answer" }).waitFor({ timeout: 15_000 });
  await answer(page, { show: ["panel:daus"] });
  await reaches(view, "daus", "ready");
  await finish(page);
});

test("a sandbox must leave the view its origin", async () => {
  const place = await setting();
  const inside = await byHand(place, { sandbox: "allow-scripts allow-same-origin" });
  await answer(inside.page, { show: ["panel:daus"] });
  await reaches(inside.view, "daus", "ready");
  await finish(inside.page);

  const outside = await byHand(place, { sandbox: "allow-scripts", silent: true });
  await outside.view.locator("#boot [role=alert]").waitFor();
  assert.match(await outside.view.locator("#boot").innerText(), /allow-same-origin/);
  assert.deepEqual(await outside.heard(), []);
  await outside.page.context().close();
});

test("alone it is as ever: sources that need a parent say so", async () => {
  const { server, fake } = await setting({ auth: "host" });
  const page = await open("?show=panel:daus", { server });
  await page.locator('#daus[data-state="unsupported"]').waitFor();
  assert.equal(await page.locator("html[data-embedded]").count(), 0);
  assert.deepEqual(fake.requests, []);
  await finish(page);
});

test("a token of the parent: asked for once, renewed in time, in no place but the header", async () => {
  const place = await setting({ auth: "host", token: TOKEN });
  const { page, view } = await opened(place, { session: { value: TOKEN, seconds: 3 } });
  await settled(view);
  for (const id of ["user-status", "daus", "active-users"]) await reaches(view, id, "ready");
  assert.deepEqual(await said(page, "token_request"), [{ type: "token_request", source: "coder", reason: "missing" }]);
  for (const { headers, path, query } of place.fake.requests) {
    assert.deepEqual([headers["coder-session-token"], headers.cookie], [TOKEN, undefined]);
    assert.equal((path + query).includes(TOKEN), false);
  }
  const asked = place.fake.requests.length;
  const begun = Date.now();
  await hears(page, "token_request", ({ reason }) => reason === "expiring");
  assert.ok(Date.now() - begun < 3_000);
  await sleep(200);
  assert.equal(place.fake.requests.length, asked, "nothing is asked again for that");
  const traces = await page.frames()[1].evaluate(() => JSON.stringify([document.documentElement.outerHTML, location.href, document.cookie, Object.entries(localStorage), Object.entries(sessionStorage), performance.getEntries(), history.state, globalThis.name]));
  assert.equal(traces.includes(TOKEN), false);
  await finish(page);
});

test("a token that is refused is renewed once; then the session has ended, until a person tries again", async () => {
  const place = await setting({ auth: "host", token: "second" });
  const { page, view } = await opened(place, { show: "panel:daus,panel:user-status", session: { value: "first", seconds: 3600 } });
  await view.locator("#daus .state-title", { hasText: "Session ended" }).waitFor();
  await reaches(view, "user-status", "unauthorized");
  assert.equal(await view.locator("form.token").count(), 0);
  const reasons = async () => (await said(page, "token_request")).map(({ reason }) => reason);
  assert.deepEqual(await reasons(), ["missing", "refused"]);
  const tries = place.fake.asked("daus").length;
  assert.ok(tries <= 2, `${tries} tries`);
  await sleep(500);
  assert.deepEqual([(await reasons()).length, place.fake.asked("daus").length], [2, tries], "no loop");

  await page.evaluate(() => (globalThis.session.value = "second"));
  await view.locator("#daus").getByRole("button", { name: "Try again" }).click();
  for (const id of ["daus", "user-status"]) await reaches(view, id, "ready");
  assert.deepEqual(await reasons(), ["missing", "refused", "missing"]);

  // The token dies early; the next is good: nobody notices.
  place.fake.behave("daus", "unauthorized", { times: 1 });
  await page.locator("#query").fill("range=7d");
  await page.locator("#query").press("Enter");
  await settled(view);
  await finish(page, [/^401: GET /]);
});

test("a relay: the portal makes the requests, and the frame has no secret", async () => {
  const place = await setting({ auth: "relay", relay: true, token: "kept-by-the-portal" });
  // As where third parties get no storage.
  const prepare = (page) =>
    page.addInitScript(() => {
      const get = () => {
        throw new DOMException("no storage", "SecurityError");
      };
      for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(globalThis, name, { get });
    });
  const { page, view } = await opened(place, { path: "templates", prepare });
  await settled(view);
  for (const id of ["apps", "user-activity", "latency"]) await reaches(view, id, "ready");
  assert.ok(place.fake.requests.length > 0);
  assert.ok(place.fake.requests.every(({ headers }) => headers["coder-session-token"] === "kept-by-the-portal" && headers.origin === undefined));
  const fetches = await said(page, "fetch");
  assert.ok(fetches.every(({ source, method, path, body }) => source === "coder" && method === "GET" && path.startsWith("/api/v2/") && body === null));
  assert.equal(new Set(fetches.map(({ id }) => id)).size, fetches.length);
  assert.deepEqual(await said(page, "token_request"), []);

  // Answers are as untrusted as those of any server.
  for (const [what, state] of [["garbage", "failed"], ["unauthorized", "unauthorized"], ["forbidden", "forbidden"], ["limited", "limited"], ["login", "unauthorized"]]) {
    place.fake.behave("latency", what);
    await page.locator("#query").fill(`range=${{ garbage: "14d", unauthorized: "30d", forbidden: "90d", limited: "7d", login: "12w" }[what]}`);
    await page.locator("#query").press("Enter");
    await reaches(view, "latency", state);
  }
  await view.locator("#latency .state-title", { hasText: "Session ended" }).waitFor();
  await page.evaluate(() => (document.querySelector("metrics-view").fetch = () => Promise.reject(new Error("no"))));
  await page.locator("#query").fill("range=yesterday");
  await page.locator("#query").press("Enter");
  await view.locator("#latency .state-title", { hasText: "No connection" }).waitFor();
  await finish(page, [/^(401|403|429): GET /]);
});

test("logging out wipes tokens and figures", async () => {
  const place = await setting({ auth: "host", token: TOKEN });
  const { page, view } = await opened(place);
  await settled(view);
  await reaches(view, "daus", "ready");
  const asked = place.fake.requests.length;
  await page.locator("#logout").click();
  for (const id of ["user-status", "daus", "active-users"]) await reaches(view, id, "unauthorized");
  assert.equal(await view.locator("canvas, data[value]").count(), 0, "no figure is left");
  await page.locator("#query").fill("range=7d");
  await page.locator("#query").press("Enter");
  await settled(view);
  await sleep(200);
  assert.equal(place.fake.requests.length, asked, "nothing is asked any more");
  assert.equal((await said(page, "token_request")).length, 1);
  // A token that was on its way when the session ended does not bring it back.
  await page.evaluate(() => {
    const metrics = document.querySelector("metrics-view");
    metrics.token = () => new Promise((give) => (globalThis.give = give));
  });
  await view.locator("#daus").getByRole("button", { name: "Try again" }).click();
  await within(() => page.evaluate(() => globalThis.give !== undefined));
  await page.locator("#logout").click();
  await page.evaluate((value) => give({ value }), TOKEN);
  await sleep(300);
  await reaches(view, "daus", "unauthorized");
  assert.equal(place.fake.requests.length, asked);
  await page.evaluate(() => (document.querySelector("metrics-view").token = () => session));

  // Signed in again.
  await view.locator("#daus").getByRole("button", { name: "Try again" }).click();
  await reaches(view, "daus", "ready");
  assert.ok(place.fake.requests.length > asked);
  await finish(page);
});

test("the frame is as high as the content, and comes to rest", async () => {
  const { page, view } = await opened(await setting(), { viewport: { width: 1000, height: 700 } });
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
  const seen = new Set();
  for (let tries = 0; tries < 50; tries += 1) {
    seen.add((await sizes())[0]);
    await sleep(100);
  }
  assert.deepEqual([...seen], [before], "no change in five seconds");
  await view.locator("#daus").getByRole("button", { name: "Show table" }).click();
  assert.ok((await rests()) > before + 200, "grows");
  await view.locator("#daus").getByRole("button", { name: "Hide table" }).click();
  assert.equal(await rests(), before, "and shrinks");
  await page.setViewportSize({ width: 400, height: 700 });
  assert.ok((await rests()) > before);
  await finish(page);
});

test("what opens is not cut off, and a message appears where a person looks", async () => {
  const { page, view } = await opened(await setting(), { show: "filters,panel:daus", viewport: { width: 1000, height: 500 } });
  await settled(view);
  await view.locator("#range").click();
  await sleep(200);
  const ends = await view.locator("#range-popup").evaluate((popup) => [popup.getBoundingClientRect().bottom, innerHeight]);
  assert.ok(ends[0] <= ends[1], `the popup ends at ${ends[0]} in a frame of ${ends[1]}`);
  await page.keyboard.press("Escape");
  await page.context().close();

  const tall = await opened(await setting(), { viewport: { width: 1000, height: 500 } });
  await settled(tall.view);
  await tall.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
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

test("the portal page of docs/embedding.md works as it stands there", async () => {
  const place = await setting({ auth: "host", token: TOKEN });
  const text = await readFile(new URL("../../docs/embedding.md", import.meta.url), "utf8");
  const [, recipe] = /```html\n([^]*?)```/.exec(text);
  place.host.pages["/recipe"] = `<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,">${recipe.replace("https://metrics.example.com/", place.server.url)}`;
  const asked = [];
  const prepare = (page) =>
    page.route("**/metrics-token**", (route) => {
      asked.push(new URL(route.request().url()).search);
      return route.fulfill({ json: { value: TOKEN, expires_at: "2100-01-01T00:00:00Z" } });
    });
  const page = await open("recipe", { server: place.host, prepare });
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
