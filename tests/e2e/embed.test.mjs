// The view inside a page of another site: who may show it, and what is made of everything that is said to it.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { answer, byHand, each, reaches, setting, settled, within } from "./embed.mjs";
import { accessible, dist, finish, later, noConfig, open, start } from "./harness.mjs";
import { portal } from "./portal.mjs";

each("a parent that is not listed sees a notice, and nothing is asked", async (browser) => {
  const place = await setting(browser, { auth: "host", parents: ["https://admin.example.com", "http://localhost:1"], frameAncestors: "http:" });
  const page = await open("", { browser, server: place.host });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.evaluate((src) => {
    globalThis.heard = [];
    addEventListener("message", (event) => heard.push(event.data));
    document.body.append(Object.assign(document.createElement("iframe"), { src }));
  }, place.server.url);
  const view = page.frameLocator("iframe");
  await settled(view);
  assert.match(await view.locator("#embed-notice").innerText(), /cannot be shown here[^]*embed\.parents/);
  await sleep(500);
  assert.deepEqual(await page.evaluate(() => heard), []);
  assert.deepEqual(place.fake.requests, []);
  const isOfPage = /\.(js|wasm|css|png)$|^\/parts-[0-9a-f]+\.json$/;
  assert.deepEqual(asked.filter((path) => !isOfPage.test(path)), ["/", "/config.json"]);
  await accessible(page.frames()[1]);
  await finish(page);
});

each("a policy in the header keeps it out altogether", async (browser) => {
  const place = await setting(browser, { parents: ["https://admin.example.com"] });
  const { page } = await byHand(place, { silent: true });
  assert.equal(await page.frames()[1].locator("#embed-notice, .page").count(), 0);
  await page.context().close();
});

each("without config.json nobody may show it", async (browser) => {
  const host = await portal({ dist });
  later(host.close);
  const server = await start({ frameAncestors: "http:" });
  const { page, view } = await byHand({ browser, host, server }, { silent: true });
  assert.match(await view.locator("#embed-notice").innerText(), /cannot be shown here/);
  await finish(page, [noConfig]);
});

each("only the right answer of the right window opens the port, and only once", async (browser) => {
  const place = await setting(browser, { frameAncestors: "http:" });
  const { page, view, heard } = await byHand(place);
  const [{ origin, data }] = await heard();
  assert.deepEqual([origin, data.type, data.protocol, Object.keys(data).sort()], [new URL(place.server.url).origin, "metrics:hello", 1, ["nonce", "protocol", "type"]]);
  assert.match(data.nonce, /^[0-9a-f]{32}$/);

  const nothing = async (what) => {
    await sleep(150);
    assert.deepEqual(await page.evaluate(() => said), [], what);
    assert.equal(await view.locator("#embed-notice").count(), 1, what);
    assert.deepEqual(place.fake.requests, [], what);
  };
  await answer(page, { nonce: "0".repeat(32) });
  await nothing("wrong nonce");
  await answer(page, { type: "metrics:hello" });
  await nothing("wrong type");
  await answer(page, { theme: 7 });
  await nothing("bad shape");
  await answer(page, {}, { ports: 0 });
  await nothing("no port");
  await answer(page, {}, { padding: 33 << 20 });
  await nothing("oversize");
  // A frame beside it, of the listed origin, knows the nonce.
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("iframe"), { src: "/beside" })));
  const beside = await within(async () => page.frames().find((frame) => frame.url().endsWith("/beside")));
  await beside.waitForLoadState();
  await beside.evaluate((nonce) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => parent.said.push(data);
    parent.said = [];
    parent.frames[0].postMessage({ type: "metrics:init", protocol: 1, nonce }, "*", [port2]);
  }, data.nonce);
  await nothing("spoofed source");
  await answer(page, { protocol: 2 });
  await view.getByRole("heading", { name: "speaks another version" }).waitFor();
  await nothing("wrong version");

  await answer(page, { show: ["panel:daus"] });
  await view.locator('#daus[data-state="ready"]').waitFor();
  await page.waitForFunction(() => said.some(({ type }) => type === "ready"));

  // The same again: nobody hears the window any more.
  await answer(page, { theme: "dark" });
  await sleep(300);
  // The state of the page, told once it rests, is no answer to that.
  assert.deepEqual(await page.evaluate(() => said.filter(({ type }) => type !== "state")), []);
  assert.equal(await view.locator('html[data-theme="dark"]').count(), 0);

  // A frame that is loaded anew has another nonce: what was said before is worth nothing.
  const old = data.nonce;
  await page.evaluate((src) => (document.querySelector("iframe").src = src), `${place.server.url}?again`);
  await page.waitForFunction(() => heard.length > 1);
  assert.notEqual((await heard())[1].data.nonce, old);
  await answer(page, { nonce: old });
  await sleep(300);
  assert.deepEqual(await page.evaluate(() => said), []);
  await finish(page);
});

each("what is wrong over the port is named, what is unknown is ignored, and the view goes on", async (browser) => {
  const { page, view } = await byHand(await setting(browser));
  await answer(page, { show: ["panel:daus", "everything"], theme: "purple" });
  await reaches(view, "daus", "ready");
  const errors = () => page.evaluate(() => said.filter(({ type }) => type === "error").map(({ message }) => message));
  assert.deepEqual(await errors(), ["theme=purple is no theme: the system's is used", "show=everything is no part of the page: it is left out"]);
  await page.evaluate(() => {
    said.length = 0;
    for (const message of [{ type: "of a later version" }, { type: "token", source: "nobody", value: "abc" }, { type: "fetch_result", id: 9, status: 200 }]) port.postMessage(message);
    for (const message of [null, "logout", [], {}, { type: "set_theme", theme: "<b>" }, { type: "set_query", query: 7 }, { type: "token", value: 1n }, new Map()]) port.postMessage(message);
    port.postMessage({ type: "logout", padding: "x".repeat(33 << 20) });
    port.postMessage({ type: "set_query", query: 'range=7d&q=<img src=x onerror=alert(1)>&token=abc' });
  });
  await page.waitForFunction(() => said.some(({ type, query }) => type === "state" && query.startsWith("range=7d&q=")));
  const found = await errors();
  assert.equal(found.length, 10, found.join("\n"));
  assert.match(found[8], /larger than 32 MiB/);
  assert.match(found[9], /^token is missing|token/);
  await settled(view);
  await reaches(view, "daus", "ready");
  await finish(page);
});

each("a parent that says nothing: what to check, and it may still answer", async (browser) => {
  const { page, view } = await byHand(await setting(browser));
  assert.match(await view.locator("#embed-notice").innerText(), /Waiting/);
  await view.getByRole("heading", { name: "does not answer" }).waitFor({ timeout: 15_000 });
  await answer(page, { show: ["panel:daus"] });
  await reaches(view, "daus", "ready");
  await finish(page);
});

each("a sandbox must leave the view its origin", async (browser) => {
  const place = await setting(browser);
  const inside = await byHand(place, { sandbox: "allow-scripts allow-same-origin" });
  await answer(inside.page, { show: ["panel:daus"] });
  await reaches(inside.view, "daus", "ready");
  await finish(inside.page);

  const outside = await byHand(place, { sandbox: "allow-scripts", silent: true });
  await outside.view.locator("#boot [role=alert]").waitFor();
  assert.match(await outside.view.locator("#boot").innerText(), /allow-same-origin/);
  assert.deepEqual(await outside.heard(), []);
  await outside.page.context().close();
});

each("alone it is as ever: sources that need a parent say so", async (browser) => {
  const { server, fake } = await setting(browser, { auth: "host" });
  const page = await open("?show=panel:daus", { browser, server });
  await page.locator('#daus[data-state="unsupported"]').waitFor();
  assert.equal(await page.locator("html[data-embedded]").count(), 0);
  assert.deepEqual(fake.requests, []);
  await finish(page);
});
