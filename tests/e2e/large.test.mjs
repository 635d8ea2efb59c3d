// Large answers: they are read while they come, one can see how far they are, stop them and begin again.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deployment } from "../bench/deployment.mjs";
import { accessible, finish, fits, later, open, reaches, ready, start } from "./harness.mjs";

const PEOPLE = 3000;
const answers = deployment(PEOPLE);

/** A page of a server that takes its time over the people's time, and says how long that answer is if asked to. */
async function slow({ path = "templates", hasLength = true, step = 100, ...options } = {}) {
  const asked = [];
  const api = createServer(async (req, res) => {
    const body = Buffer.from(answers(req.url));
    const isSlow = req.url.includes("user-activity") && !req.url.includes("template_ids") && asked.push(req.url) === 1;
    res.writeHead(200, { "Content-Type": "application/json", ...(hasLength ? { "Content-Length": body.length } : {}) });
    for (let from = 0; isSlow && from < body.length && !res.destroyed; from += 16_000) {
      res.write(body.subarray(from, from + 16_000));
      await sleep(step);
    }
    res.end(isSlow ? undefined : body);
  });
  await new Promise((done) => api.listen(0, "127.0.0.1", done));
  later(() => (api.closeAllConnections(), api.close()));
  const config = { version: 1, sources: [{ id: "coder", kind: "coder", label: "Coder", base_url: "/" }] };
  const server = await start({ config, proxy: [{ path: "/api/v2/", target: `http://127.0.0.1:${api.address().port}` }] });
  return { asked, page: await open(path, { server, ...options }) };
}

test("what takes long shows how far it is, can be stopped, and begun again", async () => {
  const { asked, page } = await slow();
  const panel = page.locator("#user-activity");
  const bar = panel.getByRole("progressbar", { name: "Loading" });
  await panel.waitFor();
  const height = (await panel.boundingBox()).height;
  await bar.waitFor();
  assert.equal(await panel.getAttribute("data-state"), "loading");
  assert.equal((await panel.boundingBox()).height, height, "nothing moves when it comes");
  await page.waitForFunction(() => document.querySelector("#user-activity progress").value > 0.1);
  const before = await bar.evaluate((bar) => bar.value);
  await page.waitForFunction((before) => document.querySelector("#user-activity progress")?.value > before, before);
  assert.match(await panel.locator(".progress-words").innerText(), /^0\.\d of 0\.\d MB$/);
  await accessible(page);
  await fits(page);

  await panel.getByRole("button", { name: "Cancel" }).click();
  await reaches(page, "user-activity", "failed");
  assert.equal(await panel.locator(".state-title").innerText(), "Cancelled");
  assert.equal(await bar.count(), 0);
  await ready(page);
  assert.equal(asked.length, 1, "nothing is asked again by itself");

  await panel.getByRole("button", { name: "Load again" }).click();
  await reaches(page, "user-activity", "ready");
  await ready(page);
  assert.equal(asked.length, 2);
  assert.match(await panel.locator(".panel-headline").innerText(), /by 3,000 people$/);
  await panel.getByRole("button", { name: "Show table" }).click();
  assert.equal(await panel.locator("table").getAttribute("aria-rowcount"), "3001");
  assert.ok((await panel.locator("tbody tr").count()) < 100, "only rows in sight are in the document");
  await finish(page);
});

test("an answer of unknown length says how much of it is here, and is shown when it is whole", async () => {
  const { page } = await slow({ hasLength: false, step: 60, viewport: { width: 375, height: 800 } });
  const panel = page.locator("#user-activity");
  await panel.getByText(/^0\.\d MB so far$/).waitFor();
  assert.equal(await panel.getByRole("progressbar").getAttribute("value"), null);
  await fits(page);
  await reaches(page, "user-activity", "ready");
  assert.equal(await panel.getByRole("progressbar").count(), 0);
  await finish(page);
});
