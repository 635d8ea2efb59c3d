// The harness finds what it looks for: a check that never fails would prove nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, finish, fits, open, panel, ready, table } from "./harness.mjs";

/** Opens a made-up page under the policy of the real one. */
function made(body, headers = {}) {
  const html = `<!doctype html><html lang="en" data-ready="true"><title>Made up</title><link rel="icon" href="data:,"><main>${body}</main>`;
  const prepare = (page) =>
    page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") return route.fulfill({ body: html, headers: { "content-type": "text/html", ...headers } });
      if (pathname === "/limited") return route.fulfill({ status: 429, body: "" });
      return route.abort("connectionrefused");
    });
  return open("", { server: { url: "http://made.up/" }, prepare });
}

const PANEL = `
  <section id="daus" aria-labelledby="t" data-state="ready"><h2 id="t"> Daily active users </h2>
    <button type="button">Show table</button>
    <template><table><caption>Daily active users</caption>
      <thead><tr><th scope="col">Day</th><th scope="col">People</th><th scope="col">Team</th></tr></thead>
      <tbody>
        <tr><th scope="row"><time datetime="2026-11-20">20 Nov</time></th><td><data value="1234.5">1,235</data></td><td>a, b</td></tr>
        <tr><th scope="row"><time datetime="2026-11-19">19 Nov</time></th><td><span class="visually-hidden">not collected</span></td><td></td></tr>
      </tbody></table></template>
    <script>document.querySelector("button").onclick = () => document.querySelector("section").append(document.querySelector("template").content.cloneNode(true));</script>
  </section>`;

test("panels and tables are read as exact values", async () => {
  const page = await made(PANEL);
  await ready(page);
  const { name, state } = await panel(page, "daus");
  assert.deepEqual([name, state], ["Daily active users", "ready"]);
  const expected = {
    caption: "Daily active users",
    columns: ["Day", "People", "Team"],
    rows: [
      ["2026-11-20", 1234.5, "a, b"],
      ["2026-11-19", null, null],
    ],
  };
  assert.deepEqual(await table(page, "daus"), expected);
  assert.deepEqual(await table(page, "daus"), expected, "the button is pressed once");
  await finish(page);
});

for (const [what, script, complaint] of [
  ["an error in the console", "console.error('oh')", /^console error: oh$/],
  ["a warning in the console", "console.warn('hm')", /^console warning: hm$/],
  ["an uncaught error", "setTimeout(() => { throw new Error('thrown') })", /^uncaught: thrown$/],
  ["a rejected promise", "void Promise.reject(new Error('rejected'))", /^uncaught: rejected$/],
  ["a refused request", "fetch('/refused').catch(() => {})", /^failed: GET http:\/\/made\.up\/refused net::ERR_CONNECTION_REFUSED$/],
  ["a status that says no", "fetch('/limited')", /^429: GET http:\/\/made\.up\/limited$/],
]) {
  test(`${what} fails a test unless it is allowed`, async () => {
    for (const allowed of [[], [complaint]]) {
      const page = await made("");
      await page.evaluate(script);
      for (let tries = 0; tries < 100 && page.problems.length === 0; tries += 1) await page.waitForTimeout(10);
      if (allowed.length > 0) await finish(page, allowed);
      else await assert.rejects(finish(page), /the page complained/);
    }
  });
}

test("what the policy forbids fails a test", async () => {
  const page = await made('<p style="color: red">x</p>', { "content-security-policy": "style-src 'self'" });
  await page.waitForTimeout(50);
  assert.ok(page.problems.some((problem) => problem.startsWith("policy: style-src-attr inline")), page.problems.join());
  await assert.rejects(finish(page), /the page complained/);
  page.problems.length = 0;
});

test("so does a question to a third party", async () => {
  const page = await made("");
  await page.evaluate(() => fetch("http://elsewhere.example/pixel").catch(() => {}));
  assert.equal(page.problems[0], "third party: http://elsewhere.example/pixel");
  page.problems.length = 0;
  await finish(page);
});

test("dropping a request is no complaint, and is remembered", async () => {
  const page = await made("");
  await page.unroute("**/*");
  await page.route("**/slow", () => {});
  await page.evaluate(() => {
    const controller = new AbortController();
    const answer = fetch("/slow", { signal: controller.signal }).catch(() => {});
    setTimeout(() => controller.abort(), 20);
    return answer;
  });
  for (let tries = 0; tries < 100 && page.aborted.length === 0; tries += 1) await page.waitForTimeout(10);
  assert.deepEqual(page.aborted, ["http://made.up/slow"]);
  await finish(page);
});

test("pages too wide, or hard to use, are found", async () => {
  const page = await made('<div id="wide">x</div><img src="data:,">');
  await fits(page);
  await page.evaluate(() => (document.getElementById("wide").style.width = "5000px"));
  await assert.rejects(fits(page), /5\d\d\d px wide in a window of 1440 px/);
  await assert.rejects(accessible(page), /image-alt/);
  await page.context().close();
});
