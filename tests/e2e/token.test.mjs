// A token typed for the tab: it goes into one header, and nowhere else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { deployment, finish, later, reaches, ready } from "./harness.mjs";

const TOKEN = "Secret0123-qwertyuiopasdfghjkl";
const STALE = "stale-session-of-yesterday";

/** Everything that a page, or one that comes after it, could read. */
async function traces(page) {
  const inPage = await page.evaluate(async () => {
    const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
    const entries = performance.getEntries().map((entry) => JSON.stringify(entry));
    const databases = (await indexedDB.databases()).map((one) => one.name);
    return JSON.stringify([document.documentElement.outerHTML, document.title, location.href, document.referrer, document.cookie, fields, entries, databases, Object.entries(localStorage), Object.entries(sessionStorage), history.state, globalThis.name, await globalThis.caches.keys()]);
  });
  return inPage + JSON.stringify(await page.context().storageState()).replaceAll(STALE, "");
}

/** Opens a page with a stale session cookie, and keeps all that it says in its console. */
async function withStaleCookie(open, server, path) {
  const said = [];
  const prepare = async (page) => {
    await page.context().addCookies([{ name: "coder_session_token", value: STALE, url: server.url, httpOnly: true }]);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    page.on("console", (message) => said.push(message.text()));
  };
  return { said, page: await open(path, { prepare }) };
}

const form = (page, id) => page.locator(`#${id} form.token`);

async function type(page, id, token) {
  await form(page, id).getByLabel("Token for this tab").fill(token);
  await form(page, id).getByRole("button", { name: "Use token" }).press("Enter");
}

test("a source that wants a token: nothing is asked before it is typed, and it is gone with the tab", async () => {
  const { fake, server, open } = await deployment({ auth: "token", token: TOKEN });
  const { page, said } = await withStaleCookie(open, server, "?tz=UTC");
  await ready(page);
  for (const id of ["user-status", "daus", "active-users"]) {
    assert.match(await (await reaches(page, id, "unauthorized")).innerText(), /Not signed in[^]*Kept in the memory of this tab only/);
  }
  assert.deepEqual(fake.requests, []);

  await type(page, "daus", "wrong");
  await ready(page);
  await reaches(page, "daus", "unauthorized");
  assert.ok(fake.requests.length > 0);
  // A token that is refused is forgotten: nothing is asked with it again.
  await page.waitForFunction(() => !document.querySelector("#forget"));
  const refused = fake.requests.length;
  await page.locator("#refresh").click();
  await page.waitForTimeout(300);
  assert.equal(fake.requests.length, refused);

  const before = fake.requests.length;
  await type(page, "daus", TOKEN);
  for (const id of ["user-status", "daus", "active-users"]) await reaches(page, id, "ready");
  await ready(page);
  const asked = fake.requests.slice(before);
  for (const { headers, query, path } of asked) {
    assert.equal(headers["coder-session-token"], TOKEN);
    assert.equal(headers.cookie, undefined, "the server would prefer a stale cookie");
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.referer, undefined);
    assert.doesNotMatch(path + query, new RegExp(TOKEN));
  }
  assert.equal(await form(page, "daus").count(), 0);
  assert.equal((await traces(page)).includes(TOKEN), false);
  assert.equal(said.join().includes(TOKEN), false);

  // Other pages, refreshes and what is taken away keep it to themselves, too.
  await page.getByRole("link", { name: "Templates" }).click();
  await reaches(page, "latency", "ready");
  await page.locator("#latency").getByRole("button", { name: "Copy as curl" }).click();
  await page.locator(".toast", { hasText: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /-H 'Coder-Session-Token: <token>'$/);
  assert.equal(copied.includes(TOKEN), false);
  await page.emulateMedia({ media: "print" });
  assert.equal((await page.innerText("body")).includes(TOKEN), false);
  assert.equal((await traces(page)).includes(TOKEN), false);

  await page.reload();
  await ready(page);
  await reaches(page, "latency", "unauthorized");
  await finish(page, [/^401: GET /]);
});

test("a session that has ended: sign in there, or type a token", async () => {
  const { fake, server, open } = await deployment({ auth: "cookie", token: TOKEN });
  const { page, said } = await withStaleCookie(open, server, "templates");
  await ready(page);
  for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "unauthorized");
  assert.ok(fake.requests.every(({ headers }) => headers.cookie === `coder_session_token=${STALE}` && !headers["coder-session-token"]));
  const link = page.locator("#latency").getByRole("link", { name: "Sign in to Coder" });
  assert.deepEqual([await link.getAttribute("href"), await link.getAttribute("target"), await link.getAttribute("rel")], ["/login", "_blank", "external noreferrer"]);

  const before = fake.requests.length;
  await type(page, "latency", TOKEN);
  for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "ready");
  await ready(page);
  // Pictures of Coder's own are for everybody, and are fetched by the browser as it does.
  for (const { headers } of fake.requests.slice(before).filter(({ endpoint }) => endpoint !== "icon")) assert.deepEqual([headers.cookie, headers["coder-session-token"]], [undefined, TOKEN]);
  const traced = await traces(page);
  assert.equal((traced + said.join()).includes(TOKEN), false);
  assert.equal(traced.includes(STALE), false, "the page never saw the cookie");
  await finish(page, [/^401: GET /]);
});

test("what is no token is not sent", async () => {
  const { fake, open } = await deployment({ auth: "token", token: TOKEN });
  const page = await open("?show=panel:daus");
  await ready(page);
  for (const text of ["   ", "two words", "line\u00a0break", "Ünïcode"]) await type(page, "daus", text);
  await page.waitForTimeout(100);
  assert.deepEqual(fake.requests, []);
  await reaches(page, "daus", "unauthorized");
  await finish(page);
});

/** Opens a page with a token typed, and figures. */
async function signedIn({ fake, open }, path, more) {
  const page = await open(path, more);
  await ready(page);
  await type(page, "daus", TOKEN);
  await reaches(page, "daus", "ready");
  await ready(page);
  assert.ok(fake.requests.length > 0);
  return page;
}

test("a token is forgotten when told to, with all that it fetched", async () => {
  const all = await deployment({ auth: "token", token: TOKEN });
  const page = await signedIn(all, "?range=7d&tz=UTC");
  await page.locator("#forget").click();
  for (const id of ["user-status", "daus", "active-users"]) await reaches(page, id, "unauthorized");
  assert.equal(await page.locator("#forget").count(), 0);
  assert.equal(await page.locator("section.panel canvas, section.panel table, .tile data").count(), 0, "no figure is left");
  const before = all.fake.requests.length;
  await page.locator("#refresh").click();
  await page.getByRole("link", { name: "Templates" }).click();
  await reaches(page, "latency", "unauthorized");
  assert.equal(all.fake.requests.length, before, "nothing is asked without it");
  await finish(page);
});

test("a token is forgotten when nobody has used the page for half an hour; the figures stay, with their age", async () => {
  const all = await deployment({ auth: "token", token: TOKEN });
  const page = await signedIn(all, "?range=7d&tz=UTC");
  const first = all.fake.requests.length;
  await page.clock.setFixedTime(new Date("2026-11-20T14:54:00Z"));
  await page.keyboard.press("Shift");
  // So much later everything is asked again.
  for (let tries = 0; all.fake.requests.length < 2 * first && tries < 100; tries += 1) await page.waitForTimeout(50);
  await ready(page);
  assert.equal(await page.locator("#forget").count(), 1, "29 minutes");
  await page.clock.setFixedTime(new Date("2026-11-20T15:24:00Z"));
  const before = all.fake.requests.length;
  await page.keyboard.press("Shift");
  await page.waitForFunction(() => !document.querySelector("#forget"));
  await page.locator("#refresh").click();
  await reaches(page, "daus", "unauthorized");
  assert.equal(all.fake.requests.length, before);
  assert.equal(await form(page, "daus").count(), 1);
  await finish(page);
});

test("a redirect is not followed: the token stays where it was sent", async () => {
  const seen = [];
  const other = createServer((req, res) => {
    seen.push(req.url);
    res.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" }).end("{}");
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  later(() => new Promise((done) => other.close(done) && other.closeAllConnections()));
  const elsewhere = `http://127.0.0.1:${other.address().port}/`;
  // The policy lets the page ask there: what keeps the token back is the page itself.
  const sources = [
    { id: "coder", kind: "coder", base_url: "/", auth: "token" },
    { id: "other", kind: "coder", base_url: elsewhere, auth: "token" },
  ];
  const { fake, open } = await deployment({ token: TOKEN, config: { version: 1, sources } });
  const page = await open("?tz=UTC&show=panel:daus");
  await ready(page);
  for (const target of [`${elsewhere}steal`, "/api/v2/elsewhere"]) {
    fake.behave("daus", (res) => res.writeHead(302, { Location: target }).end());
    await type(page, "daus", TOKEN);
    await page.waitForFunction(() => !document.querySelector("#forget"));
    await reaches(page, "daus", "unauthorized");
  }
  assert.equal(fake.asked("daus").length, 2);
  assert.equal(fake.asked("unknown").length, 0);
  assert.deepEqual(seen, []);
  await finish(page);
});

test("after a full run the token is nowhere", async () => {
  const { fake, open } = await deployment({ auth: "token", token: TOKEN });
  const said = [];
  const prepare = async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    page.on("console", (message) => said.push(message.text()));
    await page.exposeBinding("noteMessage", (_, text) => said.push(text));
    // Whatever the page tells anybody: other windows, workers, other tabs.
    await page.addInitScript(() => {
      const senders = [Window, MessagePort, BroadcastChannel, Worker].map((one) => (one === Window ? globalThis : one.prototype));
      for (const sender of senders) {
        const send = sender.postMessage;
        sender.postMessage = function (...all) {
          globalThis.noteMessage(JSON.stringify(all));
          return send.apply(this, all);
        };
      }
      const beacon = navigator.sendBeacon;
      navigator.sendBeacon = (...all) => globalThis.noteMessage(JSON.stringify(all)) && beacon.apply(navigator, all);
    });
  };
  const page = await signedIn({ fake, open }, "?range=7d&tz=UTC", { prepare });
  const taken = [];
  const press = (id, name) => page.locator(`#${id}`).getByRole("button", { name, exact: true }).click();
  const save = async (id, name) => {
    const [file] = await Promise.all([page.waitForEvent("download"), press(id, name)]);
    taken.push(file.suggestedFilename(), file.url(), (await readFile(await file.path())).toString("latin1"));
  };
  for (const [link, ids] of [["Overview", ["user-status", "daus", "active-users"]], ["Templates", ["apps", "latency"]]]) {
    await page.getByRole("link", { name: link, exact: true }).click();
    await ready(page);
    for (const id of ids) {
      await reaches(page, id, "ready");
      await save(id, "Download CSV");
      await press(id, "Image");
      await save(id, "Save SVG");
      await press(id, "Copy as curl");
      await page.locator(".toast", { hasText: "Copied" }).waitFor();
      taken.push(await page.evaluate(() => navigator.clipboard.readText()));
    }
    await page.locator("#share").click();
    await page.locator(".toast", { hasText: "Link copied" }).waitFor();
    taken.push(await page.evaluate(() => navigator.clipboard.readText()));
    taken.push(await traces(page));
  }
  fake.behave("latency", "broken");
  await page.locator("#refresh").click();
  await reaches(page, "latency", "stale");
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") })));
  taken.push(await page.locator("#boot").innerText(), await traces(page));
  await page.goBack();
  taken.push(await traces(page));
  const places = fake.requests.map(({ path, query, headers }) => path + query + JSON.stringify({ ...headers, "coder-session-token": "" }));
  assert.ok(taken.length > 30 && fake.requests.length > 10);
  assert.ok(fake.requests.every(({ headers }) => headers["coder-session-token"] === TOKEN));
  for (const text of [...taken, ...said, ...places]) assert.equal(text.includes(TOKEN), false, text.slice(0, 300));
  await finish(page, [/^500: GET /]);
});
