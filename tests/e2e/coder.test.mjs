// The fake server keeps the rules it is there for: those of coderd/insights.go, as written down for its API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { coder, figures } from "./coder.mjs";
import { later } from "./harness.mjs";

const now = "2026-11-20T14:25:00Z";

async function fake(options) {
  const server = await coder({ now, ...options });
  later(server.close);
  const get = async (path) => {
    const answer = await fetch(`${server.url}/api/v2/${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  return { server, get };
}

const span = (start, end, more = "") => `insights/templates?start_time=${encodeURIComponent(start)}&end_time=${encodeURIComponent(end)}${more}`;

test("spans that are accepted", async () => {
  const { get } = await fake();
  for (const path of [
    span("2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"),
    span("2026-11-20T00:00:00Z", "2026-11-20T15:00:00Z"),
    span("2026-11-20T00:00:00+01:00", "2026-11-20T16:00:00+01:00", "&interval=day"),
    span("2026-11-20T00:00:00+05:30", "2026-11-20T20:00:00+05:30"),
    span("2026-11-06T00:00:00Z", "2026-11-20T00:00:00Z", "&interval=week&sections=report,interval_reports"),
    span("2026-11-07T00:00:00Z", "2026-11-20T00:00:00Z", "&interval=week"),
    span("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
    span("2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z", `&template_ids=${figures.templates[0].id},${figures.templates[1].id}`),
  ]) {
    const { status, body } = await get(path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  }
});

test("queries that are refused", async () => {
  const { get } = await fake();
  const week = ["2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"];
  for (const [path, field] of [
    ["insights/templates", "start_time"],
    [span(...week, "&_=1"), "_"],
    [span(...week, "&timezone=UTC"), "timezone"],
    [`insights/templates?start_time=2026-11-13T00:00:00+01:00&end_time=2026-11-20T00:00:00Z`, "start_time"],
    [span("2026-11-13", "2026-11-20"), "start_time"],
    [span("2026-11-20T01:00:00Z", "2026-11-20T15:00:00Z"), "start_time"],
    [span("2026-11-13T00:00:00Z", "2026-11-19T15:00:00Z"), "end_time"],
    [span("2026-11-20T00:00:00Z", "2026-11-20T14:25:00Z"), "end_time"],
    [span("2026-11-20T00:00:00Z", "2026-11-20T16:00:00Z"), "end_time"],
    [span("2026-11-20T00:00:00+05:30", "2026-11-20T21:00:00+05:30"), "end_time"],
    [span("2026-11-13T00:00:00Z", "2026-11-21T00:00:00Z"), "end_time"],
    [span("2026-11-20T00:00:00Z", "2026-11-13T00:00:00Z"), "end_time"],
    [span("0001-01-01T00:00:00Z", "2026-11-13T00:00:00Z"), "start_time"],
    [span(...week, "&interval=month"), "interval"],
    [span(...week, "&sections=users"), "sections"],
    [span(...week, "&template_ids=x"), "template_ids"],
    [span(...week, "&interval=day&interval=day"), "interval"],
    ["insights/daus?tz_offset=5.5", "tz_offset"],
    ["insights/daus?timezone=UTC", "timezone"],
  ]) {
    const { status, body } = await get(path);
    assert.equal(status, 400, path);
    assert.equal(body.validations[0].field, field, `${path}: ${JSON.stringify(body)}`);
  }
  assert.match((await get(span("2026-11-16T00:00:00Z", "2026-11-20T00:00:00Z", "&interval=week"))).body.detail, /at least 6 days/);
  assert.equal((await get("insights/user-status-counts?timezone=Mars/Olympus")).body.message, "Invalid timezone.");
  assert.equal((await get("insights/user-status-counts?timezone=UTC&tz_offset=1")).status, 400);
  assert.equal((await get("nope")).status, 404);
});

test("answers, new and old", async () => {
  const { get } = await fake();
  const daus = (await get("insights/daus?tz_offset=0")).body;
  assert.equal(daus.entries.length, 61);
  assert.deepEqual(daus.entries[0], { date: "2026-11-20", amount: figures.dau("2026-11-20") });
  const counts = (await get("insights/user-status-counts?timezone=Europe/Berlin")).body.status_counts;
  assert.deepEqual(counts.active.at(-1), { date: "2026-11-19T23:00:00Z", count: figures.active("2026-11-20") });
  assert.equal(counts.active[0].date, "2026-09-20T22:00:00Z", "summer time had another midnight");
  const { report, interval_reports } = (await get(span("2026-11-18T00:00:00+01:00", "2026-11-20T15:00:00+01:00", "&interval=day"))).body;
  assert.equal(report.active_users, figures.activeInRange(3));
  assert.deepEqual(interval_reports.map((one) => one.end_time).sort(), ["2026-11-19T00:00:00+01:00", "2026-11-20T00:00:00+01:00", "2026-11-20T15:00:00+01:00"]);

  const old = await fake({ old: true });
  assert.equal((await old.get("insights/user-status-counts?timezone=UTC")).status, 400);
  assert.equal((await old.get("insights/user-status-counts?tz_offset=1")).status, 200);
  assert.equal((await old.get("insights/daus?tz_offset=0")).body.entries.at(-1).date, "2026-11-20T00:00:00Z");
});

test("misbehaviour, as often as asked for", async () => {
  const { server, get } = await fake({ token: "right" });
  assert.equal((await get("users/me")).status, 401);
  assert.equal((await get("buildinfo")).status, 200);
  server.behave("build", "forbidden", { times: 2 });
  assert.deepEqual([(await get("buildinfo")).status, (await get("buildinfo")).status, (await get("buildinfo")).status], [403, 403, 200]);
  server.behave("*", "limited", { retryAfter: 7 });
  const limited = await fetch(`${server.url}/api/v2/buildinfo`);
  assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "7"]);
  server.heal();
  server.behave("build", "half");
  await assert.rejects(get("buildinfo"));
  server.behave("build", "huge", { bytes: 3_000_000 });
  assert.ok((await (await fetch(`${server.url}/api/v2/buildinfo`)).text()).length > 3_000_000);
  server.behave("build", undefined, { delay: 50 });
  const before = Date.now();
  assert.equal((await get("buildinfo")).status, 200);
  assert.ok(Date.now() - before >= 45);
  assert.deepEqual(server.requests.map((request) => request.state).filter((state) => state !== "answered"), ["aborted"]);
});
