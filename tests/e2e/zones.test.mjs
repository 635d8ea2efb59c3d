// The times that are asked for, in zones where that is hard. The fake server refuses what a real one would refuse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures } from "./coder.mjs";
import { deployment, finish, reaches, ready, table } from "./harness.mjs";

const spans = (fake, endpoint = "insights") =>
  fake.asked(endpoint).map((query) => {
    assert.doesNotMatch(query, /\+/, "a plus sign would be read as a space");
    const { start_time, end_time, interval } = Object.fromEntries(new URLSearchParams(query));
    return [start_time, end_time, ...(interval ? [interval] : [])].join(" ");
  });

for (const { what, now, path, asked, end, none } of [
  { what: "Kathmandu, 20:10: the next hour of UTC ends at 20:45, so 20:00 it is", now: "2026-11-20T14:25:00Z", path: "?range=today&tz=Asia/Kathmandu", end: "2026-11-20T20:00:00+05:45" },
  { what: "Kathmandu, 20:50: now 21:00 is near enough", now: "2026-11-20T15:05:00Z", path: "?range=today&tz=Asia/Kathmandu", end: "2026-11-20T21:00:00+05:45" },
  { what: "Kathmandu, 00:20: nothing can be asked about today yet", now: "2026-11-20T18:35:00Z", path: "?range=today&tz=Asia/Kathmandu", none: true },
  { what: "Kathmandu, 00:50: one hour of today", now: "2026-11-20T19:05:00Z", path: "?range=today&tz=Asia/Kathmandu", end: "2026-11-21T01:00:00+05:45" },
  { what: "Kolkata, 20:10", now: "2026-11-20T14:40:00Z", path: "?range=today&tz=Asia/Kolkata", end: "2026-11-20T20:00:00+05:30" },
  { what: "Berlin, the last hour of the day", now: "2026-11-20T22:59:59Z", path: "?range=today&tz=Europe/Berlin", end: "2026-11-21T00:00:00+01:00" },
  { what: "New York in summer time", now: "2026-06-15T16:20:00Z", path: "?range=today&tz=America/New_York", end: "2026-06-15T13:00:00-04:00" },
  { what: "New York, 01:30 for the first time", now: "2026-11-01T05:30:00Z", path: "?range=today&tz=America/New_York", asked: ["2026-11-01T00:00:00-04:00 2026-11-01T02:00:00-04:00"] },
  { what: "New York, 01:30 for the second time", now: "2026-11-01T06:30:00Z", path: "?range=today&tz=America/New_York", asked: ["2026-11-01T00:00:00-04:00 2026-11-01T02:00:00-05:00"] },
  { what: "Berlin, an hour after the clocks went forward", now: "2026-03-29T02:10:00Z", path: "?range=today&tz=Europe/Berlin", asked: ["2026-03-29T00:00:00+01:00 2026-03-29T05:00:00+02:00"] },
]) {
  test(what, async () => {
    const { fake, open } = await deployment({ now });
    const page = await open(`${path}&compare=none&show=panel:active-users`);
    await ready(page);
    if (none) {
      assert.deepEqual(fake.asked("insights"), []);
      assert.match(await (await reaches(page, "active-users", "empty")).innerText(), /The day has just begun[^]*from the first full hour on/);
    } else {
      await reaches(page, "active-users", "ready");
      const found = spans(fake);
      assert.equal(found.length, 1);
      if (asked) assert.deepEqual(found, asked);
      else assert.equal(found[0].split(" ")[1], end);
      const { rows } = await table(page, "active-users");
      assert.deepEqual(rows.map((row) => row[2]), ["so far"]);
    }
    // Any refusal of the server fails here.
    await finish(page);
  });
}

test("New York, a week around the end of summer time: the day of 25 hours is asked for by itself", async () => {
  const { fake, open } = await deployment({ now: "2026-11-04T12:30:00Z" });
  const page = await open("?from=2026-10-30&to=2026-11-04&tz=America/New_York&compare=none&show=panel:active-users,panel:user-status");
  await ready(page);
  assert.deepEqual(spans(fake).sort(), [
    "2026-10-30T00:00:00-04:00 2026-11-01T00:00:00-04:00 day",
    "2026-11-01T00:00:00-04:00 2026-11-02T00:00:00-05:00",
    "2026-11-02T00:00:00-05:00 2026-11-04T08:00:00-05:00 day",
  ]);
  const day = (name, people, note = null) => [name, people, note];
  assert.deepEqual((await table(page, "active-users")).rows, [
    day("2026-10-30", figures.activeOn("2026-10-30")),
    day("2026-10-31", figures.activeOn("2026-10-31")),
    day("2026-11-01", figures.activeInRange(1)),
    day("2026-11-02", figures.activeOn("2026-11-02")),
    day("2026-11-03", figures.activeOn("2026-11-03")),
    day("2026-11-04", figures.activeOn("2026-11-04"), "so far"),
  ]);
  assert.match(await page.locator("#active-users .panel-notes").innerText(), /Clocks change on 1 Nov: that day is not 24 hours long/);
  assert.deepEqual(fake.asked("statuses"), ["timezone=America/New_York"]);
  assert.deepEqual((await table(page, "user-status")).rows.map((row) => row.slice(0, 2)), ["10-30", "10-31", "11-01", "11-02", "11-03", "11-04"].map((name) => [`2026-${name}`, figures.active(`2026-${name}`)]));
  await finish(page);
});

test("Berlin, weeks around the end of summer time: the week of 169 hours is asked for by itself", async () => {
  const { fake, open } = await deployment({ now: "2026-11-20T14:25:00Z" });
  const page = await open("?from=2026-10-12&to=2026-11-08&interval=week&tz=Europe/Berlin&compare=none&show=panel:active-users");
  await ready(page);
  assert.deepEqual(spans(fake).sort(), [
    "2026-10-12T00:00:00+02:00 2026-10-19T00:00:00+02:00",
    "2026-10-19T00:00:00+02:00 2026-10-26T00:00:00+01:00",
    "2026-10-26T00:00:00+01:00 2026-11-09T00:00:00+01:00 week",
  ]);
  assert.deepEqual((await table(page, "active-users")).rows.map((row) => row.slice(0, 2)), [
    ["2026-10-12", figures.activeInRange(7)],
    ["2026-10-19", figures.activeInRange(7)],
    ["2026-10-26", figures.activeOn("2026-10-26")],
    ["2026-11-02", figures.activeOn("2026-11-02")],
  ]);
  await finish(page);
});

test("whole pages in zones with odd offsets and changes of the clock: nothing is refused", async () => {
  for (const [tz, now] of [
    ["Australia/Lord_Howe", "2026-10-05T13:45:00Z"],
    ["America/St_Johns", "2026-11-02T03:29:00Z"],
    ["Pacific/Chatham", "2026-09-28T10:20:00Z"],
    ["Africa/Casablanca", "2026-03-24T23:59:00Z"],
    ["Pacific/Kiritimati", "2026-11-20T10:01:00Z"],
    ["Asia/Kathmandu", "2026-11-20T18:16:00Z"],
  ]) {
    const { fake, open } = await deployment({ now });
    const page = await open(`?tz=${tz}`);
    await ready(page);
    for (const id of ["user-status", "daus", "active-users"]) await reaches(page, id, "ready");
    await page.getByRole("link", { name: "Templates" }).click();
    for (const id of ["apps", "user-activity", "latency", "parameters"]) await reaches(page, id, "ready");
    for (const endpoint of ["activity", "latency"]) spans(fake, endpoint);
    await finish(page);
  }
});
