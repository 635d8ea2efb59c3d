// The self-check page: what it finds at servers that are right and wrong, and what it hands on.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { accessible, deployment, finish, fits, later, NOW, open, ready, start } from "./harness.mjs";

const TOKEN = "Secret0123-qwertyuiopasdfghjkl";

/** The findings by group and name: verdict, what was found, and the details. */
async function findings(page) {
  return Object.fromEntries(
    await page.locator("#check section").evaluateAll((sections) =>
      sections.map((section) => [
        section.querySelector("h2").innerText,
        [...section.querySelectorAll("li")].map((line) => [line.dataset.verdict, line.querySelector("p").innerText, line.querySelector(".check-detail")?.innerText ?? ""]),
      ]),
    ),
  );
}

const found = (group, words) => group.find(([, text]) => text.includes(words)) ?? assert.fail(`${words} is not in ${JSON.stringify(group)}`);

test("a deployment as the recipes have it: version, functions, headers; the footer leads there and back", async () => {
  const { open } = await deployment();
  const page = await open("?range=7d&tz=Asia/Tokyo");
  await ready(page);
  await page.getByRole("link", { name: "Self-check" }).click();
  await page.locator("#check[aria-busy=false] section:nth-of-type(4)").waitFor();
  await ready(page);
  assert.equal(await page.title(), "Self-check · Metrics");
  const groups = await findings(page);
  assert.deepEqual(Object.keys(groups), ["Configuration", "This page", "Source Coder (coder)", "Browser"]);
  assert.ok(Object.values(groups).flat().every(([verdict]) => verdict !== "Problem"), JSON.stringify(groups));
  const coder = groups["Source Coder (coder)"];
  assert.equal(found(coder, "Version")[1], "Version: v2.38.1+5f3e1a2");
  assert.equal(coder.length, 10);
  assert.ok(coder.every(([verdict]) => verdict === "OK"));
  assert.equal(found(groups["This page"], "Content-Security-Policy")[0], "OK");
  // The page lives at a pinned time, the server does not.
  assert.match(found(groups["This page"], "Clock")[1], /(minutes|hours|days) (behind|ahead of) the server/);
  await accessible(page);
  await page.setViewportSize({ width: 375, height: 800 });
  await fits(page);
  await page.getByRole("link", { name: "Metrics" }).click();
  await ready(page);
  assert.equal(new URL(page.url()).search, "?range=7d&tz=Asia/Tokyo");
  await finish(page);
});

test("each cause is named: refused, not allowed, old, a page instead of JSON, gone, elsewhere; and the report is redacted", async () => {
  const silent = createServer((_, res) => res.writeHead(200, { "Content-Type": "application/json" }).end('{"version":"v2"}'));
  await new Promise((done) => silent.listen(0, "127.0.0.1", done));
  later(() => new Promise((done) => silent.close(done) && silent.closeAllConnections()));
  const far = `http://127.0.0.1:${silent.address().port}/`;
  const closed = createServer();
  await new Promise((done) => closed.listen(0, "127.0.0.1", done));
  const gone = `http://127.0.0.1:${closed.address().port}/`;
  await new Promise((done) => closed.close(done));
  const sources = [
    { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" },
    { id: "far", kind: "coder", label: "Far", base_url: far, auth: "cookie" },
    { id: "gone", kind: "coder", label: "Gone", base_url: gone, auth: "cookie" },
    { id: "typed", kind: "coder-v1", label: "Typed", base_url: "/", auth: "token" },
  ];
  const { fake, open } = await deployment({ config: { version: 1, titel: "x", sources } });
  fake.behave("me", "unauthorized");
  const prepare = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("check?org=of-fern-07", { prepare });
  await ready(page);
  let groups = await findings(page);
  assert.deepEqual(found(groups.Configuration, "without effect").slice(0, 3), ["Warning", "config.json: a field without effect", "titel: unknown field"]);
  assert.match(found(groups["Source Coder (coder)"], "users/me")[1], /not signed in, status 401/);
  assert.equal(groups["Source Coder (coder)"].length, 2, "without a session more questions find nothing out");
  // One answers, but not to pages of other origins; the other does not answer anybody.
  for (const [name, expected, way] of [["Far", /answers, but not to this page \(CORS\)/, /Forward it/], ["Gone", /no answer from another origin/, /DNS[^]*TLS[^]*in a tab/]]) {
    const [verdict, text, detail] = groups[`Source ${name} (coder)`][0];
    assert.equal(verdict, "Problem");
    assert.match(text, expected);
    assert.match(detail, way);
  }
  assert.equal(found(groups["Source Typed (coder-v1)"], "a token is needed")[0], "Note");

  fake.heal();
  fake.behave("daus", "forbidden");
  fake.behave("statuses", "missing");
  fake.behave("entitlements", "login");
  fake.behave("latency", "broken");
  await page.locator("#check-again").click();
  await ready(page);
  groups = await findings(page);
  for (const [path, expected] of [["daus", /not allowed, status 403/], ["user-status-counts", /not there: an old server.*404/], ["entitlements", /a web page instead of JSON/], ["user-latency", /the server failed, status 500/], ["user-activity", /answers/]]) {
    assert.match(found(groups["Source Coder (coder)"], path)[1], expected);
  }
  assert.match(found(groups["Source Coder (coder)"], "user-latency")[2], /pq: connection refused/);
  await page.locator("#check-copy").click();
  await page.getByRole("status").filter({ hasText: "Report copied" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /^\[Problem\] api\/v2\/insights\/user-latency: the server failed, status 500$/m);
  for (const word of ["127.0.0.1", "fern-07", "pq:", "titel"]) assert.ok(!report.includes(word), `${word} is in ${report}`);
  await finish(page, [/^(40[134]|500): GET /, /^failed: (GET|HEAD) \S+ net::ERR_(FAILED|CONNECTION_REFUSED)$/, /^console error: .*CORS policy/]);
});

test("offline, and a server that is gone", async () => {
  const { fake, open } = await deployment();
  const page = await open("check");
  await ready(page);
  await page.context().setOffline(true);
  await page.locator("#check-again").click();
  await ready(page);
  const groups = await findings(page);
  assert.match(found(groups["Source Coder (coder)"], "buildinfo")[1], /this computer is offline/);
  assert.match(found(groups["This page"], "This page")[1], /could not be fetched again/);
  await page.context().setOffline(false);
  await fake.close();
  await page.locator("#check-again").click();
  await ready(page);
  assert.match(found((await findings(page))["Source Coder (coder)"], "buildinfo")[1], /the server failed, status 502/);
  await finish(page, [/^failed: \S+ \S+ net::ERR_INTERNET_DISCONNECTED$/, /^502: GET /]);
});

test("a host without headers and without a fallback page", async () => {
  const plain = { "Content-Security-Policy": "", "Cache-Control": "max-age=600" };
  const server = await start({ mode: "static", headers: plain, config: { version: 1, sources: [{ id: "demo", kind: "demo" }] } });
  const page = await open("check", { server, now: NOW });
  await ready(page);
  const groups = await findings(page);
  assert.equal(found(groups["This page"], "status 404")[0], "Note");
  assert.equal(found(groups["This page"], "Content-Security-Policy: not sent")[0], "Warning");
  assert.ok(groups["Source demo (demo)"].every(([verdict]) => verdict === "OK"), "the demo answers like a server");
  await finish(page, [/^404: GET \S+\/check$/]);
});

test("a typed token is used, and is in no report", async () => {
  const { fake, open } = await deployment({ auth: "token", token: TOKEN });
  const prepare = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("?show=panel:daus,footer", { prepare });
  await ready(page);
  await page.getByLabel("Token for this tab").fill(TOKEN);
  await page.getByRole("button", { name: "Use token" }).click();
  await page.locator('#daus[data-state="ready"]').waitFor();
  await page.getByRole("link", { name: "Self-check" }).click();
  await page.locator("#check[aria-busy=false] section:nth-of-type(4)").waitFor();
  assert.ok((await findings(page))["Source Coder (coder)"].every(([verdict]) => verdict === "OK"));
  await page.locator("#check-copy").click();
  await page.getByRole("status").filter({ hasText: "Report copied" }).waitFor();
  assert.ok(!(await page.evaluate(() => navigator.clipboard.readText())).includes(TOKEN));
  assert.ok(!(await page.content()).includes(TOKEN));
  assert.ok(fake.requests.every(({ headers }) => headers["coder-session-token"] === TOKEN));
  await finish(page);
});
