// A Coder v1 server that is not one: the activity API and the organizations, with figures one can check.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const DAY = 86_400_000;
const MINUTE = 60_000_000_000;
const CATEGORIES = ["ide", "login", "app", "tunnel", "web-terminal"];
const isoDay = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The figures behind the answers: people count from 0, days are `YYYY-MM-DD`. */
export const figures = {
  /** How many people an interval that begins on a day has. */
  people: (day, category) => 3 + (Number(day.slice(8)) % 5) - (category ? 1 + CATEGORIES.indexOf(category) % 2 : 0),
  minutes: (person) => 30 * (person + 1),
  name: (person) => ["fern-07", "=moss-11", "<b>reed-02</b>"][person] ?? `sedge-${person}`,
  organizations: [{ id: "60dd-a", name: "Platform" }, { id: "60dd-b", name: "Research & Co" }],
};

/**
 * Starts a server. Requests must carry `token` in the header `Session-Token`. `requests` has all that was asked,
 * `behave(what)` answers every request about activity with `[status, body, headers]`, or `undefined` to go back; a
 * function is asked with the query first.
 */
export async function coderV1({ token }) {
  const requests = [];
  let misbehaviour;
  const server = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url, "http://v1");
    const query = Object.fromEntries(searchParams);
    requests.push({ path: pathname, query, url: req.url, headers: req.headers });
    const send = (status, body, headers = {}) => {
      res.writeHead(status, { "Content-Type": "application/json", ...headers });
      res.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (req.headers["session-token"] !== token) return send(401, { error: { msg: "unauthorized", code: "session_expired", details: {} } });
    if (pathname === "/api/v0/orgs") return send(200, figures.organizations.map((one, place) => ({ ...one, default: place === 0, members: [] })));
    if (pathname !== "/api/private/metrics/activity") return send(404, { error: { msg: "route not found", code: "not_found" } });
    const wrong = typeof misbehaviour === "function" ? await misbehaviour(query) : misbehaviour;
    if (wrong) return send(...wrong);
    if (query.category && !CATEGORIES.includes(query.category)) return send(400, { error: { msg: "unknown category", code: "bad_request" } });
    send(200, activity(query));
  });
  // Never by itself: the proxy in front could be about to use the connection.
  server.keepAliveTimeout = 0;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    behave: (what) => (misbehaviour = what),
    close: () => new Promise((done) => server.close(done)),
  };
}

/** Waits before it answers as it should. */
export const slowly = (milliseconds, until = () => true) => async (query) => {
  if (until(query)) await sleep(milliseconds);
};

function activity({ start, end, interval, category }) {
  const [count, unit] = interval.split(" ");
  const length = Number(count) * { day: DAY, week: 7 * DAY }[unit];
  const intervals = [];
  const totals = [];
  for (let from = Date.parse(start); from < Date.parse(end); from += length) {
    const user_activity = Array.from({ length: figures.people(isoDay(from), category) }, (_, person) => {
      totals[person] = (totals[person] ?? 0) + figures.minutes(person);
      return { user_id: `id-${person}`, duration: figures.minutes(person) * MINUTE, count: figures.minutes(person) };
    });
    intervals.push({ time: new Date(from).toISOString().replace(".000", ""), duration: length * 1_000_000, user_activity });
  }
  const user = (minutes, person) => [
    person === 1 ? "needs-id" : `id-${person}`,
    {
      id: `id-${person}`, name: figures.name(person), username: figures.name(person), roles: ["site-member"], avatar_hash: "671b4b1d",
      // The last person's time is wrong.
      total_count: minutes, total_duration: person === totals.length - 1 ? MINUTE : minutes * MINUTE,
    },
  ];
  return { activity: intervals, users: Object.fromEntries(totals.map(user)) };
}
