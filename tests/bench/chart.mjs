// Draws one chart once and a few times more, and says how long that took. In a page of its own, so that every sample
// starts cold: chart.html?library=uplot&points=10000&redraws=3 answers by `result`, and to the page that framed it.
import { LIBRARIES } from "./libraries.mjs";

const asked = new URLSearchParams(location.search);
const points = Number(asked.get("points") ?? 10_000);
const redraws = Number(asked.get("redraws") ?? 0);

/** A sample a minute that wanders between 0 and 1000 with a little noise: the same shape for every number of points. */
function columns(count, seed) {
  const xs = new Float64Array(count);
  const ys = new Float64Array(count);
  const step = 2500 / Math.sqrt(count);
  let state = seed;
  let level = 500;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  for (let index = 0; index < count; index++) {
    level += (random() - 0.5) * step;
    if (level < 20) level = 40 - level;
    if (level > 980) level = 1960 - level;
    xs[index] = 1.7e9 + 60 * index;
    ys[index] = level + (random() - 0.5) * 40;
  }
  return [xs, ys];
}

const frame = () => new Promise((done) => requestAnimationFrame(done));

/** Waits until the frame under way is painted: what is posted now runs after it. */
const painted = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

/** Milliseconds from the beginning of work, at the beginning of a frame, to the end of the frame that shows it. */
async function timed(work) {
  await frame();
  const start = performance.now();
  const { isDrawn, ...rest } = work();
  const script = performance.now() - start;
  await painted();
  while (!isDrawn()) {
    await frame();
    await painted();
  }
  return { script, painted: performance.now() - start, isDrawn, ...rest };
}

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function run() {
  const place = document.getElementById("place");
  const library = LIBRARIES[asked.get("library") ?? "ours"];
  const start = await library.load();
  const [xs, ys] = columns(points, 42);
  await wait(60);
  globalThis.gc?.();
  const { script, painted, isDrawn, redraw } = await timed(() => start(place, xs, ys));
  const warm = [];
  for (let index = 0; index < redraws; index++) {
    await wait(60);
    const [xs, ys] = columns(points, 100 + index);
    globalThis.gc?.();
    const again = await timed(() => {
      redraw(xs, ys);
      return { isDrawn };
    });
    warm.push(again.painted);
  }
  return { script, painted, warm };
}

const result = run().catch((error) => ({ error: String(error?.stack ?? error) }));
globalThis.result = result;
if (parent !== window) parent.postMessage(await result, location.origin);
