// Measures in headless Chromium how long charts take to draw, all libraries in turn within every round, and prints the
// medians and what they are to each other. Times differ between machines and hours; ratios within one run hardly do.
//
// QUICK=1 takes three rounds of fewer cases. ONLY=ours,uplot picks libraries, ROUNDS=9 changes the rounds. README.md says
// what each row and column means.
import { accessSync, constants } from "node:fs";
import { cpus } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { HEIGHT, LIBRARIES, WIDTH } from "./libraries.mjs";
import { median } from "./median.mjs";
import { serve } from "./serve.mjs";

const isQuick = Boolean(process.env.QUICK);
const rounds = Number(process.env.ROUNDS || (isQuick ? 3 : 7));
const names = Object.keys(LIBRARIES).filter((name) => !process.env.ONLY || process.env.ONLY.split(",").includes(name));
const ratios = [1, 2];
const sizes = isQuick ? [10_000, 1_000_000] : [10_000, 100_000, 1_000_000];
/** The number of points at which drawing again is measured, and at which the pointer moves. */
const AGAIN = 1_000_000;
const HOVERED = 10_000;
const MOVES = isQuick ? 40 : 60;
const HOVERS = isQuick ? 1 : 3;

function findChromium() {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error("Chromium is not installed: run `.ci/setup test`");
}

const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [
    // Without a graphics card every machine paints the same way, and within the frame that is measured.
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--no-first-run", "--js-flags=--expose-gc",
    // A new window would load pages of the browser's own, beside the page that is measured.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,PaintHolding,OptimizationHints,MediaRouter",
  ],
});
const server = await serve();
const failures = [];

/** A page in a context of its own, and what came of it. */
async function inPage(ratio, query, use) {
  const context = await browser.newContext({ viewport: { width: WIDTH + 80, height: HEIGHT + 200 }, deviceScaleFactor: ratio });
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}chart.html?${new URLSearchParams(query)}`);
    const result = await page.evaluate(() => globalThis.result ?? new Promise((done) => addEventListener("load", () => done(globalThis.result))));
    if (!result || result.error) throw new Error(result?.error ?? "the page said nothing");
    return use ? await use(page, context) : result;
  } catch (error) {
    failures.push(`${JSON.stringify(query)}: ${error.message.split("\n")[0]}`);
    return undefined;
  } finally {
    await context.close();
  }
}

/** Main thread time of one move of the pointer, in milliseconds. */
async function hover(page, context) {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const threadTime = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find((metric) => metric.name === "ThreadTime").value;
  };
  const move = async (count) => {
    for (let index = 0; index < count; index++) {
      const x = 90 + ((index * 37) % 1080);
      await session.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y: 150 + ((index * 13) % 100) });
      await session.send("Runtime.evaluate", { expression: "new Promise(requestAnimationFrame)", awaitPromise: true });
    }
  };
  await move(15);
  const before = await threadTime();
  await move(MOVES);
  return ((await threadTime()) - before) / MOVES;
}

const samples = new Map();
const cases = [];
const note = (name, label, value) => {
  if (value === undefined) return;
  if (!cases.includes(label)) cases.push(label);
  const key = `${name} ${label}`;
  samples.set(key, [...(samples.get(key) ?? []), value]);
};
const figure = (name, label) => median(samples.get(`${name} ${label}`) ?? []);
const short = (count) => (count >= 1e6 ? `${count / 1e6} M` : `${count / 1e3} k`);

for (const ratio of ratios) {
  for (const size of sizes) {
    const label = `${short(size).padStart(5)} points, ${ratio}×`;
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const library = names[(turn + round) % names.length];
        const result = await inPage(ratio, { library, points: size, redraws: size === AGAIN ? 2 : 0 });
        note(library, `first  ${label}`, result?.painted);
        result?.warm.forEach((time) => note(library, `again  ${label}`, time));
      }
    }
  }
}
const pointing = `hover  ${short(HOVERED).padStart(5)} points, 1×`;
for (let round = 0; round < HOVERS; round++) {
  for (const library of names) note(library, pointing, await inPage(1, { library, points: HOVERED }, hover));
}
await browser.close();
await server.close();

/** Milliseconds of a library; a move of the pointer less what it costs over a bare canvas, which does not answer it. */
const time = (name, label) => figure(name, label) - (label === pointing && names.includes("floor") ? figure("floor", label) : 0);
const shown = (number, digits, unit = "") => (Number.isFinite(number) ? number.toFixed(digits) + unit : "–");
const compared = ["uplot", "floor"].filter((name) => names.includes("ours") && names.includes(name));
const titles = [...names.map((name) => LIBRARIES[name].title), ...compared.map((name) => `÷ ${LIBRARIES[name].title}`)];
const widths = titles.map((title) => Math.max(title.length, 7) + 3);
const line = (label, cells) => console.log(label.padEnd(24) + cells.map((cell, index) => cell.padStart(widths[index])).join(""));

console.log(
  `One line, ${WIDTH} × ${HEIGHT} CSS pixels, from two Float64 columns to the end of the painted frame: medians of ${rounds} fresh\n` +
    `contexts in milliseconds at 1 or 2 device pixels a CSS pixel. "again" is other data on the same chart, "hover" the main\n` +
    `thread's time a move of the pointer, less that of the bare canvas. "÷" is this view in parts of the other.\n` +
    `Chromium ${browser.version()} without a graphics card, ${cpus().length} cores. Trust ratios before times.\n`,
);
line("", titles);
for (const label of cases) {
  const times = names.map((name) => shown(time(name, label), label === pointing ? 2 : 1));
  const parts = compared.map((name) => (label === pointing && name === "floor" ? "–" : shown(time("ours", label) / time(name, label), 2)));
  line(label, [...times, ...parts]);
}
if (failures.length > 0) {
  console.error(`\n${failures.length} samples failed:\n${[...new Set(failures)].join("\n")}`);
  process.exit(1);
}
