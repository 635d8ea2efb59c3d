// The figures on the page are those that the server gave: recorded answers of a real one, and the known ones of a fake.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figures, recorded } from "./coder.mjs";
import { deployment, finish, panel, reaches, ready, table, tiles, wellFormed } from "./harness.mjs";

const DAY = 86_400_000;
/** Every day from one to another, both included. */
const days = (first, last) => Array.from({ length: (Date.parse(last) - Date.parse(first)) / DAY + 1 }, (_, index) => new Date(Date.parse(first) + index * DAY).toISOString().slice(0, 10));
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const near = (found, expected, what) => assert.ok(Math.abs(found - expected) < 1e-9, `${what}: ${found} instead of ${expected}`);
const seconds = (rows, column) => rows.reduce((sum, row) => sum + row[column], 0);

/** The rows of "App & IDE usage" for a recorded report: most time first, in the server's order where equal. */
function appRows({ apps_usage }) {
  const total = apps_usage.reduce((sum, app) => sum + app.seconds, 0);
  return apps_usage
    .toSorted((a, b) => b.seconds - a.seconds)
    .map((app) => [app.display_name, app.type === "builtin" ? "built in" : app.type, app.seconds, app.seconds / total, app.type === "builtin" ? null : (app.times_used ?? null)]);
}

for (const [what, zone, insights, activity] of [
  ["UTC", "UTC", "insights-week", "activity-week"],
  ["São Paulo", "America/Sao_Paulo", "insights-week-sao-paulo", "activity-week-sao-paulo"],
  ["São Paulo, from an older server", "America/Sao_Paulo", "insights-week-sao-paulo-legacy", "activity-week-sao-paulo"],
]) {
  test(`a recorded week in ${what}`, async () => {
    const { fake, open } = await deployment({ fixtures: { insights, activity } });
    const { report, interval_reports } = recorded(insights);
    const query = `?from=2023-08-15&to=2023-08-21&tz=${zone}`;

    const page = await open(query);
    await ready(page);
    assert.equal((await panel(page, "active-users")).state, "ready");
    const { caption, rows } = await table(page, "active-users");
    assert.equal(caption, "Active users");
    const daily = interval_reports.map((one) => [one.start_time.slice(0, 10), one.active_users, null]);
    assert.deepEqual(rows, daily);
    const found = await tiles(page);
    assert.deepEqual([found["tile-active"].state, found["tile-active"].value], ["ready", report.active_users]);
    assert.equal(found["tile-active"].detail, "15–21 Aug 2023");
    near(found.dau.value, mean(daily.map((row) => row[1])), "average DAU");
    assert.equal(found.wau.value, report.active_users, "the last 7 whole days are the same 7 days");
    assert.deepEqual([found.mau.state, found.mau.value], ["empty", null], "30 days were not recorded");
    await wellFormed(page);

    // Going to another page of the same days asks for nothing that is known already.
    const before = fake.asked("insights");
    await page.getByRole("link", { name: "Templates" }).click();
    await reaches(page, "user-activity", "ready");
    await ready(page);
    assert.deepEqual(fake.asked("insights").slice(before.length).filter((one) => before.includes(one)), []);

    const apps = await table(page, "apps");
    assert.deepEqual(apps.rows, appRows(report));
    near(seconds(apps.rows, 3), 1, "shares");
    const people = recorded(activity).report.users.map((user) => [user.username, user.seconds]);
    assert.deepEqual((await table(page, "user-activity")).rows, people.toSorted((a, b) => b[1] - a[1]));
    for (const id of ["apps", "user-activity"]) {
      assert.equal((await panel(page, id)).state, "ready");
      assert.match(await page.locator(`#${id} .panel-source`).innerText(), new RegExp(`^Coder · 15–21 Aug 2023, days of ${zone} · fetched `));
    }
    await wellFormed(page);
    await finish(page);
  });
}

test("a recorded week as one interval, where weeks begin on a Saturday", async () => {
  const { open } = await deployment({ fixtures: { insights: "insights-weekly" } });
  const page = await open("?from=2023-08-12&to=2023-08-18&interval=week&tz=UTC", { locale: "ar-EG" });
  await ready(page);
  assert.equal((await panel(page, "active-users")).state, "ready");
  assert.deepEqual((await table(page, "active-users")).rows, [["2023-08-12", recorded("insights-weekly").report.active_users, null]]);
  await wellFormed(page);
  await finish(page);
});

test("three recorded weeks of one template, which have a report and nothing else", async () => {
  const { fake, open } = await deployment({ fixtures: { insights: "insights-three-weeks-one-template" } });
  const { report } = recorded("insights-three-weeks-one-template");
  const page = await open(`templates?from=2023-08-01&to=2023-08-21&tz=UTC&template=${report.template_ids[0]}`);
  await ready(page);
  assert.deepEqual((await table(page, "apps")).rows, appRows(report));
  for (const query of fake.asked("insights")) assert.equal(new URLSearchParams(query).get("template_ids"), report.template_ids[0]);
  await page.getByRole("link", { name: "Overview" }).click();
  await ready(page);
  assert.equal((await tiles(page))["tile-active"].value, report.active_users);
  // Days were asked for and none came back: what came is shown as what it is, and no day is 0.
  await reaches(page, "active-users", "partial");
  assert.deepEqual((await table(page, "active-users")).rows, [["2023-08-01", report.active_users, "not the interval asked for"]]);
  await wellFormed(page);
  await finish(page);
});

test("a recorded week without any use is empty, and its zeros are zeros", async () => {
  const { open } = await deployment({ fixtures: { insights: "insights-empty-week", activity: "activity-empty-week" } });
  const query = "?from=2023-08-15&to=2023-08-21&tz=UTC";
  const page = await open(query);
  await ready(page);
  await reaches(page, "active-users", "empty");
  assert.deepEqual((await table(page, "active-users")).rows, days("2023-08-15", "2023-08-21").map((day) => [day, 0, null]));
  assert.equal((await tiles(page))["tile-active"].value, 0);
  await page.getByRole("link", { name: "Templates" }).click();
  await ready(page);
  for (const [id, words, sign] of [["apps", "No time in any app", "0"], ["user-activity", "Nobody was active", "0"], ["parameters", "No parameters", "–"]]) {
    const panel = await reaches(page, id, "empty");
    assert.match(await panel.innerText(), new RegExp(words));
    assert.equal(await panel.locator(".state-title").getAttribute("data-sign"), sign, "nothing is not 0");
  }
  assert.ok((await table(page, "apps")).rows.every((row) => row[2] === 0 && row[3] === null));
  await wellFormed(page);
  await finish(page);
});

test("recorded parameters", async () => {
  const { open } = await deployment({ fixtures: { insights: "insights-parameters" } });
  const page = await open("templates?tz=UTC");
  await ready(page);
  const expected = recorded("insights-parameters").report.parameters_usage.flatMap((one) =>
    one.values
      .toSorted((a, b) => b.count - a.count)
      .map(({ value, count }) => [one.display_name, one.type, value === "" ? "“” (empty)" : value, count]),
  );
  assert.deepEqual((await table(page, "parameters")).rows, expected);
  // The recording has times of the year 1, which nobody asked for.
  await reaches(page, "parameters", "partial");
  await wellFormed(page);
  await finish(page);
});

for (const zone of ["UTC", "America/New_York"]) {
  // Around New York's change of the clocks the range is asked in three parts, and each is answered with the same week.
  test(`an answer about other days is shown as what it is, in ${zone}`, async () => {
    const { open } = await deployment({ fixtures: { insights: "insights-week", activity: "activity-week" } });
    const { report, interval_reports } = recorded("insights-week");
    const page = await open(`?tz=${zone}`);
    await ready(page);
    assert.match(await (await reaches(page, "active-users", "partial")).innerText(), /The server answered for other days than those asked for/);
    const daily = interval_reports.map((one) => [one.start_time.slice(0, 10), one.active_users, null]);
    assert.deepEqual((await table(page, "active-users")).rows, daily);
    assert.match(await page.locator("#active-users .panel-headline").innerText(), /average over 7 whole days/);
    const found = await tiles(page);
    assert.deepEqual([found["tile-active"].state, found["tile-active"].value], ["partial", report.active_users]);
    assert.match(found["tile-active"].detail, /^15–21 Aug 2023 \(the days the server answered for\)$/);
    assert.equal(found.dau.state, "partial");
    assert.match(found.dau.detail, /mean of 7 whole days/);
    for (const id of ["wau", "mau", "stickiness"]) assert.deepEqual([found[id].state, found[id].value], ["empty", null], id);
    await page.getByRole("link", { name: "Templates" }).click();
    await ready(page);
    for (const id of ["apps", "user-activity"]) {
      assert.match(await (await reaches(page, id, "partial")).innerText(), /The server answered for 15–21 Aug 2023, not for the days asked for/);
    }
    assert.deepEqual((await table(page, "apps")).rows, appRows(report));
    await reaches(page, "latency", "ready");
    await finish(page);
  });
}

test("the overview of a deployment with known figures", async () => {
  const { open } = await deployment();
  const page = await open("?tz=UTC");
  await ready(page);
  const range = days("2026-10-24", "2026-11-20");
  const today = range.at(-1);
  const closed = range.slice(0, -1);
  // Four weeks of the same weekdays before stand beside them; today is not over, so it is not compared.
  const before = days("2026-09-26", "2026-10-23");
  const compared = (figure) => range.map((day, index) => [day, figure(day), figure(before[index]), day === today ? null : figure(day) - figure(before[index]), day === today ? "so far" : null]);

  const daus = await table(page, "daus");
  assert.deepEqual(daus.columns, ["Day (UTC)", "Active users", "4 weeks earlier", "Change", "Note"]);
  assert.deepEqual(daus.rows, compared(figures.dau));
  assert.match(await page.locator("#daus .panel-headline").innerText(), new RegExp(`^${mean(closed.map(figures.dau)).toFixed(1)} on average over 27 whole days$`));

  const statuses = await table(page, "user-status");
  assert.deepEqual(statuses.columns.slice(1), ["Active", "Dormant", "Suspended", "All accounts"]);
  for (const [index, row] of statuses.rows.entries()) {
    const [day, active, dormant, suspended, all] = row;
    assert.deepEqual([day, active, dormant, suspended], [range[index], figures.active(day), figures.dormant, figures.suspended]);
    assert.equal(all, active + dormant + suspended);
  }
  assert.equal(statuses.rows.length, 28);
  const text = await page.locator("#user-status").innerText();
  assert.match(text, /^50 active of 60 seats on 20 Nov$/m);
  assert.match(text, /counts against active accounts alone/);
  const over = range.filter((day) => figures.active(day) > figures.seatLimit).length;
  assert.match(text, new RegExp(`above the seat limit on ${over} of 28 days`));

  const active = await table(page, "active-users");
  assert.deepEqual(active.columns, ["Day", "Active users", "4 weeks earlier", "Change", "Note"]);
  assert.deepEqual(active.rows, compared(figures.activeOn));

  const month = days("2026-10-21", "2026-11-19").map(figures.activeOn);
  const found = await tiles(page);
  assert.deepEqual(Object.keys(found), ["tile-active", "dau", "wau", "mau", "stickiness", "seats", "dormant"]);
  for (const [id, tile] of Object.entries(found)) assert.equal(tile.state, "ready", id);
  assert.equal(found["tile-active"].value, figures.activeInRange(28));
  assert.equal(found.wau.value, figures.activeInRange(7));
  assert.equal(found.mau.value, figures.activeInRange(30));
  near(found.dau.value, mean(closed.map(figures.activeOn)), "average DAU");
  near(found.stickiness.value, mean(month) / figures.activeInRange(30), "stickiness");
  assert.equal(found.seats.value, figures.seatsUsed);
  assert.equal(found.seats.detail, "now, of 60 (78%)");
  assert.equal(found.dormant.value, figures.dormant);
  assert.match(await page.locator("footer.page-footer").innerText(), /^Days of UTC \(UTC now\) · Coder v2\.38\.1\+5f3e1a2 · Self-check\s+Open files$/);
  await wellFormed(page);
  await finish(page);
});

test("the templates page of a deployment with known figures; names are text, a missing sample is not a number", async () => {
  const { open } = await deployment({ people: 9 });
  const page = await open("templates?tz=UTC");
  await ready(page);
  const people = Array.from({ length: 9 }, (_, person) => person);
  assert.deepEqual((await table(page, "user-activity")).rows, people.toReversed().map((person) => [figures.name(person), figures.seconds(person)]));
  const { rows } = await table(page, "latency");
  const sampled = people.filter((person) => figures.p50(person) >= 0).reverse();
  assert.deepEqual(rows.map((row) => row.slice(0, 3)), [...sampled.map((person) => [figures.name(person), figures.p50(person), figures.p95(person)]), [figures.name(6), null, null]]);
  assert.equal(await page.locator("#latency tbody tr", { hasText: "user6" }).locator("data").count(), 0);
  for (const [, p50, , band] of rows) assert.match(band, p50 === null ? /no sample/ : p50 < 150 ? /^good/ : p50 < 300 ? /^noticeable/ : /^slow/);
  assert.deepEqual((await table(page, "apps")).rows, appRows({ apps_usage: figures.apps.map(([type, , display_name, , seconds, times_used]) => ({ type, display_name, seconds, times_used })) }));
  assert.deepEqual((await table(page, "parameters")).rows, [
    ["Region", "string", "Europe (eu)", 7],
    ["Region", "string", "America (us)", 2],
    ["Region", "string", "mars (no longer an option)", 1],
    ["dotfiles", "string", "“” (empty)", 4],
    ["dotfiles", "string", "http://example.com/plain", 1],
    ["dotfiles", "string", "https://example.com/dotfiles", 1],
    ["Tools", "list(string)", "go, rust", 3],
    ["Tools", "list(string)", "not json", 1],
    ["Spot", "bool", "True", 3],
    ["Spot", "bool", "False", 2],
  ]);
  // One picture, of Coder's own and through the page's own origin, and one way out.
  const image = page.locator("img");
  assert.deepEqual(await image.evaluateAll((all) => all.map((one) => [one.getAttribute("src"), one.alt, one.closest("td").textContent])), [["/icon/europe.svg", "", "Europe (eu)"]]);
  await image.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector("img").naturalWidth > 0);
  assert.deepEqual(await page.locator("#parameters tbody a").evaluateAll((all) => all.map((one) => [one.href, one.target, one.rel])), [["https://example.com/dotfiles", "_blank", "external noopener noreferrer"]]);
  await wellFormed(page);
  await finish(page);
});

test("a range longer than the server's memory says so, and shows what there is", async () => {
  const { open } = await deployment();
  const page = await open("?range=90d&interval=day&tz=UTC");
  await ready(page);
  for (const id of ["user-status", "daus"]) {
    assert.match(await (await reaches(page, id, "partial")).innerText(), /Last 61 days only: the server tells no more/);
    assert.deepEqual((await table(page, id)).rows.map((row) => row[0]), days("2026-09-21", "2026-11-20"));
  }
  assert.equal((await table(page, "active-users")).rows.length, 90);
  await finish(page);
});

test("an old server's figures are the same", async () => {
  const { fake, open } = await deployment({ old: true });
  const page = await open("?tz=Europe/Berlin&compare=none");
  await ready(page);
  assert.deepEqual(fake.asked("statuses"), ["timezone=Europe/Berlin", "tz_offset=1"]);
  const range = days("2026-10-24", "2026-11-20");
  assert.deepEqual((await table(page, "daus")).rows, range.map((day) => [day, figures.dau(day), day === range.at(-1) ? "so far" : null]));
  // Dormant and suspended came as one point each, 60 days ago; active came backwards.
  assert.deepEqual((await table(page, "user-status")).rows.map((row) => row.slice(0, 4)), range.map((day) => [day, figures.active(day), figures.dormant, figures.suspended]));
  const text = await page.locator("#user-status").innerText();
  assert.match(text, /00:00 at UTC\+01:00/);
  assert.match(text, /whole hours only/);
  assert.match(text, /no licence, so there is no seat limit/);
  const { seats } = await tiles(page);
  assert.deepEqual([seats.value, seats.detail], [null, "No licence"]);
  await wellFormed(page);
  await finish(page, [/^400: GET \S+user-status-counts\?timezone=/]);
});
