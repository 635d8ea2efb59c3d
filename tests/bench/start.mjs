// Measures in headless Chromium how soon the overview is ready and how soon it is drawn again: `node tests/bench/start.mjs`,
// against dist/ (or DIST=) and the fake Coder of the end-to-end tests. Beside it, in turns, a bare page: it asks for the same
// at once, reads the answers, and writes one word. What that takes no page can do without.
//
// Times are medians in milliseconds from the beginning of the navigation, or from the press, until behind the first frame
// that shows the state; processor is what the page's own thread computed for it, and hardly depends on what else the
// machine does. A first visit has empty caches; before a third one there were two that filled them.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { serve } from "../../.ci/serve.mjs";
import { open, quit } from "../e2e/browser.mjs";
import { coder } from "../e2e/coder.mjs";
import { median } from "./median.mjs";

const rounds = Number(process.env.ROUNDS || 7);
const fake = await coder({ people: 400, accounts: 900 });
const config = { version: 1, sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/" }] };
const ours = await serve({ dist: process.env.DIST ?? fileURLToPath(new URL("../../dist", import.meta.url)), config, proxy: [{ path: "/api/v2/", target: fake.url }] });

/** What the overview asks for, in the order in which it does. */
const asked = [];
/** The bare page, and the same answers. */
const bare = createServer(async (req, res) => {
  if (req.url.startsWith("/api/")) {
    const answer = await fetch(fake.url + req.url);
    return res.writeHead(answer.status, { "Content-Type": "application/json" }).end(Buffer.from(await answer.arrayBuffer()));
  }
  const script = `Promise.all(${JSON.stringify(asked)}.map((path) => fetch(path).then((answer) => answer.json()))).then((all) => { document.body.textContent = "read " + all.length; performance.mark("ready"); })`;
  res.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>Bare</title><body><script>${script}</script>`);
});
await new Promise((done) => bare.listen(0, "127.0.0.1", done));
const servers = { "this view": ours, "bare page": { url: `http://127.0.0.1:${bare.address().port}/` } };

/** In the page: tells when the frame after a mark is painted. A frame's own call sees the mark, a message comes behind its paint. */
const watch = (page) =>
  page.addInitScript(() => {
    globalThis.painted = (mark, count) =>
      new Promise((done) => {
        const look = () => {
          if (performance.getEntriesByName(mark).length < count) return requestAnimationFrame(look);
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now());
          port2.postMessage(0);
        };
        requestAnimationFrame(look);
      });
    globalThis.atReady = globalThis.painted("ready", 1);
  });

async function visit(name, { slower = 1, before = 0 } = {}) {
  let debug;
  const prepare = async (page) => {
    await watch(page);
    debug = await page.context().newCDPSession(page);
    await debug.send("Performance.enable", { timeDomain: "threadTicks" });
    if (slower > 1) await debug.send("Emulation.setCPUThrottlingRate", { rate: slower });
    // The new window's own start.
    await page.waitForTimeout(150);
  };
  const page = await open("", { server: servers[name], viewport: { width: 1440, height: 1200 }, prepare });
  for (let visits = 0; visits < before; visits += 1) {
    await page.evaluate("atReady");
    await page.waitForTimeout(400);
    await page.goto("about:blank");
    await page.goto(servers[name].url, { waitUntil: "commit" });
  }
  page.time = await page.evaluate("atReady");
  page.processor = async () => 1000 * (await debug.send("Performance.getMetrics")).metrics.find((one) => one.name === "ThreadTime").value;
  page.heap = async () => (await debug.send("Runtime.getHeapUsage")).usedSize;
  return page;
}

/** What each step takes: lists of figures by step, page and kind. */
const steps = new Map();
function note(step, name, figures) {
  if (!steps.has(step)) steps.set(step, new Map());
  const of = steps.get(step);
  if (!of.has(name)) of.set(name, { time: [], processor: [] });
  for (const [kind, value] of Object.entries(figures)) of.get(name)[kind].push(value);
}

async function change(page, key) {
  const processor = await page.processor();
  const time = await page.evaluate(async (key) => {
    const seen = globalThis.painted("redrawn", performance.getEntriesByName("redrawn").length + 1);
    const begin = performance.now();
    document.querySelector(`[data-range="${key}"]`).click();
    return (await seen) - begin;
  }, key);
  await page.waitForTimeout(300);
  return { time, processor: (await page.processor()) - processor };
}

const first = await open("", { server: ours, prepare: async (page) => {
  await watch(page);
  page.on("request", (request) => request.url().includes("/api/") && asked.push(new URL(request.url()).pathname + new URL(request.url()).search));
} });
await first.evaluate("atReady");
await first.context().close();

const memory = [];
for (let round = 0; round < rounds; round += 1) {
  for (const name of Object.keys(servers)) {
    for (const [step, options] of [["first visit", {}], ["third visit", { before: 2 }], ["processor slowed down 4 times", { slower: 4 }]]) {
      const page = await visit(name, options);
      note(step, name, options.slower || options.before ? { time: page.time } : { time: page.time, processor: await page.processor() });
      if (name === "this view" && step === "first visit") {
        await page.waitForTimeout(500);
        await change(page, "30d");
        await change(page, "12m");
        for (let again = 0; again < 2; again += 1) for (const key of ["30d", "12m"]) note(`range changed to ${key}, answers at hand`, name, await change(page, key));
        memory.push(await page.heap());
      }
      await page.context().close();
    }
  }
}
console.log(`The overview, ${rounds} rounds: medians in ms`);
const line = (name, cells) => console.log(name.padEnd(44) + cells.map((cell) => cell.padStart(12)).join(""));
line("", ["this view", "processor", "bare page", "processor", "÷ bare"]);
for (const [step, of] of steps) {
  const [view, floor] = ["this view", "bare page"].map((name) => of.get(name) ?? { time: [], processor: [] });
  const cell = (list) => (list.length > 0 ? median(list).toFixed(0) : "");
  const ratio = floor.time.length > 0 ? (median(view.time) / median(floor.time)).toFixed(2) : "";
  line(step, [cell(view.time), cell(view.processor), cell(floor.time), cell(floor.processor), ratio]);
}
console.log(`Memory of scripts after the changes, without the program's own: ${(median(memory) / 1e6).toFixed(1)} MB`);
await quit();
await ours.close();
bare.close();
await fake.close();
