// A Coder server that is not one: as strict about queries, as varied in its failures, and with figures one can check.
//
// It answers by the range asked for with figures that follow from the day (see `figures`), or with recorded answers
// of tests/fixtures/coder, whatever the range. Each endpoint can be told to misbehave.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const id = (number) => `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
const isoDay = (ms) => new Date(ms).toISOString().slice(0, 10);
const dayOfMonth = (day) => Number(day.slice(8));

/** The figures behind the answers. Days are `YYYY-MM-DD`, people count from 0. */
export const figures = {
  dau: (day) => 20 + dayOfMonth(day),
  active: (day) => 30 + dayOfMonth(day),
  dormant: 5,
  suspended: 2,
  seatsUsed: 47,
  seatLimit: 60,
  activeOn: (day) => 3 + (dayOfMonth(day) % 10),
  activeInRange: (days) => 12 + days,
  seconds: (person) => 3600 * (person + 1) + 90 * person,
  p50: (person) => (person % 7 === 6 ? -1 : 20 + 35 * person + 0.25),
  p95: (person) => (person % 7 === 6 ? -1 : 60 + 70 * person + 0.5),
  name: (person) => ["ada", "=cmd|' /C calc'!A0", "Zoë Müller", "<img src=x onerror=alert(1)>", "山田太郎"][person] ?? `user${person}`,
  // Every tenth account was never used, every twenty-third is suspended; the others were seen up to 119 days ago.
  idle: (person) => (person % 10 === 9 ? null : (person * 7) % 120),
  status: (person) => (person % 23 === 5 ? "suspended" : figures.idle(person) === null || figures.idle(person) >= 90 ? "dormant" : "active"),
  templates: [
    { id: id(1), name: "kubernetes", display_name: "Kubernetes", organization_id: id(11) },
    { id: id(2), name: "docker", display_name: "", organization_id: id(11) },
    { id: id(3), name: "gpu", display_name: "GPU, large", organization_id: id(12) },
  ],
  organizations: [
    { id: id(11), name: "default", display_name: "Default", is_default: true },
    { id: id(12), name: "research", display_name: "Research & Co", is_default: false },
  ],
  apps: [
    ["builtin", "vscode", "Visual Studio Code", "/icon/code.svg", 36_000, 0],
    ["builtin", "jetbrains", "JetBrains", "/icon/intellij.svg", 7_200, 0],
    ["builtin", "reconnecting-pty", "Web Terminal", "/icon/terminal.svg", 45, 0],
    ["builtin", "ssh", "SSH", "/icon/terminal.svg", 0, 0],
    ["builtin", "sftp", "SFTP", "/icon/terminal.svg", 0, 0],
    ["app", "code-server", "code-server", "", 18_000, 14],
    ["app", "code-server", "Code in the browser", "", 60, 1],
  ],
};

/** A recorded answer of tests/fixtures/coder, by name without `.json`. */
export function recorded(name) {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../fixtures/coder/${name}.json`, import.meta.url)), "utf8"));
}

/**
 * Starts a server.
 *
 * - `now`: its clock, a date or text, or a function that gives one; by default the true one.
 * - `people`: how many with use.
 * - `accounts`: how many there are on the roster, those people first; as many unless given.
 * - `old`: answers like a server of early 2024: no `timezone`, no `times_used`, timestamps in place of days.
 * - `fixtures`: `{ insights: "insights-week", activity: "activity-week" }` to answer with recordings.
 * - `token`: if set, the session token that every request but the version must carry.
 * - `roles`: site-wide roles of the caller.
 * - `change`: called with endpoint and answer, gives the answer to send in its place.
 */
export async function coder({ now, people = 6, accounts = people, old = false, fixtures = {}, token, roles = ["owner"], change = (_, answer) => answer } = {}) {
  const clock = () => {
    const time = typeof now === "function" ? now() : now;
    return time === undefined ? Date.now() : new Date(time).getTime();
  };
  const requests = [];
  const behaviours = new Map();
  const state = { clock, people, accounts, old, fixtures, roles };

  const server = createServer(async (req, res) => {
    const [path, query = ""] = req.url.split("?");
    const found = ENDPOINTS.find(([, method, pattern]) => method === req.method && pattern.test(path));
    const endpoint = found?.[0] ?? "unknown";
    const request = { endpoint, method: req.method, path, query, headers: req.headers, at: Date.now(), state: "running" };
    requests.push(request);
    res.on("close", () => (request.state = res.writableFinished ? "answered" : "aborted"));

    const behaviour = behaviours.get(endpoint) ?? behaviours.get("*");
    if (behaviour && behaviour.times !== undefined && --behaviour.times <= 0) behaviours.delete(behaviours.has(endpoint) ? endpoint : "*");
    if (behaviour?.delay) await sleep(typeof behaviour.delay === "function" ? behaviour.delay() : behaviour.delay);
    if (res.destroyed) return;
    if (behaviour?.what) return misbehave(behaviour.what, res, behaviour);
    if (!found) return json(res, 404, { message: "Route not found." });
    if (token && endpoint !== "build" && endpoint !== "icon" && sessionToken(req) !== token) {
      return misbehave("unauthorized", res);
    }
    const params = new URLSearchParams(query);
    const refusal = found[4] ? check(endpoint, params, found[4](state), clock()) : undefined;
    if (refusal) return json(res, 400, refusal);
    // Who does not see all insights must name templates, and gets the 404 that hides a missing permission.
    const seesAll = roles.some((role) => ["owner", "auditor", "template-admin"].includes(role));
    if (found[4]?.(state).start_time && !seesAll && list(params.getAll("template_ids")).length === 0) return misbehave("hidden", res);
    const answer = change(endpoint, found[3](params, state, path));
    if (answer === null) return misbehave("hidden", res);
    if (typeof answer === "string") {
      res.writeHead(200, { "Content-Type": "image/svg+xml" });
      res.end(answer);
    } else {
      json(res, 200, answer);
    }
  });
  // Never by itself: the proxy in front could be about to use the connection.
  server.keepAliveTimeout = 0;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Everything asked so far: `{ endpoint, method, path, query, headers, at, state }`. */
    requests,
    /** The query strings an endpoint was asked with. */
    asked: (endpoint) => requests.filter((request) => request.endpoint === endpoint).map((request) => request.query),
    /**
     * Makes an endpoint (or `"*"`, all of them) misbehave until told otherwise, or `times` times. `what` is one of
     * the keys of MISBEHAVIOUR, or a function of the response; without it there is only the `delay`: milliseconds, or a
     * function that tells them.
     */
    behave: (endpoint, what, { delay, times, ...more } = {}) => behaviours.set(endpoint, { what, delay, times, ...more }),
    /** Makes an endpoint well again. */
    heal: (endpoint) => (endpoint === undefined ? behaviours.clear() : behaviours.delete(endpoint)),
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

/** As the real one: a cookie, even a stale one, beats the header. */
function sessionToken(req) {
  const cookie = /(?:^|;\s*)coder_session_token=([^;]*)/.exec(req.headers.cookie ?? "");
  return cookie ? cookie[1] : req.headers["coder-session-token"];
}

/** As Go writes it: short answers say how long they are. */
function json(res, status, body, headers = {}) {
  const text = Buffer.from(JSON.stringify(body));
  const length = text.length < 2048 ? { "Content-Length": text.length } : {};
  res.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...length, ...headers });
  res.end(text);
}

const MISBEHAVIOUR = {
  unauthorized: (res) => json(res, 401, { message: "You are signed out or your session has expired. Please sign in again to continue." }),
  forbidden: (res) => json(res, 403, { message: "Forbidden.", detail: "You don't have permission to view this content. If you believe this is a mistake, please contact your administrator or try signing in with different credentials." }),
  hidden: (res) => json(res, 404, { message: "Resource not found or you do not have access to this resource" }),
  missing: (res) => json(res, 404, { message: "Route not found." }),
  disabled: (res) => json(res, 404, { message: "Not Found.", detail: "Template insights are disabled." }),
  limited: (res, { retryAfter = 30 }) => json(res, 429, { message: "You've been rate limited for sending too many requests!" }, { "Retry-After": String(retryAfter) }),
  // The handler of the real server goes on after its first answer.
  broken: (res) => {
    const error = JSON.stringify({ message: "Internal error fetching deployment DAUs.", detail: "pq: connection refused" });
    res.writeHead(500, { "Content-Type": "application/json; charset=utf-8" });
    res.end(`${error}\n{"entries":null,"tz_hour_offset":0}\n`);
  },
  login: (res) => {
    res.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    res.end("<!doctype html><title>Sign in</title><h1>Sign in to continue</h1>");
  },
  garbage: (res) => {
    res.writeHead(200, { "Content-Type": "application/json" });
    res.end('{"entries":[{"date":"2026-11-20","amount":"many"}],"report":7,"status_counts":[]}');
  },
  half: (res) => {
    res.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
    res.write('{"entries":[');
    setTimeout(() => res.destroy(), 20);
  },
  huge: async (res, { bytes = 50_000_000 }) => {
    res.writeHead(200, { "Content-Type": "application/json" });
    res.write('{"padding":"');
    const chunk = "x".repeat(1_000_000);
    for (let sent = 0; sent < bytes && !res.destroyed; sent += chunk.length) {
      if (!res.write(chunk)) await Promise.race([new Promise((done) => res.once("drain", done)), new Promise((done) => res.once("close", done))]);
    }
    res.end('"}');
  },
  never: () => {},
};

function misbehave(what, res, options = {}) {
  if (typeof what === "function") return what(res);
  if (!MISBEHAVIOUR[what]) throw new Error(`no such behaviour: ${what}`);
  return MISBEHAVIOUR[what](res, options);
}

// Queries: the rules of coderd/insights.go and coderd/httpapi/queryparams.go, in their order.

function check(endpoint, params, keys, now) {
  const wrong = [];
  for (const key of new Set(params.keys())) {
    if (!(key in keys)) wrong.push({ field: key, detail: `Query param "${key}" is not a valid query param` });
  }
  for (const [key, kind] of Object.entries(keys)) {
    const values = params.getAll(key);
    if (kind === "time!" && !values[0]) wrong.push({ field: key, detail: `Query param "${key}" is required and cannot be empty` });
    else if (values.length > 1 && !kind.endsWith("[]")) wrong.push({ field: key, detail: `Query param "${key}" provided more than once, found ${values.length} times. Only provide 1 instance of this query param.` });
    else if (kind === "int" && values[0] && !/^[+-]?\d+$/.test(values[0])) wrong.push({ field: key, detail: `Query param "${key}" must be a valid integer: strconv.ParseInt: parsing "${values[0]}": invalid syntax` });
    else if (kind === "time!" && !time(values[0])) wrong.push({ field: key, detail: `Query param "${key}" must be a valid date format (2006-01-02T15:04:05Z07:00): parsing time "${values[0]}"` });
    else if (kind === "uuid[]" && list(values).some((value) => !UUID.test(value))) wrong.push({ field: key, detail: `Query param "${key}" has invalid values: invalid UUID length` });
  }
  if (wrong.length > 0) return { message: "Query parameters have invalid values.", validations: wrong };
  const refuse = (field, detail) => ({ message: "Query parameter has invalid value.", validations: [{ field, detail }] });

  if (keys.timezone && params.get("timezone")) {
    if (Number(params.get("tz_offset") ?? 0) !== 0) return { message: 'Provide either "timezone" or "tz_offset", not both.' };
    try {
      new Intl.DateTimeFormat("en", { timeZone: params.get("timezone") });
    } catch {
      return { message: "Invalid timezone.", detail: `unknown time zone ${params.get("timezone")}` };
    }
  }
  if (!keys.start_time) return undefined;

  const [start, end] = [time(params.get("start_time")), time(params.get("end_time"))];
  const latest = Math.floor(now / HOUR) * HOUR + HOUR;
  for (const [field, moment] of [["start_time", start], ["end_time", end]]) {
    if (moment.instant === time("0001-01-01T00:00:00Z").instant) return refuse(field, "must be after 0001-01-01");
    if (moment.instant > latest) return refuse(field, `must not be in the future`);
    const isToday = moment.day === isoDay(now + moment.offset);
    const isWhole = moment.clock === "00:00:00" || (field === "end_time" && isToday && moment.clock.endsWith(":00:00"));
    if (!isWhole) return refuse(field, field === "end_time" && isToday ? "clock must be on the hour" : "clock must be 00:00:00");
  }
  if (end.instant < start.instant) return refuse("end_time", "must be before or equal to start_time");

  const interval = params.get("interval") ?? "";
  if (!["", "day", "week"].includes(interval)) return refuse("interval", 'must be one of "day", "week"');
  if (interval === "week") {
    const rest = (end.instant - start.instant) % (7 * DAY);
    const isSixDays = Date.parse(end.day) - Date.parse(start.day) === 6 * DAY;
    if (rest !== 0 && rest < 6 * DAY && !isSixDays) return { message: "Query parameter has invalid value.", detail: "Last report interval should have at least 6 days." };
  }
  const unknown = list(params.getAll("sections")).find((section) => !["interval_reports", "report"].includes(section));
  return unknown ? refuse("sections", `must be one of "interval_reports", "report"`) : undefined;
}

function list(values) {
  return values.flatMap((value) => value.split(",")).map((value) => value.trim()).filter(Boolean);
}

/** RFC 3339 as Go reads it: the instant, and what the clock and the calendar of its offset show. */
function time(text) {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text ?? "");
  if (!parts || Number.isNaN(Date.parse(text))) return undefined;
  const [, day, clock, zone] = parts;
  const offset = zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * HOUR + Number(zone.slice(4)) * 60_000);
  return { day, clock, zone, offset, instant: Date.parse(text) };
}

// Answers.

const SPAN = { start_time: "time!", end_time: "time!", template_ids: "uuid[]" };

/** Name, method, path, answer, and the query keys of those that refuse others. */
const ENDPOINTS = [
  ["build", "GET", /^\/api\/v2\/buildinfo$/, (_, { old }) => ({ version: old ? "v2.8.3+1a2b3c4" : "v2.38.1+5f3e1a2", deployment_id: old ? undefined : id(99), dashboard_url: "https://coder.example.com" })],
  ["me", "GET", /^\/api\/v2\/users\/me$/, (_, { roles }) => ({
    id: id(21), username: "admin", name: "", email: "admin@example.com", avatar_url: "", status: "active", login_type: "password",
    roles: roles.map((name) => ({ name, display_name: name })), organization_ids: figures.organizations.map((one) => one.id),
  })],
  ["users", "GET", /^\/api\/v2\/users$/, users],
  ["user", "GET", /^\/api\/v2\/users\/[^/]+$/, (_, state, path) => Array.from({ length: state.accounts }, (_, person) => person).filter((person) => path.endsWith(id(100 + person))).map((person) => account(person, state))[0] ?? null],
  ["organizations", "GET", /^\/api\/v2\/organizations$/, () => figures.organizations],
  ["templates", "GET", /^\/api\/v2\/templates$/, () => figures.templates.map((one) => ({ ...one, icon: "", active_user_count: -1, deprecated: false }))],
  ["templates", "GET", /^\/api\/v2\/organizations\/[^/]+\/templates$/, (_, state, path) => figures.templates.filter((one) => path.includes(one.organization_id))],
  ["entitlements", "GET", /^\/api\/v2\/entitlements$/, (_, { old, clock }) => ({
    features: old ? {} : { user_limit: { entitlement: "entitled", enabled: true, limit: figures.seatLimit, actual: figures.seatsUsed } },
    warnings: [], errors: [], has_license: !old, trial: false, require_telemetry: false, refreshed_at: new Date(clock()).toISOString(),
  })],
  ["daus", "GET", /^\/api\/v2\/insights\/daus$/, daus, () => ({ tz_offset: "int" })],
  ["statuses", "GET", /^\/api\/v2\/insights\/user-status-counts$/, statuses, ({ old }) => (old ? { tz_offset: "int", interval: "int" } : { timezone: "text", tz_offset: "int", interval: "int" })],
  ["insights", "GET", /^\/api\/v2\/insights\/templates$/, insights, () => ({ ...SPAN, interval: "text", sections: "text[]" })],
  ["activity", "GET", /^\/api\/v2\/insights\/user-activity$/, (params, state) => byPerson(params, state, "activity", (person) => ({ seconds: figures.seconds(person) })), () => SPAN],
  ["latency", "GET", /^\/api\/v2\/insights\/user-latency$/, (params, state) => byPerson(params, state, "latency", (person) => ({ latency_ms: { p50: figures.p50(person), p95: figures.p95(person) } })), () => SPAN],
  ["icon", "GET", /^\/icon\/[a-z-]+\.svg$/, () => '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'],
];

function account(person, { clock }) {
  const idle = figures.idle(person);
  return {
    id: id(100 + person), username: figures.name(person), name: "", email: `person-${person}@example.com`, avatar_url: "",
    created_at: "2024-01-02T03:04:05Z", last_seen_at: idle === null ? "0001-01-01T00:00:00Z" : new Date(clock() - idle * DAY).toISOString(),
    status: figures.status(person), login_type: "password", organization_ids: [figures.organizations[person % 2].id], roles: [],
  };
}

function users(params, state) {
  const offset = Number(params.get("offset") ?? 0);
  const limit = Number(params.get("limit") || state.accounts);
  const rows = Array.from({ length: Math.max(0, Math.min(limit, state.accounts - offset)) }, (_, row) => account(offset + row, state));
  return { users: rows, count: state.accounts };
}

function daus(params, { clock, old }) {
  const offset = Number(params.get("tz_offset") ?? 0);
  const next = Math.floor(clock() / HOUR) * HOUR + HOUR;
  const today = Math.floor(next / DAY) * DAY;
  const entries = Array.from({ length: 61 }, (_, back) => today - back * DAY).filter((day) => day < next).map((day) => {
    // West of UTC the label is the day before: the buckets are UTC days all the same.
    const label = isoDay(day + offset * HOUR);
    return { date: old ? `${label}T00:00:00Z` : label, amount: figures.dau(isoDay(day)) };
  });
  return { entries: old ? entries.reverse() : entries, tz_hour_offset: offset };
}

function statuses(params, { clock, old }) {
  const zone = params.get("timezone") || "UTC";
  const fixed = params.get("timezone") ? undefined : Number(params.get("tz_offset") ?? 0) * HOUR;
  const offsetAt = (ms) => fixed ?? zoneOffset(zone, ms);
  const today = isoDay(clock() + offsetAt(clock()));
  const counts = { active: [], dormant: [], suspended: [] };
  for (let back = 60; back >= 0; back -= 1) {
    const day = isoDay(Date.parse(today) - back * DAY);
    const guess = Date.parse(day);
    const date = new Date(guess - offsetAt(guess - offsetAt(guess))).toISOString().replace(".000Z", "Z");
    counts.active.push({ date, count: figures.active(day) });
    // Old servers send a point only where a count changed.
    if (!old || back === 60) {
      counts.dormant.push({ date, count: figures.dormant });
      counts.suspended.push({ date, count: figures.suspended });
    }
  }
  if (old) counts.active.reverse();
  return { status_counts: counts };
}

function zoneOffset(zone, ms) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }).formatToParts(ms);
  const part = (type) => Number(parts.find((found) => found.type === type).value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(ms / 1000) * 1000;
}

function insights(params, { old, fixtures }) {
  if (fixtures.insights) return recorded(fixtures.insights);
  const [start, end] = [params.get("start_time"), params.get("end_time")];
  const zone = time(start);
  const templates = list(params.getAll("template_ids"));
  const ids = templates.length > 0 ? templates : figures.templates.map((one) => one.id);
  const step = { day: DAY, week: 7 * DAY }[params.get("interval")];
  const at = (ms) => `${new Date(ms + zone.offset).toISOString().slice(0, 19)}${zone.zone}`;
  const intervals = [];
  for (let from = zone.instant; step && from < time(end).instant; from += step) {
    const to = Math.min(from + step, time(end).instant);
    intervals.push({ start_time: at(from), end_time: at(to), template_ids: ids, interval: params.get("interval"), active_users: figures.activeOn(at(from).slice(0, 10)) });
  }
  const sections = list(params.getAll("sections"));
  const wants = (section) => sections.length === 0 || sections.includes(section);
  const days = Math.round((time(end).instant - zone.instant) / DAY);
  const report = {
    start_time: start, end_time: end, template_ids: ids, active_users: figures.activeInRange(days),
    apps_usage: figures.apps.filter((app) => !old || app[1] !== "sftp").map(([type, slug, display_name, icon, seconds, times_used]) => ({
      template_ids: seconds > 0 || old ? ids : [], type, display_name, slug, icon, seconds, ...(old ? {} : { times_used }),
    })),
    parameters_usage: [
      { template_ids: [id(1)], display_name: "Region", name: "region", type: "string", description: "Where it runs.", options: [{ name: "Europe", description: "", value: "eu", icon: "/icon/europe.svg" }, { name: "America", description: "", value: "us", icon: "https://elsewhere.example.com/who.png" }], values: [{ value: "eu", count: 7 }, { value: "us", count: 2 }, { value: "mars", count: 1 }] },
      { template_ids: [id(2)], display_name: "", name: "dotfiles", type: "string", description: "", values: [{ value: "", count: 4 }, { value: "https://example.com/dotfiles", count: 1 }, { value: "http://example.com/plain", count: 1 }] },
      { template_ids: [id(3)], display_name: "Tools", name: "tools", type: "list(string)", description: "", values: [{ value: '["go","rust"]', count: 3 }, { value: "not json", count: 1 }] },
      { template_ids: [id(3)], display_name: "Spot", name: "spot", type: "bool", description: "", values: [{ value: "false", count: 2 }, { value: "true", count: 3 }] },
    ],
  };
  return { ...(wants("report") ? { report } : {}), ...(wants("interval_reports") && intervals.length > 0 ? { interval_reports: intervals.reverse() } : {}) };
}

function byPerson(params, { people, fixtures }, name, more) {
  if (fixtures[name]) return recorded(fixtures[name]);
  const users = Array.from({ length: people }, (_, person) => ({ template_ids: [id(1)], user_id: id(100 + person), username: figures.name(person), avatar_url: "", ...more(person) }));
  return { report: { start_time: params.get("start_time"), end_time: params.get("end_time"), template_ids: [id(1)], users } };
}
