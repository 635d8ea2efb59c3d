// Who signs the requests of a view inside a portal: tokens handed over, requests made by the portal, logging out.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { each, hears, opened, question, reaches, said, setting, settled, TOKEN, within } from "./embed.mjs";
import { finish } from "./harness.mjs";

each("a token of the parent: asked for once, renewed in time, in no place but the header", async (browser) => {
  const place = await setting(browser, { auth: "host", token: TOKEN });
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
  const traces = await page.frames()[1].evaluate(() => JSON.stringify([document.documentElement.outerHTML, location.href, document.cookie, performance.getEntries(), history.state, globalThis.name]));
  assert.equal(traces.includes(TOKEN), false);
  // Both browsers give third parties no storage.
  await assert.rejects(page.frames()[1].evaluate(() => localStorage.length), /SecurityError/);
  await finish(page);
});

each("a token that is refused is renewed once; then the session has ended, until a person tries again", async (browser) => {
  const place = await setting(browser, { auth: "host", token: "second" });
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
  await question(page, "range=7d");
  await settled(view);
  await finish(page, [/^401: GET /]);
});

each("a relay: the portal makes the requests, and the frame has no secret", async (browser) => {
  const place = await setting(browser, { auth: "relay", relay: true, token: "kept-by-the-portal" });
  const { page, view } = await opened(place, { path: "templates" });
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
    await question(page, `range=${{ garbage: "14d", unauthorized: "30d", forbidden: "90d", limited: "7d", login: "12w" }[what]}`);
    await reaches(view, "latency", state);
  }
  await view.locator("#latency .state-title", { hasText: "Session ended" }).waitFor();
  await page.evaluate(() => (document.querySelector("metrics-view").fetch = () => Promise.reject(new Error("no"))));
  await question(page, "range=yesterday");
  await view.locator("#latency .state-title", { hasText: "No connection" }).waitFor();
  await finish(page, [/^(401|403|429): GET /]);
});

each("logging out wipes tokens and figures", async (browser) => {
  const place = await setting(browser, { auth: "host", token: TOKEN });
  const { page, view } = await opened(place);
  await settled(view);
  await reaches(view, "daus", "ready");
  const asked = place.fake.requests.length;
  await page.locator("#logout").click();
  for (const id of ["user-status", "daus", "active-users"]) await reaches(view, id, "unauthorized");
  assert.equal(await view.locator("canvas, data[value]").count(), 0, "no figure is left");
  await question(page, "range=7d");
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
