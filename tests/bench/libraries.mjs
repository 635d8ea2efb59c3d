// One line, drawn by each library in the way its manual recommends for many points: no animation, no markers, one CSS
// pixel wide, pointing switched on. A library is loaded by `load`, which gives back `start`.
//
// `start(place, xs, ys)` counts as part of the first drawing and returns
// - `isDrawn()`: whether the picture is there; some libraries draw a frame later,
// - `redraw(xs, ys)`: shows other data of the same length.
//
// xs and ys are Float64Arrays. Where a library wants another form, making it is part of the work.

export const WIDTH = 1200;
export const HEIGHT = 400;
const COLOR = "#1e5bd6";

const always = () => true;

function canvasOf(place) {
  const canvas = document.createElement("canvas");
  place.append(canvas);
  return canvas;
}

export const LIBRARIES = {
  /** This view. */
  ours: {
    title: "this view",
    async load() {
      const { default: init, Chart } = await import("./ours/chart.js");
      await init();
      Chart.rehearse();
      return (place, xs, ys) => {
        const base = canvasOf(place);
        const over = document.createElement("div");
        over.className = "over";
        place.append(over);
        const chart = new Chart(base, over, WIDTH, HEIGHT, devicePixelRatio);
        chart.draw(xs, ys);
        place.addEventListener("pointermove", (event) => chart.point(event.clientX, event.clientY));
        return { isDrawn: always, redraw: (xs, ys) => chart.draw(xs, ys) };
      };
    },
  },

  /** The least there can be: the extremes of each pixel column, straight onto a canvas. No axis, no word, no pointing. */
  floor: {
    title: "bare canvas",
    async load() {
      return (place, xs, ys) => {
        const canvas = canvasOf(place);
        canvas.width = Math.round(WIDTH * devicePixelRatio);
        canvas.height = Math.round(HEIGHT * devicePixelRatio);
        canvas.style.width = `${WIDTH}px`;
        canvas.style.height = `${HEIGHT}px`;
        const context = canvas.getContext("2d");
        paintFloor(context, xs, ys);
        return { isDrawn: always, redraw: (xs, ys) => paintFloor(context, xs, ys) };
      };
    },
  },

  uplot: {
    title: "uPlot",
    async load() {
      const { default: UPlot } = await import("uplot");
      return (place, xs, ys) => {
        let isDrawn = false;
        const options = {
          width: WIDTH,
          height: HEIGHT,
          legend: { show: false },
          series: [{}, { stroke: COLOR, width: 1, points: { show: false } }],
          hooks: { draw: [() => (isDrawn = true)] },
        };
        const plot = new UPlot(options, [xs, ys], place);
        return {
          isDrawn: () => isDrawn,
          redraw(xs, ys) {
            isDrawn = false;
            plot.setData([xs, ys]);
          },
        };
      };
    },
  },

  chartjs: {
    title: "Chart.js, decimating",
    async load() {
      const { Chart, Decimation, LinearScale, LineController, LineElement, PointElement, Tooltip } = await import("chart.js");
      Chart.register(Decimation, LinearScale, LineController, LineElement, PointElement, Tooltip);
      const points = (xs, ys) => Array.from(xs, (x, index) => ({ x, y: ys[index] }));
      return (place, xs, ys) => {
        const canvas = canvasOf(place);
        canvas.width = WIDTH;
        canvas.height = HEIGHT;
        let isDrawn = false;
        const chart = new Chart(canvas, {
          type: "line",
          data: { datasets: [{ data: points(xs, ys), borderColor: COLOR, borderWidth: 1 }] },
          options: {
            animation: false,
            responsive: false,
            parsing: false,
            normalized: true,
            elements: { point: { radius: 0 } },
            interaction: { mode: "nearest", axis: "x", intersect: false },
            scales: { x: { type: "linear" } },
            plugins: { decimation: { enabled: true, algorithm: "min-max" } },
          },
          plugins: [{ id: "seen", afterDraw: () => (isDrawn = true) }],
        });
        return {
          isDrawn: () => isDrawn,
          redraw(xs, ys) {
            isDrawn = false;
            chart.data.datasets[0].data = points(xs, ys);
            chart.update("none");
          },
        };
      };
    },
  },

  echarts: {
    title: "ECharts, sampling",
    async load() {
      const { init } = await import("echarts");
      const pairs = (xs, ys) => {
        const flat = new Float64Array(2 * xs.length);
        for (let index = 0; index < xs.length; index++) {
          flat[2 * index] = xs[index];
          flat[2 * index + 1] = ys[index];
        }
        return flat;
      };
      return (place, xs, ys) => {
        let isDrawn = false;
        const chart = init(place, null, { renderer: "canvas", width: WIDTH, height: HEIGHT });
        chart.on("rendered", () => (isDrawn = true));
        chart.setOption({
          animation: false,
          tooltip: { trigger: "axis" },
          xAxis: { type: "value", scale: true },
          yAxis: { type: "value" },
          series: [
            { type: "line", showSymbol: false, sampling: "minmax", lineStyle: { width: 1, color: COLOR }, dimensions: ["x", "y"], data: pairs(xs, ys) },
          ],
        });
        return {
          isDrawn: () => isDrawn,
          redraw(xs, ys) {
            isDrawn = false;
            chart.setOption({ series: [{ data: pairs(xs, ys) }] });
          },
        };
      };
    },
  },
};

function paintFloor(context, xs, ys) {
  const { width, height } = context.canvas;
  const lows = new Float64Array(width).fill(Infinity);
  const highs = new Float64Array(width).fill(-Infinity);
  const start = xs[0];
  const perUnit = (width - 1) / (xs[xs.length - 1] - start);
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < xs.length; index++) {
    const column = ((xs[index] - start) * perUnit + 0.5) | 0;
    const y = ys[index];
    if (y < lows[column]) lows[column] = y;
    if (y > highs[column]) highs[column] = y;
    if (y < least) least = y;
    if (y > most) most = y;
  }
  const pixels = height / (most - least || 1);
  context.clearRect(0, 0, width, height);
  context.strokeStyle = COLOR;
  context.lineWidth = devicePixelRatio;
  context.beginPath();
  for (let column = 0; column < width; column++) {
    if (lows[column] > highs[column]) continue;
    context.moveTo(column + 0.5, height - (lows[column] - least) * pixels + 0.5);
    context.lineTo(column + 0.5, height - (highs[column] - least) * pixels - 0.5);
  }
  context.stroke();
}
