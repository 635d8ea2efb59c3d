// A Windsurf and a company's user-metrics API that are none, with figures one can check.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export const COMPANY = "f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a";

/** A key of a person, as Windsurf sends one for everybody: it must be nowhere on the page. */
export const personKey = (person) => `0ddba11-person-key-${person}`;

/** The users of the team: days of use in the range, credits, and the words of the wire. */
export const seats = Array.from({ length: 9 }, (_, person) => ({
  name: `fern-${person}`,
  email: `fern-${person}@example.com`,
  lastUpdateTime: "2026-11-19T10:00:00.771591Z",
  apiKey: personKey(person),
  role: person === 0 ? "admin" : "member",
  signupTime: "2025-01-15T08:30:00Z",
  // Absent is 0, and a number may be a text.
  ...(person % 3 === 2 ? {} : { activeDays: person % 2 ? String(person + 1) : person + 1, lastAutocompleteUsageTime: "2026-11-18T10:00:00Z", promptCreditsUsed: person * 100 }),
  ...(person === 4 ? { disableCodeium: true } : {}),
  teamStatus: `USER_TEAM_STATUS_${["APPROVED", "APPROVED", "APPROVED", "PENDING", "APPROVED", "REJECTED", "APPROVED", "UNSPECIFIED", "ON_LOAN"][person]}`,
}));

/** Members of the company, most recently active first. */
export const member = (place) => ({
  user_id: `00000000-0000-0000-0000-${String(place).padStart(12, "0")}`,
  email: `fern-${place}@example.com`,
  first_name: "fern",
  last_name: String(place),
  last_active: place % 50 === 49 ? null : new Date(Date.UTC(2026, 10, 20) - place * 3_600_000).toISOString(),
  total_sessions: 10 + place,
  sessions_this_month: place % 7,
  avg_session_duration: place === 1 ? "1 02:03:04" : "00:23:15",
  status: ["active", "active", "active", "inactive", "pending"][place % 5],
  role: "member",
  department: place % 4 ? "Platform" : null,
  created_at: "2024-01-15T09:00:00Z",
  last_login: null,
});

async function server(answer) {
  const requests = [];
  let behaviour;
  const http = createServer(async (req, res) => {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const [path, query = ""] = req.url.split("?");
    const request = { method: req.method, path, query: new URLSearchParams(query), headers: req.headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const special = behaviour?.(request);
    if (special?.delay) await sleep(special.delay);
    const { status = 200, type = "application/json", headers = {}, body } = special?.body === undefined ? answer(request) : special;
    res.writeHead(status, { "Content-Type": type, ...headers });
    res.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  // Never by itself: the proxy in front could be about to use the connection.
  http.keepAliveTimeout = 0;
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    /** Everything asked so far. */
    requests,
    /** Answers as `behave` says where it returns `{ status, type, headers, body, delay }`; `undefined` for the usual. */
    behave: (how) => (behaviour = how),
    close: () =>
      new Promise((done) => {
        http.close(done);
        http.closeAllConnections();
      }),
  };
}

/** Starts a Windsurf. It wants `key` as `service_key` in the body, and answers errors with status 200. */
export function windsurf({ key }) {
  return server(({ method, path, body }) => {
    if (method !== "POST" || path !== "/api/v1/UserPageAnalytics") return { status: 404, body: { error: "no such method" } };
    const fields = JSON.parse(body);
    if (fields.service_key !== key) return { body: { error: "invalid service key" } };
    const times = [fields.start_timestamp, fields.end_timestamp];
    if (times.some((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time))) return { body: { error: "invalid timestamp format" } };
    return { body: { userTableStats: seats, billingCycleStart: "2026-11-01T00:00:00Z", billingCycleEnd: "2026-12-01T00:00:00Z" } };
  });
}

/** The errors of the company's API, as described. */
export const errors = {
  400: { detail: "Invalid query parameters.", code: "validation_error", errors: { date_from: ["Enter a valid date format (YYYY-MM-DD)."], page_size: ["Ensure this value is less than or equal to 100."] } },
  401: { detail: "Authentication credentials were not provided.", code: "authentication_required" },
  403: { detail: "You do not have permission to access this company's user metrics.", code: "permission_denied", company_id: COMPANY },
  404: { detail: "Company not found or you don't have access to it.", code: "company_not_found" },
  429: { detail: "Rate limit exceeded. Try again in 2 seconds.", code: "rate_limit_exceeded", retry_after: 2 },
};

/** Starts a company of so many members. It wants `token` as bearer, and `next` leads astray. */
export function company({ token, count = 247 }) {
  const base = `/api/v2/companies/${COMPANY}/user-metrics/`;
  return server(({ method, path, query, headers }) => {
    const refuse = (status) => ({ status, body: { ...errors[status], timestamp: "2026-11-20T14:25:00Z" } });
    if (headers.authorization !== `Bearer ${token}`) return refuse(401);
    if (method === "POST" && path === `${base}refresh/`) return { status: 202, body: {} };
    if (method === "GET" && path === `${base}export/`) return { type: "text/csv", body: "email,sessions\r\nfern-0@example.com,10\r\n" };
    if (method !== "GET" || path !== base) return refuse(404);
    const [page, size] = [Number(query.get("page") ?? 1), Number(query.get("page_size") ?? 20)];
    if (size > 100 || !/^\d{4}-\d\d-\d\d$/.test(query.get("date_from"))) return refuse(400);
    const [status, order] = [query.get("status"), query.get("ordering") ?? "-last_active"];
    const all = Array.from({ length: count }, (_, place) => member(place)).filter((row) => !status || row.status === status);
    const sorted = order.endsWith("total_sessions") ? all.sort((a, b) => a.total_sessions - b.total_sessions) : all;
    if (order === "-total_sessions" || order === "last_active") sorted.reverse();
    const next = page * size < all.length ? `https://elsewhere.example.com${base}?page=${page + 1}` : null;
    return { body: { count: all.length, next, previous: null, results: sorted.slice((page - 1) * size, page * size) } };
  });
}
