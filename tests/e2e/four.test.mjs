// All four sources side by side from one config.json, each a server of its own: figures, the join, and what the stricter
// modes keep to themselves wherever it could come out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessible, finish, later, NOW, open, reaches, ready, start, table, wellFormed } from "./harness.mjs";
import { coder, figures } from "./coder.mjs";
import { COMPANY, company, personKey, seats, windsurf } from "./team.mjs";
import { coderV1 } from "./v1.mjs";

const [V1_TOKEN, KEY, TOKEN] = ["v1-session-token-123", "windsurf-service-key-0123456789", "company-token-9876543210"];
const PEOPLE = 9;
const MEMBERS = 12;

/** The first five people have the address that the other sources know, the others one of their own. */
const change = (endpoint, answer) => {
  const known = (account) => ({ ...account, email: account.email.replace(/^person-([0-4])@/, "fern-$1@") });
  if (endpoint === "users") return { ...answer, users: answer.users.map(known) };
  return endpoint === "user" && answer ? known(answer) : answer;
};

/** Four servers, `dist/` in front of them, and a way to open pages of it. */
async function four(privacy) {
  const servers = [await coder({ now: NOW, people: PEOPLE, change }), await coderV1({ token: V1_TOKEN }), await windsurf({ key: KEY }), await company({ token: TOKEN, count: MEMBERS })];
  for (const { close } of servers) later(close);
  const [v2, v1, ai, people] = servers;
  const server = await start({
    coder: v2,
    config: {
      version: 1,
      privacy,
      sources: [
        { id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" },
        { id: "v1", kind: "coder-v1", label: "Coder v1", base_url: "/old/", auth: "proxy" },
        { id: "windsurf", kind: "windsurf", label: "Windsurf", base_url: "/windsurf/", auth: "proxy" },
        { id: "company", kind: "user-metrics", label: "Company", base_url: "/company/", auth: "proxy", company_id: COMPANY },
      ],
    },
    proxy: [
      { path: "/old/", target: v1.url, strip: true, cookies: false, headers: { "Session-Token": V1_TOKEN } },
      { path: "/windsurf/", target: ai.url, strip: true, cookies: false, methods: ["POST"], inject: { service_key: KEY } },
      { path: "/company/", target: people.url, strip: true, cookies: false, headers: { Authorization: `Bearer ${TOKEN}` } },
    ],
  });
  return { server, v2, v1, ai, people };
}

const PANELS = {
  "": ["user-status", "daus", "active-users"],
  templates: ["template-trends", "templates", "apps", "user-activity", "latency", "parameters"],
  activity: ["activity", "actions", "most-active"],
  people: ["people", "seat-outlook", "across", "ai-usage", "members", "reclaim"],
};

test("each source fills its panels, and the four know each other's people", async () => {
  const { server, v2, v1, ai, people } = await four();
  const page = await open("?tz=UTC", { server, now: NOW });
  for (const [path, panels] of Object.entries(PANELS)) {
    await page.goto(new URL(`./${path}?tz=UTC`, page.url()).href);
    await ready(page);
    for (const id of panels) await reaches(page, id, "ready");
    await wellFormed(page);
  }
  for (const { requests } of [v2, v1, ai, people]) assert.ok(requests.length > 0);
  const across = page.locator("#across");
  assert.equal(await across.locator(".panel-headline").innerText(), `${MEMBERS + PEOPLE - 5} people, ${seats.length} in several sources`);
  const notes = await across.locator(".panel-notes").innerText();
  for (const told of ["Coder: 5 matched, 4 only there, 0 not told apart", "AI assistant: 9 matched, 0 only there, 0 not told apart", "Company: 9 matched, 3 only there, 0 not told apart"]) {
    assert.ok(notes.includes(told), `${told}: ${notes}`);
  }
  // Somebody who is not in a source is not there, which is no 0.
  const { columns, rows } = await table(page, "across");
  const row = rows.find(([name]) => name === figures.name(7));
  assert.deepEqual([row[columns.indexOf("AI assistant")], row[columns.indexOf("Credits in the cycle")], row[columns.indexOf("Company")]], [null, null, null]);
  assert.match(await across.locator("tbody tr", { hasText: figures.name(7) }).first().innerText(), /not in AI assistant/);
  // A person's page has what each source tells of them.
  await page.goto(new URL("./people?tz=UTC&person=00000000-0000-0000-0000-000000000101", page.url()).href);
  await ready(page);
  await reaches(page, "person-sources", "ready");
  assert.equal(await page.locator("#person-sources .panel-headline").innerText(), "In 3 of 3 sources");
  const facts = new Map((await table(page, "person-sources")).rows);
  assert.deepEqual(["E-mail", "Seats held", "AI assistant", "Credits in the cycle", "Company", "Matched by"].map((fact) => facts.get(fact)), ["fern-1@example.com", "Coder, AI assistant", "approved", 100, "active", "mail address"]);
  // One source alone, by its address.
  await page.goto(new URL("./people?tz=UTC&source=company", page.url()).href);
  await ready(page);
  assert.deepEqual(await page.locator("section.panel").evaluateAll((panels) => panels.map(({ id }) => id)), ["members"]);
  await reaches(page, "members", "ready");
  const traces = await page.content();
  for (const secret of [V1_TOKEN, KEY, TOKEN, personKey(0)]) assert.equal(traces.includes(secret), false);
  await finish(page);
});

/** Whatever tells who somebody is, in any of the four. */
const names = [
  ...Array.from({ length: PEOPLE }, (_, person) => figures.name(person)),
  ...Array.from({ length: PEOPLE }, (_, person) => `00000000-0000-0000-0000-${String(100 + person).padStart(12, "0")}`),
  ...Array.from({ length: MEMBERS }, (_, place) => `00000000-0000-0000-0000-${String(place).padStart(12, "0")}`).filter((id) => !/00[123]$|01[12]$/.test(id)),
  "=moss-11", "reed-02", "sedge-", "id-0", "id-1", "needs-id",
].filter((name) => name !== figures.name(0));
const patterns = [/\bada\b/, /fern[- ]?\d/, /person-\d/, /@(?!media|supports|font|keyframes|layer)[\w-]+\.(com|org)/, /ddba11/];

/** Everything that a page says, shows on demand, hands out or speaks. */
async function said(page) {
  const texts = [];
  const note = async () => texts.push(await page.content(), page.url(), await page.title(), await page.evaluate(() => document.body.innerText));
  const save = async (button) => {
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    texts.push(file.suggestedFilename(), await readFile(await file.path(), "utf8"));
  };
  for (const panel of await page.locator("section.panel").all()) {
    const button = (name) => panel.getByRole("button", { name, exact: true });
    const isThere = async (name) => (await button(name).count()) > 0 && !(await button(name).isDisabled());
    if (await isThere("Show table")) await button("Show table").click();
    // Spoken, and beside the pointer.
    const chart = panel.locator("figure [tabindex='0']").first();
    if ((await chart.count()) > 0) {
      await chart.focus();
      for (const key of ["Home", "ArrowRight", "ArrowDown", "End"]) {
        await page.keyboard.press(key);
        texts.push(await panel.innerHTML());
      }
      await page.keyboard.press("Escape");
    }
    if (await isThere("Download CSV")) await save(button("Download CSV"));
    if (await isThere("Image")) {
      await button("Image").click();
      await save(button("Save SVG"));
    }
    if (await isThere("Copy as curl")) {
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await button("Copy as curl").click();
      await page.waitForFunction(() => navigator.clipboard.readText());
      texts.push(await page.evaluate(() => navigator.clipboard.readText()));
    }
  }
  await note();
  return texts;
}

for (const mode of ["pseudonym", "aggregate"]) {
  test(`${mode}: nobody is named on any page, in its address, its title, its files, its requests as curl, or aloud`, async () => {
    const { server } = await four({ mode });
    const page = await open("?tz=UTC", { server, now: NOW, permissions: ["clipboard-read", "clipboard-write"] });
    const texts = [];
    for (const [path, panels] of Object.entries(PANELS)) {
      await page.goto(new URL(`./${path}?tz=UTC&range=14d`, page.url()).href);
      await ready(page);
      const states = await Promise.all(panels.map((id) => page.locator(`#${id}`).getAttribute("data-state")));
      assert.ok(states.some((state) => state === "ready"), `${path}: ${states}`);
      texts.push(...(await said(page)));
    }
    if (mode === "pseudonym") {
      for (const person of [0, 1]) {
        await page.goto(new URL("./people?tz=UTC", page.url()).href);
        await ready(page);
        await page.locator("#people tbody a").nth(person).click();
        await page.waitForFunction(() => location.search.includes("person="));
        await ready(page);
        for (const id of ["person", "person-timeline", "person-sources"]) await reaches(page, id, "ready");
        texts.push(...(await said(page)));
      }
    } else {
      await page.goto(new URL("./people?tz=UTC&person=00000000-0000-0000-0000-000000000100", page.url()).href);
      await ready(page);
      for (const id of ["person", "person-timeline", "person-sources"]) await reaches(page, id, "forbidden");
      texts.push(...(await said(page)).map((text) => text.replaceAll("00000000-0000-0000-0000-000000000100", "")));
    }
    assert.ok(texts.length > 60, `${texts.length}`);
    for (const text of texts) {
      for (const name of names) assert.equal(text.includes(name), false, `${name}: ${text.slice(Math.max(0, text.indexOf(name) - 200), text.indexOf(name) + 100)}`);
      for (const pattern of patterns) assert.doesNotMatch(text, pattern);
      if (mode === "aggregate") assert.doesNotMatch(text, /Person [0-9A-Z]{4}/);
    }
    await accessible(page);
    await finish(page);
  });
}
