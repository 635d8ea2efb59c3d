// The page of the bench: measures on the screen, with the graphics card and at the resolution that the reader has.
import { LIBRARIES } from "./libraries.mjs";
import { median } from "./median.mjs";

const [points, rounds, button, state, stage] = ["points", "rounds", "run", "state", "stage"].map((id) => document.getElementById(id));
const head = document.querySelector("thead tr");
const body = document.querySelector("tbody");
const results = new Map();

/** One chart in a frame that is thrown away afterwards. */
function sample(library, count) {
  return new Promise((done, failed) => {
    const frame = document.createElement("iframe");
    const hear = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", hear);
      frame.remove();
      if (data.error) failed(new Error(data.error));
      else done(data);
    };
    addEventListener("message", hear);
    frame.src = `chart.html?${new URLSearchParams({ library, points: count, redraws: 2 })}`;
    stage.replaceChildren(frame);
  });
}

function show() {
  const cell = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const counts = [...results.keys()].sort((a, b) => a - b);
  head.replaceChildren(cell("th", "Library"), ...counts.map((count) => cell("th", count.toLocaleString("en"))));
  const rows = Object.entries(LIBRARIES).map(([name, { title }]) => {
    const figures = counts.map((count) => {
      const samples = results.get(count).get(name) ?? [];
      const [cold, warm] = [samples.map(({ painted }) => painted), samples.flatMap(({ warm }) => warm)].map(median);
      return cell("td", Number.isFinite(cold) ? `${cold.toFixed(1)} (${warm.toFixed(1)})` : "–");
    });
    const row = document.createElement("tr");
    row.append(cell("th", title), ...figures);
    return row;
  });
  body.replaceChildren(...rows);
}

button.addEventListener("click", async () => {
  button.disabled = true;
  const [count, times, names] = [Number(points.value), Number(rounds.value), Object.keys(LIBRARIES)];
  const found = new Map();
  results.set(count, found);
  try {
    for (let round = 0; round < times; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + round) % names.length];
        state.textContent = `Round ${round + 1} of ${times}: ${LIBRARIES[name].title}`;
        found.set(name, [...(found.get(name) ?? []), await sample(name, count)]);
        show();
      }
    }
    state.textContent = `Done, at ${devicePixelRatio} device pixels a CSS pixel.`;
  } catch (error) {
    state.textContent = error.message;
  } finally {
    stage.replaceChildren();
    button.disabled = false;
  }
});
