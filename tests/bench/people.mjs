// Measures the table of people in headless Chromium against dist/ and a server of as many people as asked for:
// `node tests/bench/people.mjs [people]`, 100,000 unless given. CPU=4 slows the processor down.
//
// Script is the time until the rows are in the document, painted until two frames later; processor is what the page's own
// thread computed for it, layout and drawing included, and hardly depends on what else the machine does. Of scrolling it is
// one frame; worst is the longest script, or while loading the longest task.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { open, quit } from "../e2e/browser.mjs";
import { deployment } from "./deployment.mjs";
import { median } from "./median.mjs";

const people = Number(process.argv[2] ?? 100_000);
const slower = Number(process.env.CPU ?? 1);
const rounds = Number(process.env.ROUNDS ?? 5);
const answers = deployment(people);
const api = createServer((req, res) => {
  res.writeHead(200, { "Content-Type": "application/json" }).end(answers(req.url));
});
await new Promise((done) => api.listen(0, "127.0.0.1", done));
const target = `http://127.0.0.1:${api.address().port}`;
const config = { version: 1, sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/" }] };
const server = await serve({ dist: process.env.DIST ?? fileURLToPath(new URL("../../dist", import.meta.url)), config, proxy: [{ path: "/api/v2/", target }] });

/** What each step takes, in milliseconds: lists of figures by step and column. */
const COLUMNS = ["script", "painted", "processor", "worst"];
const steps = new Map();
function note(step, figures) {
  if (!steps.has(step)) steps.set(step, Object.fromEntries(COLUMNS.map((column) => [column, []])));
  for (const [column, value] of Object.entries(figures)) steps.get(step)[column].push(value);
}

/** Does something in the page, and notes what it took. */
async function measure(page, step, act) {
  const before = await page.processor();
  const [script, painted] = await page.evaluate(
    ([source]) =>
      new Promise((done) => {
        const start = performance.now();
        new Function(source)();
        globalThis.after(() => {
          const script = performance.now() - start;
          requestAnimationFrame(() => requestAnimationFrame(() => done([script, performance.now() - start])));
        });
      }),
    [act],
  );
  note(step, { script, painted, processor: (await page.processor()) - before });
}

for (let round = 0; round < rounds; round += 1) {
  const page = await open("people", {
    server,
    prepare: async (page) => {
      await page.addInitScript(() => {
        // Effects run as microtasks, some of which make others; a task of its own would come after the next frame.
        globalThis.after = async (then) => {
          for (let hop = 0; hop < 30; hop += 1) await undefined;
          then();
        };
        globalThis.longest = [];
        new PerformanceObserver((list) => globalThis.longest.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask", buffered: true });
      });
    },
  });
  const debug = await page.context().newCDPSession(page);
  if (slower > 1) await debug.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await debug.send("Performance.enable", { timeDomain: "threadTicks" });
  page.processor = async () => 1000 * (await debug.send("Performance.getMetrics")).metrics.find((one) => one.name === "ThreadTime").value;
  await page.waitForSelector('#people[data-state="ready"] tbody tr', { timeout: 300_000 });
  await page.waitForSelector('html[data-ready="true"]', { state: "attached", timeout: 300_000 });
  const [ready, longest] = await page.evaluate(() => [performance.getEntriesByName("ready")[0]?.startTime ?? NaN, Math.max(0, ...globalThis.longest)]);
  note("all of it ready, after navigation", { painted: ready, processor: await page.processor(), worst: longest });
  const click = (column) => `document.querySelector('#people th[data-column="${column}"] button').click()`;
  await measure(page, "sort by user name, first", click("username"));
  await measure(page, "sort by user name, down", click("username"));
  await measure(page, "sort by time", click("seconds"));
  await measure(page, "back to the order of the roster", `${click("seconds")};${click("seconds")}`);
  await page.locator('#people input[type="search"]').focus();
  const type = (text) => `const field = document.querySelector('#people input[type="search"]'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event("input", { bubbles: true }))`;
  for (const [step, text] of [["search, first letter", "a"], ["search, three letters", "sla"], ["search, a number", "0042"], ["search, nobody", "zzzz"], ["search, none", ""]]) await measure(page, step, type(text));
  await measure(page, "choose idle for 30 days", `document.querySelectorAll('#people .joined')[1].querySelectorAll('button')[2].click()`);
  await measure(page, "choose all", `document.querySelectorAll('#people .joined')[1].querySelectorAll('button')[0].click()`);
  await page.waitForTimeout(500);
  for (const [step, by] of [["scroll 100 px a frame", 100], ["scroll 900 px a frame", 900], ["scroll 90,000 px a frame", 90_000]]) {
    const before = await page.processor();
    const [scripts, frames] = await page.evaluate(
      (by) =>
        new Promise((done) => {
          const region = document.querySelector("#people .table-scroll");
          const scripts = [];
          const frames = [];
          let last;
          const step = (now) => {
            if (last !== undefined) frames.push(now - last);
            last = now;
            if (scripts.length === 60) return done([scripts, frames]);
            region.scrollTop += by;
            const start = performance.now();
            // The browser would send it before the next frame; sent here it can be timed.
            region.dispatchEvent(new Event("scroll"));
            globalThis.after(() => {
              scripts.push(performance.now() - start);
              requestAnimationFrame(step);
            });
          };
          requestAnimationFrame(step);
        }),
      by,
    );
    const processor = ((await page.processor()) - before) / scripts.length;
    note(step, { script: median(scripts), painted: median(frames), processor, worst: Math.max(...scripts) });
  }
  await page.context().close();
}
console.log(`${people.toLocaleString("en")} people, ${rounds} rounds, processor ${slower}× slower: medians in ms`);
const line = (name, cells) => console.log(name.padEnd(36) + cells.map((cell) => cell.padStart(12)).join(""));
line("", COLUMNS);
for (const [step, figures] of steps) line(step, COLUMNS.map((column) => (figures[column].length > 0 ? median(figures[column]).toFixed(1) : "")));
await quit();
await server.close();
api.close();
