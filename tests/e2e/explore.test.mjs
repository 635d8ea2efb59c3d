// Charts explored by mouse, finger and keys: what is pointed at is what the table says, and the address keeps the zoom.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, deployment, finish, ready, table } from "./harness.mjs";

/** Chromium's advice about reading a canvas, which only these tests do. */
const readback = /willReadFrequently/;

const search = (page) => new URL(page.url()).search;
const frame = (page, id) => page.locator(`#${id} .chart-frame`);

/** Opens a week of the stand-in, tall enough for all panels. */
async function week(path = "?from=2026-11-09&to=2026-11-15&tz=UTC", options = {}) {
  const { open } = await deployment();
  const page = await open(path, { viewport: { width: 1440, height: 1800 }, ...options });
  await ready(page);
  return page;
}

/** Where the middle of a bucket of seven lies: bars share the plot evenly. */
async function spot(page, id, bucket, count = 7) {
  const box = await frame(page, id).boundingBox();
  // The plot is where the bars are: found by the colour of the bars themselves.
  const [left, right] = await page.locator(`#${id} canvas:not(.overlay canvas)`).evaluate((canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, Math.round(height * 0.85), width, 1);
    const blue = [];
    for (let x = 0; x < width; x += 1) if (data[4 * x + 2] > data[4 * x] + 60) blue.push(x);
    const ratio = canvas.getBoundingClientRect().width / width;
    return [blue[0] * ratio, blue.at(-1) * ratio];
  });
  const band = (right - left) / (count - 0.4);
  return { x: box.x + left + band * (bucket + 0.3), y: box.y + box.height * 0.85 };
}

test("the tooltip says what the table says, and every chart shows the same day", async () => {
  const page = await week();
  const { rows } = await table(page, "active-users");
  for (const bucket of [0, 3, 6]) {
    const { x, y } = await spot(page, "active-users", bucket);
    await page.mouse.move(x, y);
    const tip = page.locator("#active-users .tooltip");
    await tip.waitFor();
    const [, people, before, change] = rows[bucket];
    const shown = await tip.locator("dd").allInnerTexts();
    // A change has its share in brackets.
    const number = (text) => Number(text.replace(/ \(.*/, "").replace("−", "-").replace(/[^0-9.-]/g, ""));
    assert.deepEqual(shown.slice(0, 3).map(number), [people, before, change], `bucket ${bucket}`);
    assert.match(await tip.innerText(), /days of UTC/);
    assert.equal(await page.locator(".tooltip").count(), 1, "one tooltip, where the pointer is");
  }
  // The others show their crosshair on the overlay alone.
  const painted = (id) => page.locator(`#${id} .overlay canvas`).evaluateAll((all) => all.length > 0 && all.every((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  }));
  for (const id of ["user-status", "daus", "active-users"]) assert.ok(await painted(id), id);
  // Also without moving the pointer, and wherever the focus is.
  await page.keyboard.press("Escape");
  await page.locator(".tooltip").waitFor({ state: "detached" });
  const { x, y } = await spot(page, "active-users", 2);
  await page.mouse.move(x, y);
  await page.locator(".tooltip").waitFor();
  await page.mouse.move(5, 5);
  await page.locator(".tooltip").waitFor({ state: "detached" });
  assert.equal(await page.locator(".overlay canvas").count(), 0);
  await finish(page, [readback]);
});

test("dragging zooms into days, a click into one, and there is a way back", async () => {
  const page = await week();
  const before = search(page);
  const from = await spot(page, "active-users", 1);
  const to = await spot(page, "active-users", 3);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  assert.ok(await page.locator("#active-users .brush").isVisible());
  await page.mouse.up();
  await page.waitForURL((url) => url.search.includes("from=2026-11-10"));
  await ready(page);
  assert.match(search(page), /from=2026-11-10&to=2026-11-12/);
  await page.locator("#zoom-out").click();
  await page.waitForURL((url) => url.search === before);
  await ready(page);
  const day = await spot(page, "active-users", 5);
  await page.mouse.click(day.x, day.y);
  await page.waitForURL((url) => url.search.includes("from=2026-11-14&to=2026-11-14"));
  await ready(page);
  await page.goBack();
  await page.waitForURL((url) => url.search === before);
  await ready(page);
  await finish(page, [readback]);
});

test("keys: Enter looks at one bucket, Escape goes back, T shows the table", async () => {
  const page = await week();
  const before = search(page);
  await frame(page, "daus").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("t");
  await page.locator("#daus table").waitFor();
  await page.keyboard.press("t");
  assert.equal(await page.locator("#daus table").count(), 0);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.search.includes("from=2026-11-09&to=2026-11-09"));
  await ready(page);
  await frame(page, "daus").focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.search === before);
  await ready(page);
  await finish(page, [readback]);
});

test("who holds a key down hears where it ends, and nothing on the way", async () => {
  const page = await week("?from=2026-01-01&to=2026-11-15&interval=day&tz=UTC");
  const { rows } = await table(page, "active-users");
  assert.ok(rows.length > 200);
  const said = await frame(page, "active-users").evaluate(async (frame) => {
    const status = frame.parentElement.querySelector("[role=status]");
    const said = [];
    new MutationObserver(() => said.push(status.textContent)).observe(status, { characterData: true, childList: true, subtree: true });
    frame.focus();
    const press = (key) => frame.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    press("Home");
    for (let step = 0; step < 250; step += 1) press("ArrowRight");
    while (said.length === 0) await new Promise((done) => setTimeout(done, 20));
    return said;
  });
  assert.equal(said.length, 1, said.join(" | "));
  const [day, people] = rows[250];
  const words = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(day));
  assert.ok(said[0].includes(words) && said[0].includes(`Active users: ${people}`), said[0]);
  await finish(page, [readback]);
});

test("what is not complete can be left out", async () => {
  const { open } = await deployment();
  const page = await open("?range=7d&tz=UTC");
  await ready(page);
  assert.equal((await table(page, "active-users")).rows.at(-1).at(-1), "so far");
  await page.locator("#range").click();
  await page.getByLabel("Complete periods only").check();
  await page.waitForURL((url) => url.search.includes("periods=complete"));
  await ready(page);
  const { rows } = await table(page, "active-users");
  assert.deepEqual([rows.length, rows.at(-1)[0]], [6, "2026-11-19"]);
  assert.ok(await page.getByLabel("Complete periods only").isChecked());
  await accessible(page);
  await page.getByLabel("Complete periods only").uncheck();
  await page.waitForURL((url) => !url.search.includes("periods"));
  await finish(page);
});

test("the legend hides a series and, with Shift, leaves it alone; the last one stays", async () => {
  const page = await week();
  const legend = page.locator("#user-status .legend button");
  const pressed = () => legend.evaluateAll((all) => all.map((one) => one.getAttribute("aria-pressed")));
  assert.deepEqual(await pressed(), ["true", "true", "true"]);
  const shapes = await legend.locator(".swatch").evaluateAll((all) => all.map((one) => one.dataset.shape));
  assert.deepEqual(shapes, ["Plain", "Rising", "Dots"], "the patterns of their areas");
  await legend.nth(1).click();
  assert.deepEqual(await pressed(), ["true", "false", "true"]);
  await legend.nth(0).click({ modifiers: ["Shift"] });
  assert.deepEqual(await pressed(), ["true", "false", "false"]);
  await legend.nth(0).click();
  assert.deepEqual(await pressed(), ["true", "true", "true"]);
  await finish(page, [readback]);
});

test("a finger taps for the crosshair and does not zoom", async () => {
  const page = await week("?from=2026-11-09&to=2026-11-15&tz=UTC", { hasTouch: true });
  const before = search(page);
  const { x, y } = await spot(page, "active-users", 2);
  await page.touchscreen.tap(x, y);
  const tip = page.locator("#active-users .tooltip");
  await tip.waitFor();
  await page.waitForTimeout(200);
  assert.ok(await tip.isVisible(), "it stays when the finger is lifted");
  assert.equal(search(page), before);
  assert.equal(await frame(page, "active-users").evaluate((one) => getComputedStyle(one).touchAction), "pan-y");
  await finish(page, [readback]);
});

test("a tooltip stands beside what it tells of, wherever that is", async () => {
  const page = await week("?range=14d&tz=UTC");
  for (const id of ["user-status", "daus", "active-users"]) {
    const box = await frame(page, id).boundingBox();
    for (const part of [0.1, 0.3, 0.5, 0.6, 0.7, 0.8]) {
      await frame(page, id).hover({ position: { x: box.width * part, y: 120 } });
      const tip = await page.locator(`#${id} .tooltip`).boundingBox();
      const mark = await page.locator(`#${id} .overlay canvas`).first().boundingBox();
      const middle = mark.x + mark.width / 2;
      assert.ok(tip.x > middle || tip.x + tip.width < middle, `${id} at ${part}: from ${tip.x} to ${tip.x + tip.width} over ${middle}`);
    }
  }
  await finish(page, [readback]);
});

test("in a narrow window no tooltip is cut off, and none covers the row it is about", async () => {
  const pages = [["", ["user-status", "active-users"]], ["templates", ["template-trends", "latency"]]];
  for (const [path, ids, width] of pages.flatMap((page) => [375, 320].map((width) => [...page, width]))) {
    const page = await week(`${path}?range=14d&tz=UTC`, { viewport: { width, height: 800 } });
    for (const id of ids) {
      const chart = frame(page, id);
      await chart.focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < 6; step += 1) {
        const tip = await page.locator(`#${id} .tooltip`).boundingBox();
        assert.ok(tip.x >= 0 && tip.x + tip.width <= width, `${id}, ${step}: from ${tip.x}, ${tip.width} wide`);
        const row = await page.locator(`#${id} .overlay canvas`).first().boundingBox();
        if (id === "latency") assert.ok(tip.y >= row.y + row.height || tip.y + tip.height <= row.y, `${id}, ${step}: over its row`);
        for (let key = 0; key < (id === "latency" ? 1 : 3); key += 1) await page.keyboard.press("ArrowRight");
      }
    }
    await finish(page, [readback]);
  }
});

test("the picture has the pixels of the screen it is on, also after the window moved to another one", async () => {
  const page = await week("?from=2026-11-09&to=2026-11-15&tz=UTC", { viewport: { width: 1003, height: 1800 } });
  const session = await page.context().newCDPSession(page);
  for (const ratio of [1.25, 2, 3, 1]) {
    // A width of its own each: Chromium tells pages of other pixels, where they are pretended, with the next resize.
    await session.send("Emulation.setDeviceMetricsOverride", { width: 1003 + Math.round(8 * ratio), height: 1800, deviceScaleFactor: ratio, mobile: false });
    // As many pixels as the browser shows it with: none of them is stretched.
    await page.waitForFunction((ratio) => devicePixelRatio === ratio && [...document.querySelectorAll(".chart-frame > canvas")].every((canvas) => {
      const { width, height } = canvas.getBoundingClientRect();
      return Math.abs(width * ratio - canvas.width) < 0.05 && Math.abs(height * ratio - canvas.height) < 0.05 && canvas.width > 300 * ratio;
    }), ratio);
    // The lines of the grid fill whole pixels: in a column left of the first bar there is nothing between them.
    const shades = await page.locator("#active-users .chart-frame > canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(Math.round(canvas.width * 0.12), 0, 1, canvas.height);
      const seen = new Map();
      for (let at = 0; at < data.length; at += 4) seen.set(data.slice(at, at + 3).join(), (seen.get(data.slice(at, at + 3).join()) ?? 0) + 1);
      return [...seen.keys()];
    });
    assert.ok(shades.includes("233,236,240"), `${ratio}: ${shades.join(" · ")}`);
  }
  await finish(page, [readback]);
});

test("no word on a chart is cut off or lies on another, in any language and width", async () => {
  // Where words come to lie, as the browser measures them.
  const note = (page) => page.addInitScript(() => {
    const words = new WeakMap();
    globalThis.wordsOn = (canvas) => words.get(canvas) ?? [];
    const { fillRect, fillText } = CanvasRenderingContext2D.prototype;
    Object.assign(CanvasRenderingContext2D.prototype, {
      fillRect(...corner) {
        if (corner[0] <= 0 && corner[1] <= 0 && corner[2] >= this.canvas.width && corner[3] >= this.canvas.height) words.set(this.canvas, []);
        fillRect.apply(this, corner);
      },
      fillText(text, x, y) {
        const size = this.measureText(text);
        const box = { text, left: x - size.actualBoundingBoxLeft, right: x + size.actualBoundingBoxRight, top: y - size.actualBoundingBoxAscent, bottom: y + size.actualBoundingBoxDescent };
        words.set(this.canvas, [...(words.get(this.canvas) ?? []), box]);
        fillText.call(this, text, x, y);
      },
    });
  });
  const faults = () => [...document.querySelectorAll(".chart-frame > canvas")].flatMap((canvas) => {
    const words = globalThis.wordsOn(canvas);
    const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const isCut = ({ left, right, top, bottom }) => left < -0.5 || top < -0.5 || right > canvas.width + 0.5 || bottom > canvas.height + 0.5;
    const pairs = words.flatMap((a, index) => words.slice(index + 1).filter((b) => meets(a, b)).map((b) => `${a.text} on ${b.text}`));
    return [...words.filter(isCut).map(({ text }) => `${text} is cut off`), ...pairs, ...(words.length < 3 ? ["no words"] : [])];
  });
  for (const [locale, timezoneId, range] of [["ar-EG", "Africa/Cairo", "28d"], ["fa", "Asia/Tehran", "14d"], ["de", "Europe/Berlin", "12m"], ["ja", "Asia/Tokyo", "48w"], ["hi", "Asia/Kolkata", "90d"]]) {
    const page = await week(`?range=${range}`, { locale, timezoneId, prepare: note });
    for (const width of [1440, 768, 320]) {
      await page.setViewportSize({ width, height: 1800 });
      await page.waitForFunction(() => [...document.querySelectorAll(".chart-frame > canvas")].every((canvas) => {
        const room = canvas.parentElement.getBoundingClientRect().width;
        return Math.abs(canvas.getBoundingClientRect().width - room) < 2;
      }));
      assert.deepEqual(await page.evaluate(faults), [], `${locale}, ${range}, ${width}`);
    }
    await finish(page, [readback]);
  }
});
