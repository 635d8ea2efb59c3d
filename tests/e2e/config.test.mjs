// config.json as the page meets it: not there, wrong, and replaced by a page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { coder } from "./coder.mjs";
import { accessible, dist, finish, later, noConfig, open, ready, start } from "./harness.mjs";

test("without it there is demo data, and a banner says so", async () => {
  const page = await open("", { server: await start() });
  await ready(page);
  assert.match(await page.locator("#demo-banner").innerText(), /demo/i);
  await finish(page, [noConfig]);
});

test("a server that answers missing files with the page has none", async () => {
  const server = await start();
  const body = await readFile(join(dist, "index.html"), "utf8");
  const prepare = (page) => page.route("**/config.json", (route) => route.fulfill({ body, contentType: "text/html" }));
  const page = await open("", { server, prepare });
  await ready(page);
  assert.equal(await page.locator("#demo-banner").count(), 1);
  await finish(page);
});

for (const [what, config, ...words] of [
  ["a wrong value", { version: 1, sources: [{ id: "a", kind: "coder", base_url: "javascript:alert(1)" }] }, "sources[0].base_url", "must begin with"],
  ["a secret", { version: 1, sources: [{ id: "a", kind: "coder", base_url: "/", token: "hunter2" }] }, "sources[0].token", "looks like a secret"],
  ["a version of the future", { version: 2 }, "version", "must be 1"],
  ["something that is not JSON", "{", "file", "is not JSON"],
]) {
  test(`${what} in it is named, and nothing is asked`, async () => {
    const fake = await coder();
    later(fake.close);
    const page = await open("", { server: await start({ coder: fake, config }) });
    await ready(page);
    const shown = await page.innerText("body");
    for (const word of ["config.json", ...words]) assert.ok(shown.includes(word), `${word} is not in: ${shown}`);
    assert.doesNotMatch(shown, /hunter2/);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    await accessible(page);
    await finish(page);
    assert.deepEqual(fake.requests, []);
  });
}

test("a right one shows the deployment, not the demo", async () => {
  const fake = await coder();
  later(fake.close);
  const page = await open("", { server: await start({ coder: fake }) });
  await ready(page);
  assert.equal(await page.locator("#demo-banner").count(), 0);
  assert.ok(fake.asked("daus").length > 0);
  await finish(page);
  assert.ok(fake.requests.every((request) => request.state === "answered"));
});
