// What goes wrong at a server: the panels it concerns say so in the right words, the others stay, and there is a way on.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { accessible, deployment, finish, later, open, NOW, reaches, ready, start, table, tiles } from "./harness.mjs";

const OVERVIEW = ["user-status", "daus", "active-users"];
const TEMPLATES = ["template-trends", "templates", "apps", "user-activity", "latency", "parameters"];
const INSIGHTS_TILES = ["tile-active", "dau", "wau", "mau", "stickiness"];

/** Fails unless exactly these panels and tiles are in a state, and all others are ready. */
async function only(page, ids, state) {
  const found = await page.locator("section.panel, .tile").evaluateAll((all) => all.map((one) => [one.id, one.dataset.state]));
  assert.deepEqual(found.filter(([, is]) => is !== "ready"), found.map(([id]) => id).filter((id) => ids.includes(id)).map((id) => [id, state]));
}

/** What stands before the words, so that states differ at a glance. */
const SIGNS = { forbidden: "×", unauthorized: "→", disabled: "/", unsupported: "?", failed: "!" };

/** States whose look has been checked already. */
const checked = new Set();

const retry = (page, id) => page.locator(`#${id}`).getByRole("button", { name: /^Try again/ });

for (const { what, at, path = "", ids, how, options, state, words, again, problems = [] } of [
  {
    what: "403", at: ["daus", "statuses"], ids: ["user-status", "daus", "dormant"], how: "forbidden", state: "forbidden",
    words: /Not allowed[^]*You don't have permission to view this content/, problems: [/^403: GET /],
  },
  {
    what: "the 404 that hides a missing permission", at: ["insights"], ids: ["active-users", ...INSIGHTS_TILES], how: "hidden", state: "forbidden",
    words: /Not allowed[^]*you do not have access to this resource/, problems: [/^404: GET \S+insights\/templates/],
  },
  {
    what: "the 404 of a server that has no such function", at: ["statuses"], ids: ["user-status", "dormant"], how: "missing", state: "unsupported",
    words: /Not supported by this server[^]*Route not found/, problems: [/^404: GET \S+user-status-counts/],
  },
  {
    what: "usage statistics switched off", at: ["daus", "insights"], ids: ["daus", "active-users", ...INSIGHTS_TILES], how: "disabled", state: "disabled",
    words: /Collection is switched off[^]*Template insights are disabled/, problems: [/^404: GET /],
  },
  {
    what: "usage statistics switched off, seen from the templates page", at: ["insights", "activity", "latency"], path: "templates", ids: TEMPLATES, how: "disabled",
    state: "disabled", words: /Collection is switched off[^]*Template insights are disabled/, problems: [/^404: GET /],
  },
  {
    what: "500 with two JSON bodies", at: ["daus"], ids: ["daus"], how: "broken", state: "failed", again: true,
    words: /The server failed[^]*Status 500: Internal error fetching deployment DAUs\. pq: connection refused/, problems: [/^500: GET /],
  },
  {
    what: "a login page answered with 200", at: ["statuses", "insights"], ids: ["user-status", "dormant", "active-users", ...INSIGHTS_TILES], how: "login",
    state: "unauthorized", words: /Not signed in/,
  },
  {
    what: "a redirect to a login page", at: ["daus"], ids: ["daus"], how: (res) => res.writeHead(302, { Location: "/login" }).end(), state: "unauthorized",
    words: /Not signed in/,
  },
  {
    what: "garbage", at: ["daus", "statuses", "insights"], ids: [...OVERVIEW, "dormant", ...INSIGHTS_TILES], how: "garbage", state: "failed", again: true,
    words: /The answer could not be read/,
  },
  {
    what: "garbage on the templates page", at: ["insights", "activity", "latency"], path: "templates", ids: TEMPLATES, how: "garbage", state: "failed",
    again: true, words: /The answer could not be read/,
  },
  {
    what: "half a body", at: ["daus", "insights"], ids: ["daus", "active-users", ...INSIGHTS_TILES], how: "half", state: "failed", again: true,
    words: /No connection/, problems: [/^failed: GET \S+ net::ERR_/],
  },
  {
    what: "a gateway that cannot reach the server", at: ["activity", "latency"], path: "templates", ids: ["template-trends", "templates", "user-activity", "latency"], state: "failed", again: true,
    how: (res) => res.writeHead(502, { "Content-Type": "text/html" }).end("<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"),
    words: /The server failed[^]*502 Bad Gateway/, problems: [/^502: GET /],
  },
]) {
  test(`${what}: ${state}`, async () => {
    const { fake, open } = await deployment();
    for (const endpoint of at) fake.behave(endpoint, how, options);
    const page = await open(path);
    await ready(page);
    await only(page, ids, state);
    const panels = ids.filter((id) => [...OVERVIEW, ...TEMPLATES].includes(id));
    for (const id of panels) {
      const panel = page.locator(`#${id}`);
      assert.match(await panel.innerText(), words, id);
      assert.equal(await panel.locator(".state-title").getAttribute("data-sign"), SIGNS[state], id);
      assert.equal(await panel.locator("table, canvas, data").count(), 0, "no figures without an answer");
      assert.equal(await retry(page, id).count(), again ? 1 : 0, id);
      assert.ok(await panel.getByRole("button", { name: "Download CSV" }).isDisabled());
      assert.ok(await panel.getByRole("button", { name: "Copy as curl" }).isEnabled(), "what was asked can be tried by hand");
    }
    for (const [id, tile] of Object.entries(path === "" ? await tiles(page) : {})) {
      assert.equal(tile.value === null, ids.includes(id), id);
      assert.notEqual(tile.detail, "", `${id} says why`);
    }
    if (!checked.has(state)) await accessible(page);
    checked.add(state);

    fake.heal();
    // What failed beside a panel is asked again with it; the tiles have no button of their own.
    if (again) await retry(page, panels[0]).click();
    else await page.locator("#refresh").click();
    for (const id of panels) await reaches(page, id, "ready");
    await ready(page);
    await only(page, [], "ready");
    await finish(page, problems);
  });
}

test("429: limited, counts down, then asks again by itself", async () => {
  const { fake, open } = await deployment();
  fake.behave("daus", "limited", { retryAfter: 4 });
  const page = await open();
  await ready(page);
  await only(page, ["daus"], "limited");
  const button = retry(page, "daus");
  assert.match(await button.innerText(), /^Try again in [1-4] s$/);
  assert.ok(await button.isDisabled());
  assert.match(await page.locator("#daus").innerText(), /Too many requests[^]*The server asks to wait 4 seconds/);
  assert.equal(fake.asked("daus").length, 1, "nothing is asked meanwhile");
  fake.heal();
  await page.locator("#daus").getByRole("button", { name: "Try again in 1 s" }).waitFor();
  await reaches(page, "daus", "ready");
  assert.equal(fake.asked("daus").length, 2);
  await finish(page, [/^429: GET /]);
});

test("only the licence is missing: the accounts are shown without a limit, and it says why", async () => {
  const { fake, open } = await deployment();
  fake.behave("entitlements", "forbidden");
  const page = await open("?tz=UTC");
  await ready(page);
  await only(page, ["seats"], "forbidden");
  const text = await page.locator("#user-status").innerText();
  assert.match(text, /^50 active on 20 Nov$/m);
  assert.match(text, /Seat limit unknown: not allowed/);
  await finish(page, [/^403: GET /]);
});

test("what the page asks about itself may fail: the figures stay", async () => {
  const { fake, open } = await deployment();
  for (const endpoint of ["build", "me", "organizations", "templates"]) fake.behave(endpoint, "broken");
  const page = await open();
  await ready(page);
  await only(page, [], "ready");
  // Without the list of templates an organization cannot be looked at, and that is said.
  await page.goto(`${page.url()}?org=${figures.organizations[1].id}`);
  await ready(page);
  await only(page, ["active-users", ...INSIGHTS_TILES], "failed");
  fake.heal();
  await page.locator("#refresh").click();
  await reaches(page, "active-users", "ready");
  await finish(page, [/^500: GET /]);
});

test("a server that cannot be reached, on another origin", async () => {
  // A port that was free a moment ago.
  const gone = createServer();
  await new Promise((done) => gone.listen(0, "127.0.0.1", done));
  const base_url = `http://127.0.0.1:${gone.address().port}/`;
  await new Promise((done) => gone.close(done));
  const server = await start({ config: { version: 1, sources: [{ id: "coder", kind: "coder", label: "Coder", base_url, auth: "cookie" }] } });
  const page = await open("", { server, now: NOW });
  await ready(page);
  await only(page, [...OVERVIEW, ...INSIGHTS_TILES, "seats", "dormant"], "failed");
  for (const id of OVERVIEW) assert.match(await page.locator(`#${id}`).innerText(), /No connection[^]*may be down[^]*offline[^]*same origin/);
  await accessible(page);
  await finish(page, [/^failed: GET \S+ net::ERR_CONNECTION_REFUSED$/]);
});

test("a server behind the page that cannot be reached", async () => {
  const { fake, open } = await deployment();
  await fake.close();
  const page = await open("templates");
  await ready(page);
  await only(page, TEMPLATES, "failed");
  assert.match(await page.locator("#latency").innerText(), /Status 502: 127\.0\.0\.1:\d+ cannot be reached/);
  await finish(page, [/^502: GET /]);
});

test("a server that fails for a while: the last figures stay, with the reason and a way on", async () => {
  const { fake, open } = await deployment();
  const page = await open("?range=7d&tz=UTC&compare=none");
  await ready(page);
  const before = (await table(page, "daus")).rows;
  fake.behave("daus", "broken");
  await page.locator("#refresh").click();
  await reaches(page, "daus", "stale");
  await ready(page);
  assert.match(await page.locator("#daus .state").innerText(), /The server failed/);
  assert.equal(await page.locator("#daus").getAttribute("aria-busy"), "false");
  assert.deepEqual((await table(page, "daus")).rows, before);
  fake.heal("daus");
  await retry(page, "daus").click();
  await reaches(page, "daus", "ready");
  assert.equal(await page.locator("#daus .state").count(), 0);
  await finish(page, [/^500: GET /]);
});

test("a slow server: a skeleton where the figures will be, nothing else waits, nothing jumps", async () => {
  const { fake, open } = await deployment();
  fake.behave("statuses", undefined, { delay: 1500 });
  const watch = (page) =>
    page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => list.getEntries().forEach((one) => globalThis.shifts.push(one.value))).observe({ type: "layout-shift", buffered: true });
    });
  const page = await open("?tz=UTC", { prepare: watch });
  await reaches(page, "daus", "ready");
  await reaches(page, "active-users", "ready");
  await reaches(page, "user-status", "loading");
  const panel = page.locator("#user-status");
  assert.equal(await panel.getAttribute("aria-busy"), "true");
  assert.ok(await panel.locator(".skeleton").isVisible());
  assert.equal(await page.locator("html").getAttribute("data-ready"), "false");
  assert.equal((await tiles(page)).dormant.state, "loading");
  assert.equal(await page.locator("#dormant").getByRole("img", { name: "loading" }).count(), 1);
  // Motion is reduced here: waiting must not blink.
  assert.equal(await page.evaluate(() => document.getAnimations().filter((one) => one.effect.getTiming().duration > 0).length), 0);
  await ready(page);
  await only(page, [], "ready");
  assert.equal(await panel.getAttribute("aria-busy"), "false");
  // What Web Vitals call good is up to 0.1.
  const shift = await page.evaluate(() => globalThis.shifts.reduce((sum, one) => sum + one, 0));
  assert.ok(shift < 0.05, `the layout shifted by ${shift}`);
  await finish(page);
});

test("an old server: no zones by name, timestamps for days", async () => {
  const { fake, open } = await deployment({ old: true });
  const page = await open("?tz=Asia/Kathmandu&range=7d");
  await ready(page);
  await only(page, ["seats"], "empty");
  assert.deepEqual(fake.asked("statuses"), ["timezone=Asia/Kathmandu", "tz_offset=5"]);
  const { rows } = await table(page, "user-status");
  assert.deepEqual(rows.map((row) => row.slice(0, 2)), ["14", "15", "16", "17", "18", "19", "20"].map((day) => [`2026-11-${day}`, figures.active(`2026-11-${day}`)]));
  assert.match(await page.locator("#user-status").innerText(), /This server knows whole hours only/);
  await finish(page, [/^400: GET \S+timezone=Asia\/Kathmandu$/]);
});

test("somebody who may see the insights of some templates only: those are named, and no refusal is shown", async () => {
  const { fake, open } = await deployment({ roles: [] });
  const states = [];
  const page = await open("templates", { prepare: (page) => watchStates(page, states) });
  await ready(page);
  await only(page, [], "ready");
  const ids = figures.templates.map((one) => one.id).join(",");
  for (const endpoint of ["insights", "activity", "latency"]) {
    const asked = fake.requests.filter((request) => request.endpoint === endpoint);
    // Beside the panels about all of them, there are some about one.
    const named = asked.map((request) => new URLSearchParams(request.query).get("template_ids"));
    assert.ok(named.includes(ids), `${endpoint}: ${named.join(" ")}`);
  }
  assert.deepEqual([...new Set(states)].sort(), ["loading", "ready"]);
  await finish(page, [/^404: GET /]);
});

/** Notes every state that a panel is in, however short. */
async function watchStates(page, states) {
  await page.exposeBinding("noteState", (_, state) => states.push(state));
  await page.addInitScript(() => {
    const note = (node) => node.dataset?.state && node.matches?.("section.panel") && globalThis.noteState(node.dataset.state);
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        note(target);
        for (const node of addedNodes) [node, ...(node.querySelectorAll?.("section.panel") ?? [])].forEach(note);
      }
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
  });
}
