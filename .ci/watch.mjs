// Which places of the program the first view reaches: opens it in Chromium, as ordinary deployments show it.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed, open, quit, ready } from "../tests/e2e/browser.mjs";
import { coder } from "../tests/e2e/coder.mjs";
import { watched } from "./cut.mjs";
import { serve } from "./serve.mjs";

/** A Coder without a licence limits no seats. */
const unlimited = (endpoint, answer) => (endpoint === "entitlements" ? { ...answer, features: {} } : answer);
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const FIGURES = ["amount", "count", "active_users", "seconds", "limit", "actual"];
/** Far more of everything than fits into one leaf of a tree, figures of many digits, answers that say more than is asked. */
const large = (endpoint, answer) => {
  const more = (count, kind, list) => Array.from({ length: count }, (_, place) => ({ ...list[place % list.length], id: uuid((place * 7) % count), name: `${kind}-${place}`, display_name: `${kind} ${place} – Größe` }));
  if (endpoint === "templates") answer = more(60, "template", answer);
  if (endpoint === "organizations") answer = more(40, "organization", answer);
  if (endpoint === "insights" && answer.report) answer.report.apps_usage.push(...more(40, "app", answer.report.apps_usage.slice(-1)).map((app) => ({ ...app, slug: app.name })));
  if (endpoint === "daus") {
    const before = (place) => new Date(Date.parse(answer.entries[0].date) - (place + 1) * 86_400_000).toISOString().slice(0, 10);
    answer.entries.unshift(...Array.from({ length: 4000 }, (_, place) => ({ date: before(place), amount: place })).reverse());
  }
  const further = Object.fromEntries(Array.from("afkpuz_~", (letter) => [1, 2, 3].map((number) => [`${letter}${number}`, null])).flat());
  const fuller = (value, name) => {
    if (Array.isArray(value)) return value.map((one) => fuller(one));
    if (value === null || typeof value !== "object") return FIGURES.includes(name) ? value * 1234 : value;
    return { ...further, ...Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fuller(one, key)])) };
  };
  return fuller(answer);
};
/** Answers whose lists are in no order, with a day that is said twice. */
const untidy = (endpoint, answer) => {
  const mixed = (list) => [...list.filter((_, place) => place % 3 === 1), ...list.filter((_, place) => place % 3 !== 1).reverse(), ...list.slice(0, 1)];
  if (endpoint === "statuses") return { status_counts: Object.fromEntries(Object.entries(answer.status_counts).map(([status, counts]) => [status, mixed(counts)])) };
  if (endpoint === "daus") return { ...answer, entries: mixed(answer.entries) };
  return endpoint === "templates" || endpoint === "organizations" ? mixed(answer) : answer;
};
/** A server that counts by the days of another zone than the one asked for. */
const elsewhere = (endpoint, answer) => {
  if (endpoint !== "insights") return answer;
  const moved = (text) => `${text.slice(0, 10)}T05:00:00Z`;
  const span = (one) => one && { ...one, start_time: moved(one.start_time), end_time: moved(one.end_time) };
  return { report: span(answer.report), interval_reports: answer.interval_reports?.map(span) };
};
/** A server that has not counted the running day yet, and has lost one before. */
const patchy = (endpoint, answer) => {
  const some = (list) => list?.filter((_, place) => place !== 3 && place !== list.length - 1);
  if (endpoint === "daus") return { ...answer, entries: some(answer.entries) };
  return endpoint === "insights" ? { ...answer, interval_reports: some(answer.interval_reports) } : answer;
};
/** Whether an answer is about days before the range, with which it is compared. */
const isBefore = (answer, now) => Date.parse(now) - Date.parse(answer.report?.start_time) > 40 * 86_400_000;
/** A server that has not been there for long: nothing to compare with. */
const young = (now) => (endpoint, answer) => {
  // Days come newest first: these are all of another time than the range.
  if (endpoint === "daus") return { ...answer, entries: answer.entries.slice(-12) };
  return endpoint === "insights" && isBefore(answer, now) ? { report: null, interval_reports: [] } : answer;
};
/** A cache in front of a server that takes all ranges of the same length for one. */
const stuck = (now) => (endpoint, answer) => {
  if (endpoint !== "insights" || !isBefore(answer, now)) return answer;
  const moved = (text) => new Date(Date.parse(text) + 28 * 86_400_000).toISOString();
  const span = (one) => ({ ...one, start_time: moved(one.start_time), end_time: moved(one.end_time) });
  return { report: span(answer.report), interval_reports: answer.interval_reports?.map(span) };
};
/** Numbers from 0 to 1, the same ones in each build. */
function numbers(seed) {
  let last = seed + 1;
  return () => (last = (last * 48271) % 0x7fffffff) / 0x7fffffff;
}
/** Figures of any size and course: what is written and drawn hangs on them in many ways. */
const any = (seed) => {
  const next = numbers(seed * 7919);
  const [most, zeros, gaps] = [10 ** (6 * next()), next() < 0.5 ? 0 : next(), next() < 0.7 ? 0 : 0.1];
  const figure = () => (next() < zeros ? 0 : Math.round(next() * most));
  const drawn = (value, name) => {
    if (Array.isArray(value)) return (["entries", "interval_reports"].includes(name) ? value.filter(() => next() >= gaps) : value).map((one) => drawn(one));
    if (value === null || typeof value !== "object") return FIGURES.includes(name) ? figure() : value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, drawn(one, key)]));
  };
  return (_, answer) => drawn(answer);
};
const DEPLOYMENTS = [
  { people: 400, accounts: 900, change: large },
  { people: 6 },
  { people: 40, change: untidy },
  { people: 40, change: elsewhere },
  { people: 40, change: patchy },
  { people: 40, changeAt: young },
  { people: 40, changeAt: stuck },
  { people: 1, change: unlimited },
  { people: 0 },
];
/** A machine so slow that each look at the clock finds a slice of work at its end. */
const slowly = (page) =>
  page.addInitScript(() => {
    const now = performance.now.bind(performance);
    let lost = 0;
    performance.now = () => now() + (lost += 10);
  });
/** A browser without what not all have. */
const sparsely = (page) =>
  page.addInitScript(() => {
    delete globalThis.Temporal;
    delete globalThis.requestIdleCallback;
  });
const CONFIG = {
  version: 1,
  title: "Metrics",
  timezone: "browser",
  locale: "browser",
  default_range: "28d",
  refresh_seconds: 300,
  privacy: { mode: "full", min_group: 5 },
  sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" }],
  embed: { parents: ["https://admin.example.com"] },
};
/** The least that it may say. */
const PLAIN = { version: 1, sources: CONFIG.sources };
const VISITORS = [
  { locale: "en-US", timezoneId: "America/New_York" },
  // On a slow machine answers are read in slices.
  { locale: "en-GB", timezoneId: "UTC", prepare: slowly },
  { locale: "de-DE", timezoneId: "Asia/Kathmandu", viewport: { width: 390, height: 844 }, colorScheme: "dark", prepare: sparsely },
  { locale: "ja-JP", timezoneId: "Australia/Lord_Howe", viewport: { width: 800, height: 600 } },
  { locale: "ar-EG", timezoneId: "Africa/Cairo" },
  { locale: "hi-IN", timezoneId: "Asia/Kolkata" },
];
/** When they come: which days and months a range cuts, and which of them are over, must not hang on the day of the build. */
const MOMENTS = [
  "2026-11-20T14:25:00Z", "2027-02-01T09:00:00Z", "2027-04-05T22:59:00Z", "2026-12-31T23:50:00Z", "2027-03-28T00:40:00Z", "2027-01-03T12:00:00Z",
  "2028-02-29T18:30:00Z", "2026-10-26T05:10:00Z", "2027-06-09T21:15:00Z", "2027-08-12T03:05:00Z", "2027-03-16T16:45:00Z",
];

/** Delays in milliseconds, the same ones in each build. Charts are rehearsed while answers are on their way, if they take long. */
function delays(seed) {
  const [least, most] = seed % 2 === 0 ? [300, 1200] : [0, 60];
  const next = numbers(seed);
  return () => Math.round(least + next() * (most - least));
}

/**
 * First views that are to be light: what is seen in one of them comes at once, all else later. Some come now: with a clock that
 * stands still, timers that are stopped are never dropped.
 */
const ANY = Array.from({ length: 48 }, (_, seed) => [{ people: [1, 2, 3, 7, 30, 400][seed % 6], change: any(seed) }, VISITORS[seed % 4]]);
const VISITS = [...DEPLOYMENTS.flatMap((deployment) => VISITORS.map((visitor) => [deployment, visitor])), ...ANY].map((visit, place) => [...visit, place % 8 === 7 ? undefined : MOMENTS[place % MOMENTS.length]]);

/**
 * The places that are reached, by the numbers that `watched` gives them; nothing where there is no Chromium.
 *
 * - `dir`: the files of the page, with the program that `bytes` are in the file `wasm`, and the script `js` beside it.
 * - `loader`: the text of the script that loads parts.
 */
export async function firstView({ dir, wasm, js, bytes, loader }) {
  if (!installed("chromium")) return undefined;
  const dist = await mkdtemp(join(tmpdir(), "metrics-watch-"));
  const closing = [];
  try {
    await cp(dir, dist, { recursive: true });
    const { bytes: talking, base, count } = watched(bytes);
    await writeFile(join(dist, wasm), talking);
    // What the program wrote while it ran is read from its memory.
    const say = `globalThis.reached = () => [...new Uint8Array(initSync().memory.buffer, ${base}, ${count}).entries()].filter(([, said]) => said).map(([place]) => place);\n`;
    await writeFile(join(dist, "__wasm_split.js"), loader.replace("./metrics.js", `./${js}`) + say);
    const reached = new Set();
    const pay = async (place, [deployment, visitor, now]) => {
      const change = deployment.changeAt?.(now ?? new Date()) ?? deployment.change;
      const fake = await coder({ ...deployment, change, now });
      closing.push(fake.close);
      // Some servers answer at once.
      if (![1, 3].includes(place % 5) && place < VISITS.length - ANY.length) fake.behave("*", undefined, { delay: delays(place) });
      const server = await serve({ dist, config: place % 5 === 0 ? PLAIN : CONFIG, proxy: ["/api/v2/", "/icon/"].map((path) => ({ path, target: fake.url })) });
      closing.push(server.close);
      // The browser drops what scripts hold no longer, at any time, and has the program do the same.
      let isThere = false;
      const prepare = async (page) => {
        await visitor.prepare?.(page);
        const browser = await page.context().newCDPSession(page);
        const tidy = () => browser.send("HeapProfiler.collectGarbage").then(() => isThere || setTimeout(tidy, 40), () => {});
        tidy();
      };
      const page = await open("", { server, now, ...visitor, prepare });
      await ready(page);
      const states = await page.locator("section[data-state]").evaluateAll((panels) => panels.map((panel) => panel.dataset.state));
      if (states.length === 0 || states.some((state) => !["ready", "empty", "partial"].includes(state))) throw new Error(`the first view is not what it should be: ${states} ${page.problems}`);
      // What the first view does not show is built right after it.
      await page.locator("[data-range]").first().waitFor({ state: "attached" });
      isThere = true;
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
      // A page that is left early waits for nothing any more. Some time has passed by then.
      if (now) await page.clock.setFixedTime(new Date(Date.parse(now) + 5000));
      await page.evaluate(() => ["visibilitychange", "pagehide"].map((name) => document.dispatchEvent(new Event(name, { bubbles: true }))));
      for (const place of await page.evaluate(() => globalThis.reached())) reached.add(place);
      await page.context().close();
    };
    // They mostly wait for answers.
    const waiting = [...VISITS.entries()];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await pay(...next);
    };
    await Promise.all([work(), work(), work(), work()]);
    return reached;
  } finally {
    await quit();
    for (const close of closing.reverse()) await close();
    await rm(dist, { recursive: true });
  }
}
