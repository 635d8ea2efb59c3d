// What is around the charts, on every page: reached by keyboard, at rest while answers come, inside narrow windows; and
// the initials beside names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOW, deployment, finish, fits, ready, reaches, start, open as openAny } from "./harness.mjs";

const PERSON = "people?person=00000000-0000-0000-0000-000000000105";
const CONFIG = { version: 1, timezone: "UTC", sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "cookie" }] };
const { server, fake, open } = await deployment({ people: 12, config: CONFIG });

/** Presses Tab until the page has been left, and tells where the focus was. */
async function walk(page) {
  const reached = [];
  for (let press = 0; press < 150; press += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const ring = parseFloat(outlineOffset) + parseFloat(outlineWidth);
      // What scrolls cuts a ring off.
      const edge = element.closest(".tabs")?.getBoundingClientRect();
      return {
        name: (element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText ?? "").trim().split("\n")[0],
        isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
        isInside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth + 1,
        isWhole: !edge || (box.left - ring >= edge.left && box.top - ring >= edge.top && box.bottom + ring <= edge.bottom),
      };
    });
    if (!here) return reached;
    reached.push(here);
  }
  assert.fail("Tab does not lead out of the page");
}

for (const path of ["", "templates", "people", PERSON, "check"]) {
  test(`${path || "overview"}: Tab reaches everything in order, the focus is seen, and nothing holds it`, async () => {
    const page = await open(path);
    await ready(page);
    const reached = await walk(page);
    assert.deepEqual(reached.filter((one) => !one.isSeen || !one.isInside || !one.isWhole), []);
    assert.ok(reached.length >= 3);
    const missed = await page.locator("a[href], button:enabled, select, input:enabled, [tabindex='0'], summary").evaluateAll((all) => all.filter((one) => one.checkVisibility() && one.tabIndex >= 0).length);
    assert.equal(reached.length, missed, `${reached.map((one) => one.name)}`);
    await finish(page);
  });
}

test("nothing jumps while answers come one after the other", async () => {
  const prepare = async (page) => {
    await page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => list.getEntries().forEach((one) => shifts.push(one.value))).observe({ type: "layout-shift", buffered: true });
    });
    let count = 0;
    await page.route("**/api/v2/**", async (route) => {
      await new Promise((done) => setTimeout(done, 200 + 150 * (count++ % 7)));
      await route.continue().catch(() => {});
    });
  };
  for (const path of ["", "templates", "people", PERSON]) {
    for (const width of [1440, 375]) {
      const page = await open(path, { viewport: { width, height: 900 }, prepare });
      await ready(page);
      const shift = await page.evaluate(() => globalThis.shifts.reduce((sum, one) => sum + one, 0));
      // What Web Vitals call good.
      assert.ok(shift < 0.1, `${path} at ${width}: the layout shifted by ${shift}`);
      await finish(page);
    }
  }
});

test("every list opens inside the window, and below its field", async () => {
  for (const path of ["", "people"]) {
    const page = await open(path);
    for (const window of [320, 375, 641, 768, 1024, 1200, 1440]) {
      await page.setViewportSize({ width: window, height: 900 });
      await ready(page);
      for (const id of ["org", "template", "tz", "range"]) {
        const field = page.locator(`#${id}`);
        await field.click();
        const list = page.locator(`#${id}-list, #${id}-popup`);
        await list.waitFor();
        const [{ x, y, width }, above] = [await list.boundingBox(), await field.boundingBox()];
        assert.ok(x >= 0 && x + width <= window && y >= above.y + above.height, `${path} ${id} at ${window}: ${x} to ${x + width}, ${y}`);
        await fits(page);
        await page.keyboard.press("Escape");
      }
    }
    await finish(page);
  }
});

test("at 320 px, which is four times as large at 1280, everything fits", async () => {
  const page = await open("", { viewport: { width: 320, height: 640 } });
  await ready(page);
  await page.locator("#files summary").click();
  await page.locator(".files-drop").waitFor();
  await fits(page);
  const cut = await page.locator("button, .tabs a, h1, h2").evaluateAll((all) => all.filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText));
  assert.deepEqual(cut, []);
  for (const path of ["templates", "people", PERSON, "check", "nowhere"]) {
    await page.goto(new URL(path, server.url).href);
    await ready(page);
    await fits(page);
  }
  await finish(page);
});

test("the filters stand in one line on a screen of 1440", async () => {
  const page = await open("");
  await ready(page);
  const tops = await page.locator("#filters > *").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1, `${tops}`);
  await finish(page);
});

/** The initials of a panel's table: letters and contrast. */
const initials = (page, id) =>
  page.locator(`#${id} tbody th`).evaluateAll((cells) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    return cells.map((cell) => {
      const { color, backgroundColor, content } = getComputedStyle(cell, "::before");
      const [less, more] = [light(color), light(backgroundColor)].sort((one, other) => one - other);
      return { words: cell.textContent, letters: cell.dataset.initials, content, contrast: (more + 0.05) / (less + 0.05), background: backgroundColor };
    });
  });

test("initials stand beside names, can be read in every theme, and are neither spoken nor copied", async () => {
  for (const theme of ["light", "dark", "contrast"]) {
    const page = await open(`people?theme=${theme}`);
    await ready(page);
    const marks = await initials(page, "people");
    assert.ok(marks.length >= 12);
    for (const { words, letters, content, contrast } of marks) {
      assert.ok(contrast >= 4.5, `${words} in ${theme}: ${contrast}`);
      assert.match(content, / \/ ""$/, "nobody hears them");
      assert.ok([...letters].length <= 2 && words.includes([...letters][0]), `${letters} for ${words}`);
    }
    assert.ok(new Set(marks.map((mark) => mark.background)).size > 2);
    assert.equal(await page.locator("img").count(), 0);
    await finish(page);
  }
  const page = await open("templates");
  await ready(page);
  await page.locator("#latency").getByRole("button", { name: "Show table" }).click();
  await page.locator("#latency tbody th[data-initials]").first().waitFor();
  assert.equal(await page.locator("#parameters th[data-initials]").count(), 0, "only people have them");
  await finish(page);
});

test("initials of pseudonyms tell no more than the pseudonyms", async () => {
  const privacy = { mode: "pseudonym", min_group: 5 };
  const other = await start({ coder: fake, config: { ...CONFIG, privacy } });
  const page = await openAny("people", { server: other, now: NOW });
  await ready(page);
  await reaches(page, "people", "ready");
  const marks = await initials(page, "people");
  assert.ok(marks.length >= 12);
  for (const { words, letters } of marks) {
    assert.match(words, /^Person /);
    assert.match(letters, new RegExp(`^P${/^Person [A-Z]/.test(words) ? words[7] : ""}$`));
  }
  await finish(page);
});
