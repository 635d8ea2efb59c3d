// Measures in headless Chromium how large answers load: `node tests/bench/large.mjs`, against dist/ and a server that makes
// them up: the table of 100,000 people, and a year of Coder v1 by day for 10,000 people. DIST=… takes other files, ONLY=v1 one
// of the two, PEOPLE=20000 another size of the first, CPU=4 slows the processor down. ORDER=name gives time and latency in another
// order than the roster, PRIVACY=pseudonym hides names.
//
// Tasks are those of the page's own thread from navigation until it is ready. The longest ones are given as they passed and
// as the processor worked for them, which hardly depends on what else the machine does. Memory is that of the program, which
// never shrinks, and the heap of scripts, against the bytes of all answers.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { median } from "./median.mjs";
import { launch, open, quit } from "../e2e/browser.mjs";
import { deployment } from "./deployment.mjs";

const dist = process.env.DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));
const people = Number(process.env.PEOPLE ?? 100_000);
const members = Number(process.env.MEMBERS ?? 10_000);
const days = Number(process.env.DAYS ?? 365);
const rounds = Number(process.env.ROUNDS ?? 3);
const slower = Number(process.env.CPU ?? 1);
const DAY = 86_400_000;

/** A year of days in which everybody did something, written while it is sent. */
async function activity(res, params) {
  const first = Date.parse(params.get("start"));
  const count = Math.round((Date.parse(params.get("end")) - first) / DAY);
  const id = (person) => `${String(person).padStart(8, "0")}-0123456789abcdef01234567`;
  const uses = Array.from({ length: 7 }, (_, kind) => {
    const use = (_, person) => `{"user_id":"${id(person)}","duration":${60e9 * (1 + ((person + kind) % 480))},"count":${1 + ((person + kind) % 480)}}`;
    return Buffer.from(Array.from({ length: members }, use).join());
  });
  let size = 0;
  const write = (part) => {
    size += part.length;
    if (res.write(part)) return undefined;
    return new Promise((done) => {
      const go = () => done(res.off("drain", go).off("close", go));
      res.on("drain", go).on("close", go);
    });
  };
  await write('{"activity":[');
  for (let day = 0; day < count && !res.destroyed; day += 1) {
    await write(`${day ? "," : ""}{"time":"${new Date(first + day * DAY).toISOString()}","duration":86400000000000,"user_activity":[`);
    await write(uses[day % 7]);
    await write("]}");
  }
  const user = (_, person) => `"${id(person)}":{"id":"${id(person)}","name":"Name ${person}","username":"user-${person}","roles":["site-member"],"avatar_hash":"","total_count":${240 * count},"total_duration":${240 * 60e9 * count}}`;
  await write(`],"users":{${Array.from({ length: members }, user).join()}}}`);
  res.end();
  return size;
}

let bytes = 0;
const answers = deployment(people, { byName: process.env.ORDER === "name" });
const api = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, "http://x");
  res.writeHead(200, { "Content-Type": "application/json" });
  if (pathname.endsWith("/metrics/activity")) {
    bytes += (await activity(res, searchParams)) ?? 0;
    return;
  }
  const body = pathname === "/api/v0/orgs" ? "[]" : answers(req.url);
  bytes += body.length;
  res.end(body);
});
await new Promise((done) => api.listen(0, "127.0.0.1", done));
const target = `http://127.0.0.1:${api.address().port}`;
const config = {
  version: 1,
  privacy: { mode: process.env.PRIVACY ?? "full" },
  sources: [
    { id: "coder", kind: "coder", label: "Coder", base_url: "/" },
    { id: "v1", kind: "coder-v1", label: "Coder v1", base_url: "/", auth: "proxy" },
  ],
};
const server = await serve({ dist, config, proxy: [{ path: "/api/", target }] });
const to = new Date();
const day = (back) => new Date(to - back * DAY).toISOString().slice(0, 10);
const CASES = [
  ["people", `${people.toLocaleString("en")} people, time, latency`, "people"],
  ["templates", `activity and latency of ${people.toLocaleString("en")}`, "templates"],
  ["v1", `v1, ${days} days of ${members.toLocaleString("en")} people`, `activity?from=${day(days - 1)}&to=${day(0)}&interval=day&show=title,panel:activity,panel:most-active`],
].filter(([name]) => !process.env.ONLY || process.env.ONLY.split(",").includes(name));

/** The tasks of the page's own thread, longest first. */
function tasks(trace) {
  const { traceEvents } = JSON.parse(trace);
  const mains = new Set(traceEvents.filter((one) => one.name === "thread_name" && one.args.name === "CrRendererMain").map((one) => `${one.pid} ${one.tid}`));
  const all = traceEvents.filter((one) => one.ph === "X" && /RunTask$/.test(one.name) && mains.has(`${one.pid} ${one.tid}`));
  return all.map((one) => ({ wall: one.dur / 1000, cpu: (one.tdur ?? 0) / 1000, at: one.ts }));
}

const COLUMNS = ["ready", "processor", "longest", "by cpu", "over 50", "MB wasm", "MB heap", "MB JSON"];
const line = (name, cells) => console.log(name.padEnd(40) + cells.map((cell) => String(cell).padStart(11)).join(""));
line(`${rounds} rounds, processor ${slower}× slower`, COLUMNS);
const browser = await launch();
for (const [, title, path] of CASES) {
  const figures = COLUMNS.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    bytes = 0;
    let debug;
    const page = await open("about:blank", {
      server,
      prepare: async (page) => {
        debug = await page.context().newCDPSession(page);
        await page.addInitScript(() => {
          for (const name of ["instantiateStreaming", "instantiate"]) {
            const own = WebAssembly[name];
            WebAssembly[name] = async (...args) => {
              const made = await own.apply(WebAssembly, args);
              // The parts of the program that come later use the memory of the first.
              globalThis.memory ??= (made.instance ?? made).exports.memory;
              return made;
            };
          }
        });
      },
    });
    if (slower > 1) await debug.send("Emulation.setCPUThrottlingRate", { rate: slower });
    await debug.send("Performance.enable", { timeDomain: "threadTicks" });
    await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
    const metric = async (name) => (await debug.send("Performance.getMetrics")).metrics.find((one) => one.name === name).value;
    const before = await metric("ThreadTime");
    const start = performance.now();
    await page.goto(new URL(path, server.url).href);
    await page.waitForSelector('html[data-ready="true"]', { state: "attached", timeout: 600_000 });
    const ready = performance.now() - start;
    const processor = 1000 * ((await metric("ThreadTime")) - before);
    const trace = await browser.stopTracing();
    const own = tasks(trace);
    const wrong = await page.locator(".panel:not([data-state=ready], [data-state=unsupported], [data-state=empty], [data-state=partial])").count();
    if (wrong > 0 || page.problems.length > 0) throw new Error(`${title}: ${wrong} panels are not ready. ${page.problems.join("; ")}`);
    await debug.send("HeapProfiler.collectGarbage");
    const heap = await metric("JSHeapUsedSize");
    const wasm = await page.evaluate(() => globalThis.memory?.buffer.byteLength ?? NaN);
    const most = (key) => Math.max(0, ...own.map((task) => task[key]));
    [ready, processor, most("wall"), most("cpu"), own.filter((task) => task.cpu > 50).length, wasm / 1e6, heap / 1e6, bytes / 1e6].forEach((value, place) => figures[place].push(value));
    await page.context().close();
  }
  line(title, figures.map((values) => median(values).toFixed(0)));
}
await quit();
await server.close();
api.close();
