// Windsurf and the company's user-metrics API behind the page's own origin: figures, pages, errors, and secrets kept.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, finish, fits, later, NOW, open, reaches, ready, start, table, wellFormed } from "./harness.mjs";
import { COMPANY, company, errors, personKey, seats, windsurf } from "./team.mjs";

const KEY = "windsurf-service-key-0123456789";
const TOKEN = "company-token-9876543210";

/** Both servers, `dist/` in front of them, and a way to open pages of it. */
async function team({ auth = "proxy", count, privacy } = {}) {
  const [ai, people] = [await windsurf({ key: KEY }), await company({ token: TOKEN, count })];
  later(ai.close);
  later(people.close);
  const isProxied = auth === "proxy";
  const server = await start({
    config: {
      version: 1,
      privacy,
      sources: [
        { id: "windsurf", kind: "windsurf", label: "Windsurf", base_url: "/windsurf/", auth },
        { id: "company", kind: "user-metrics", label: "Company", base_url: "/company/", auth, company_id: COMPANY },
      ],
    },
    proxy: [
      { path: "/windsurf/", target: ai.url, strip: true, cookies: false, methods: ["POST"], inject: isProxied ? { service_key: KEY } : undefined },
      { path: "/company/", target: people.url, strip: true, cookies: false, methods: ["GET", "HEAD", "POST"], headers: isProxied ? { Authorization: `Bearer ${TOKEN}` } : {} },
    ],
  });
  return { ai, people, server, open: (path = "people?tz=UTC", more = {}) => open(path, { server, now: NOW, ...more }) };
}

const hasNote = (page, id, words) => page.locator(`#${id} .panel-notes`, { hasText: words }).waitFor();

/** Everything that the page shows, holds, or asked for, as text. */
async function traces(page) {
  return page.evaluate(() => JSON.stringify([document.documentElement.outerHTML, location.href, performance.getEntries().map((entry) => JSON.stringify(entry)), Object.entries(localStorage), Object.entries(sessionStorage)]));
}

async function saved(page, id, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).getByRole("button", { name: button }).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("both sources show their figures, and no key of anybody", async () => {
  const { ai, people, open } = await team();
  const page = await open();
  await ready(page);

  const usage = await reaches(page, "ai-usage", "ready");
  const open_ = seats.filter((seat) => seat.teamStatus.endsWith("APPROVED") && !seat.disableCodeium);
  assert.match(await usage.innerText(), new RegExp(`${open_.length} seats, ${open_.filter((seat) => !seat.activeDays).length} never used`));
  await hasNote(page, "ai-usage", "2,100 prompt credits used by the whole team in the billing cycle 1–30 Nov 2026. Credits do not follow the range");
  const shown = await table(page, "ai-usage");
  assert.equal(shown.caption, "AI assistant usage");
  assert.deepEqual(shown.rows.find(([name]) => name === "fern-1"), [
    "fern-1", "fern-1@example.com", "approved", "member", 2, "2026-11-19", "2026-11-18", "never", "never", 100, "2025-01-15",
  ]);
  const approved = seats.filter((seat) => seat.teamStatus.endsWith("APPROVED"));
  assert.equal(shown.rows.length, approved.length);
  const everybody = usage.getByRole("group", { name: "Users" }).getByRole("button", { name: "All", exact: true });
  await everybody.click();
  assert.equal(await everybody.evaluate((button) => button === document.activeElement && button.ariaPressed), "true");
  const all_ = await table(page, "ai-usage");
  for (const { name, activeDays = 0, promptCreditsUsed = 0 } of seats) {
    const row = all_.rows.find(([found]) => found === name);
    assert.deepEqual([row[4], row[9]], [Number(activeDays), promptCreditsUsed], name);
  }
  assert.deepEqual(JSON.parse(ai.requests[0].body), { start_timestamp: "2026-10-24T00:00:00Z", end_timestamp: "2026-11-20T23:59:59Z", service_key: KEY });

  await reaches(page, "members", "ready");
  const members = await table(page, "members");
  assert.equal(members.rows.length, 247);
  assert.deepEqual(members.rows[1], ["fern 1", "fern-1@example.com", "active", "member", "Platform", "2026-11-19", 11, 1, 93_784, "never", "2024-01-15"]);
  assert.deepEqual(people.requests.map(({ query }) => query.get("page")), ["1", "2", "3"]);
  assert.equal(people.requests[0].query.toString(), "date_from=2026-10-24&date_to=2026-11-20&page=1&page_size=100&ordering=-last_active");

  await wellFormed(page);
  await accessible(page);
  const csv = await saved(page, "ai-usage", "Download CSV");
  const all = (await traces(page)) + csv.text;
  for (const secret of [KEY, TOKEN, personKey(0), "apiKey"]) assert.equal(all.includes(secret), false, secret);
  assert.match(csv.text, /^fern-1,fern-1@example.com,approved,member,2,2026-11-19,2026-11-18,never,never,100,2025-01-15\r$/m);
  await finish(page);
});

test("the page fits a narrow window in both colours", async () => {
  const { open } = await team({ count: 3 });
  for (const colorScheme of ["light", "dark"]) {
    const page = await open("people", { viewport: { width: 320, height: 800 }, colorScheme });
    await ready(page);
    await table(page, "members");
    await fits(page);
    await accessible(page);
    await finish(page);
  }
});

test("a service key and a token typed for the tab: each to its own source, and nowhere else", async () => {
  const { ai, people, open } = await team({ auth: "token", count: 3 });
  const page = await open();
  await ready(page);
  const usage = await reaches(page, "ai-usage", "unauthorized");
  assert.match(await usage.innerText(), /No valid service key[^]*A last resort: a service key opens the data of the whole team/);
  const members = await reaches(page, "members", "unauthorized");
  assert.doesNotMatch(await members.innerText(), /last resort/);
  assert.deepEqual([ai.requests.length, people.requests.length], [0, 0]);

  await usage.getByLabel("Service key for this tab").fill(`${KEY}-wrong`);
  await usage.getByRole("button", { name: "Use token" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  await reaches(page, "ai-usage", "unauthorized");
  await usage.getByLabel("Service key for this tab").fill(KEY);
  await usage.getByRole("button", { name: "Use token" }).click();
  await reaches(page, "ai-usage", "ready");
  await members.getByLabel("Token for this tab").fill(TOKEN);
  await members.getByRole("button", { name: "Use token" }).click();
  await reaches(page, "members", "ready");
  assert.ok(people.requests.every(({ headers, query }) => headers.authorization === `Bearer ${TOKEN}` && !query.toString().includes(KEY)));
  assert.ok(ai.requests.every(({ headers, query }) => headers.authorization === undefined && query.size === 0));
  const all = await traces(page);
  for (const secret of [KEY, TOKEN]) assert.equal(all.includes(secret), false);
  await finish(page);
});

test("each error is a state of its own, and no other panel suffers from it", async () => {
  const { ai, people, open } = await team({ count: 3 });
  let [windsurfSays, companySays] = [];
  ai.behave(() => windsurfSays);
  people.behave(() => companySays);
  const page = await open("?show=none");
  const cases = [
    ["ai-usage", { body: { error: "invalid service key" } }, "unauthorized", /No valid service key[^]*proxy/],
    ["ai-usage", { body: { error: "permission denied: needs Teams Read-only" } }, "forbidden", /Not allowed[^]*needs Teams Read-only/],
    ["ai-usage", { body: { error: "rate limit exceeded" } }, "limited", /Too many requests[^]*Try again in \d+ s/],
    ["ai-usage", { body: { error: "invalid timestamp format" } }, "failed", /refused the request[^]*invalid timestamp format/],
    ["ai-usage", { body: { error: "group not found" } }, "failed", /refused the request[^]*group not found/],
    ["ai-usage", { body: { error: "individual-level analytics are disabled" } }, "disabled", /switched off[^]*individual-level/],
    ["ai-usage", { status: 429, body: { error: "slow down" } }, "limited", /Too many requests/],
    ["ai-usage", { status: 403, body: { error: "enterprise plans only" } }, "forbidden", /enterprise plans only/],
    ["ai-usage", { type: "text/html", body: "<!doctype html><title>Sign in</title>" }, "unauthorized", /No valid service key/],
    ["ai-usage", { status: 502, type: "text/html", body: "<title>502 Bad Gateway</title>" }, "failed", /Status 502: 502 Bad Gateway/],
    ["ai-usage", { body: { userTableStats: [] } }, "empty", /Nobody in the team/],
    ["members", { status: 400, body: errors[400] }, "failed", /refused the request[^]*date_from: Enter a valid date format \(YYYY-MM-DD\)\. page_size: Ensure/],
    ["members", { status: 401, body: errors[401] }, "unauthorized", /Not signed in[^]*Token for this tab/],
    ["members", { status: 403, body: errors[403] }, "forbidden", /Not allowed[^]*access this company's user metrics/],
    ["members", { status: 404, body: errors[404] }, "failed", /Not found[^]*Company not found or you don't have access to it/],
    ["members", { status: 429, body: errors[429] }, "limited", /Too many requests[^]*asks to wait 2 seconds/],
    ["members", { status: 500, body: { detail: "database is down" } }, "failed", /Status 500: database is down/],
  ];
  for (const [id, says, state, words] of cases) {
    [windsurfSays, companySays] = id === "members" ? [undefined, says] : [says, undefined];
    const asked = people.requests.length;
    await page.goto(new URL("people?tz=UTC", page.url()).href);
    await ready(page);
    assert.match(await (await reaches(page, id, state)).innerText(), words);
    await reaches(page, id === "members" ? "ai-usage" : "members", "ready");
    // What may pass is asked again by itself, a refusal is not.
    const mayPass = id === "members" && says.status >= 429;
    if (!mayPass) assert.equal(people.requests.length, asked + 1, "no second try");
  }
  await finish(page, [/^\d{3}: (POST|GET) \S+(UserPageAnalytics$|user-metrics)/]);
});

test("a limit in the middle: what is loaded stays, and only the rest is asked for again", async () => {
  const { people, open } = await team();
  let isLimited = true;
  people.behave(({ query }) => (query.get("page") === "2" && isLimited ? { status: 429, body: errors[429] } : undefined));
  const page = await open();
  await ready(page);
  const panel = await reaches(page, "members", "partial");
  assert.match(await panel.innerText(), /Too many requests[^]*asks to wait 2 seconds[^]*100 of 247 loaded; all figures are of these/);
  assert.equal((await table(page, "members")).rows.length, 100);
  isLimited = false;
  // By itself, after the seconds that the server asked for.
  await reaches(page, "members", "ready");
  assert.deepEqual(people.requests.map(({ query }) => query.get("page")), ["1", "2", "2", "3"]);
  await finish(page, [/^429: GET /]);
});

test("the company's own export is saved as it comes, and figures can be computed anew", async () => {
  const { people, open } = await team({ count: 3 });
  const page = await open();
  await ready(page);
  assert.deepEqual(await saved(page, "members", "Export of the company"), { name: "members-export_2026-11-20.csv", text: "email,sessions\r\nfern-0@example.com,10\r\n" });
  const before = people.requests.length;
  await page.locator("#members").getByRole("button", { name: "Compute anew" }).click();
  await page.locator(".toast", { hasText: "computes anew" }).waitFor();
  await ready(page);
  assert.deepEqual(people.requests.slice(before).map(({ method, path }) => `${method} ${path.split("/").at(-2)}`), ["POST refresh", "GET user-metrics"]);
  people.behave(({ method }) => (method === "POST" ? { status: 403, body: errors[403] } : undefined));
  await page.locator("#members").getByRole("button", { name: "Compute anew" }).click();
  await page.locator(".toast", { hasText: "Not allowed: You do not have permission" }).waitFor();
  await finish(page, [/^403: POST /]);
});

test("with pseudonyms the words of the company name nobody either", async () => {
  const { people, open } = await team({ count: 3, privacy: { mode: "pseudonym" } });
  const page = await open();
  await ready(page);
  assert.equal(await page.getByRole("button", { name: "Export of the company" }).count(), 0);
  people.behave(({ method }) => (method === "POST" ? { status: 403, body: { ...errors[403], detail: "fern-0@example.com may not do this" } } : undefined));
  await page.locator("#members").getByRole("button", { name: "Compute anew" }).click();
  await page.locator(".toast", { hasText: "Not allowed: (address hidden) may not do this" }).waitFor();
  assert.doesNotMatch(await traces(page), /@example\.com/);
  await finish(page, [/^403: POST /]);
});

test("members that are still on their way are not told as all", async () => {
  const { people, open } = await team();
  people.behave(({ query }) => (query.get("page") === "3" ? { delay: 1500 } : undefined));
  const page = await open();
  await reaches(page, "members", "partial");
  await page.locator("#members .panel-notes", { hasText: "200 of 247 loaded so far" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("data-ready"), "false");
  await ready(page);
  await reaches(page, "members", "ready");
  await finish(page);
});

test("the server is asked for a status and in an order", async () => {
  const { people, open } = await team({ count: 40 });
  const page = await open("people?tz=UTC&show=panel:members");
  await ready(page);
  const members = await reaches(page, "members", "ready");
  const choose = (group, name) => members.getByRole("group", { name: group }).getByRole("button", { name, exact: true }).click();
  await choose("Status", "Inactive");
  await choose("Order", "Most sessions");
  await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  assert.equal(people.requests.at(-1).query.toString(), "date_from=2026-10-24&date_to=2026-11-20&page=1&page_size=100&ordering=-total_sessions&status=inactive");
  await reaches(page, "members", "ready");
  const { columns, rows } = await table(page, "members");
  assert.ok(rows.length > 0 && rows.every((row) => row[columns.indexOf("Status")] === "inactive"));
  assert.equal(new URL(page.url()).search, "?tz=UTC&show=panel:members");
  assert.match((await saved(page, "members", "Download CSV")).text, /status,Inactive\r\norder,Most sessions\r\n/);
  await finish(page);
});

test("beyond what is read by itself all members are loaded slowly, until one says stop", async () => {
  const { people, open } = await team({ count: 2350 });
  // With a clock of its own: the handles of a pinned one are too large for a page to stop its timers by.
  const page = await open("people?tz=UTC&show=title,panel:members", { now: undefined });
  const more = page.locator("#members .panel-more");
  await more.getByText("2,000 of 2,350 loaded").waitFor();
  await ready(page);
  assert.equal(people.requests.filter(({ query }) => query.has("page")).length, 20);
  await more.getByRole("button", { name: "Load all" }).click();
  await more.getByText("2,100 of 2,350 loaded").waitFor();
  await more.getByRole("button", { name: "Stop" }).click();
  // Whatever was on its way when it was stopped.
  await page.waitForTimeout(500);
  const loaded = await more.locator("progress").getAttribute("value");
  await page.waitForTimeout(2000);
  assert.equal(await more.locator("progress").getAttribute("value"), loaded);
  await accessible(page);
  const left = Math.ceil((2350 - Number(loaded)) / 100);
  const started = Date.now();
  await more.getByRole("button", { name: "Load all" }).click();
  await reaches(page, "members", "ready");
  assert.ok(Date.now() - started >= 1000 * (left - 1), "a page a second");
  assert.equal(await more.count(), 0);
  assert.match(await page.locator("#members .panel-headline").innerText(), /^2,350 members, /);
  assert.equal(people.requests.filter(({ query }) => query.has("page")).length, 24);
  // Asked for anew at once is no more than what is read by itself.
  await page.getByRole("button", { name: "Refresh" }).click();
  await more.getByText("2,000 of 2,350 loaded").waitFor();
  await ready(page);
  assert.equal(people.requests.filter(({ query }) => query.has("page")).length, 44);
  await finish(page, [/^404: GET \S+summary/]);
});

test("members are searched where they are loaded, and the next ones come as the table is scrolled to its end", async () => {
  const { people, open } = await team({ count: 2150 });
  const page = await open("people?tz=UTC&show=title,panel:members", { now: undefined });
  const members = page.locator("#members");
  const more = members.locator(".panel-more");
  await more.getByText("2,000 of 2,150 loaded").waitFor();
  await ready(page);
  await members.getByRole("button", { name: "Show table" }).click();
  const search = members.getByRole("searchbox", { name: "Search loaded members" });
  await search.fill("fern-1999@");
  await members.getByText("1 of 2,000 loaded members").waitFor();
  assert.equal(await members.locator("table").first().locator("tbody th").innerText(), "fern 1999");
  await search.fill("fern-2001@");
  await members.getByText("Nothing fits the search").waitFor();
  assert.equal(people.requests.filter(({ query }) => query.has("page")).length, 20, "searching asks for nothing");
  await search.fill("");
  const region = members.getByRole("region", { name: "Table: Members" }).first();
  await region.focus();
  await page.keyboard.press("End");
  await more.getByText("2,100 of 2,150 loaded").waitFor();
  await ready(page);
  assert.equal(people.requests.filter(({ query }) => query.has("page")).length, 21, "one page, as the end is out of sight again");
  await accessible(page);
  await page.keyboard.press("End");
  await reaches(page, "members", "ready");
  assert.equal(await more.count(), 0);
  await members.getByRole("searchbox", { name: "Search members" }).fill("fern-2149@");
  await members.getByText("1 of 2,150 members").waitFor();
  await finish(page, [/^404: GET \S+summary/]);
});

test("counts of members wait until all of them are there, where nobody is listed", async () => {
  const { open } = await team({ count: 2350, privacy: { mode: "aggregate" } });
  const page = await open("people?tz=UTC&show=title,panel:members", { now: undefined });
  await reaches(page, "members", "partial");
  const panel = page.locator("#members");
  await panel.getByText("2,000 of 2,350 loaded. Counts are shown once all are.").waitFor();
  assert.equal(await panel.locator("table, canvas").count(), 0);
  await panel.getByRole("button", { name: "Load all" }).click();
  await reaches(page, "members", "ready");
  assert.equal(await panel.locator(".panel-headline").innerText(), "2,350 members, 1,410 active");
  assert.doesNotMatch(await traces(page), /fern/);
  await finish(page);
});

test("members are kept for two minutes, as long as their server keeps them, and asked for again then", async () => {
  const { people, open } = await team();
  const page = await open("people?tz=UTC&show=panel:members");
  await ready(page);
  const choose = async (status) => {
    await page.locator("#members").getByRole("group", { name: "Status" }).getByRole("button", { name: status, exact: true }).click();
    await page.waitForFunction((status) => document.querySelector(`#members [aria-pressed="true"]`)?.textContent === status, status);
    await ready(page);
  };
  const askedAfter = async (seconds) => {
    await choose("Active");
    await page.clock.setFixedTime(new Date(Date.parse(NOW) + seconds * 1000));
    const before = people.requests.length;
    await choose("All");
    return people.requests.length - before;
  };
  assert.equal(await askedAfter(110), 0, "what is known is shown again");
  assert.ok((await askedAfter(240)) > 0, "after two minutes it is asked for anew");
  await finish(page);
});
