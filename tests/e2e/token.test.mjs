// A token typed for the tab: it goes into one header, and nowhere else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, finish, reaches, ready } from "./harness.mjs";

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
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  await reaches(page, "daus", "unauthorized");
  assert.ok(fake.requests.length > 0);

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
  for (const { headers } of fake.requests.slice(before)) assert.deepEqual([headers.cookie, headers["coder-session-token"]], [undefined, TOKEN]);
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
