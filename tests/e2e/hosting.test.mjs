// dist/ on a web server: at the root, below a path, on hosts with and without a fallback page, and when things are
// missing or wrong.
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { coder } from "./coder.mjs";
import { accessible, dist, finish, later, noConfig, open, ready, start } from "./harness.mjs";

const files = await readdir(dist);
const wasm = files.find((name) => name.endsWith("_bg.wasm"));
const script = files.find((name) => /^metrics-[0-9a-f]+\.js$/.test(name));
const style = files.find((name) => /^style-[0-9a-f]+\.css$/.test(name));

/** Asks as a browser would, but shows what came over the wire. */
async function get(server, path, headers = {}) {
  const answer = await fetch(new URL(path, server.url), { headers: { "accept-encoding": "identity", ...headers }, redirect: "manual" });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** A copy of dist/ that a test may damage. */
async function copy() {
  const folder = await mkdtemp(join(tmpdir(), "metrics-dist-"));
  later(() => rm(folder, { recursive: true }));
  await cp(dist, folder, { recursive: true });
  return folder;
}

test("dist/ holds what is published and nothing else", async () => {
  for (const name of ["index.html", "404.html", "boot.js", "favicon.png", wasm, script, style]) assert.ok(files.includes(name), `${name} is missing`);
  assert.deepEqual(files.filter((name) => name.startsWith(".") || name === "config.json"), []);
  const page = await readFile(join(dist, "index.html"), "utf8");
  assert.equal(await readFile(join(dist, "404.html"), "utf8"), page);
  for (const [, url] of page.matchAll(/(?:href|src|data-js|data-wasm)=["']?([^"'\s>]+)/g)) {
    if (url.includes("=")) continue;
    assert.match(url, /^\.\//, `${url} works only at one place`);
  }
  assert.doesNotMatch(page, /<base|<style|\son\w+=|style=/i, "nothing that a strict policy forbids");
  for (const [, attributes, body] of page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
    assert.match(attributes, /src=/);
    assert.equal(body, "");
  }
});

test("every compressible file has its compressed twins", () => {
  for (const name of files.filter((name) => /\.(wasm|js|css|html|svg|json)$/.test(name))) {
    assert.ok(files.includes(`${name}.br`) && files.includes(`${name}.gz`), name);
  }
});

for (const prefix of ["/", "/any/sub/"]) {
  test(`every view opens and reloads at ${prefix}`, async () => {
    const server = await start({ prefix });
    for (const view of ["", "activity", "templates?range=7d", "people"]) {
      const page = await open(view, { server });
      assert.equal(page.answer.status(), 200);
      await ready(page);
      assert.equal(await page.locator("#boot").count(), 0, "the skeleton is gone");
      await page.reload();
      await ready(page);
      assert.ok(page.url().startsWith(server.url), page.url());
      await finish(page, [noConfig]);
    }
  });
}

test("the address without its last slash leads to the page", async () => {
  const server = await start({ prefix: "/any/sub/" });
  const page = await open("/any/sub?range=7d", { server });
  await ready(page);
  const url = new URL(page.url());
  assert.equal(url.pathname, "/any/sub/");
  assert.equal(url.searchParams.get("range"), "7d");
  await finish(page, [noConfig]);
});

test("hosts without a fallback show the same page through 404.html", async () => {
  const server = await start({ prefix: "/any/sub/", mode: "static" });
  const page = await open("people", { server });
  assert.equal(page.answer.status(), 404);
  await ready(page);
  await finish(page, [noConfig, /^404: GET \S+\/people$/]);
});

test("types, caches and headers", async () => {
  const server = await start();
  for (const [path, type, cache] of [
    ["", /^text\/html;charset=utf-8$/i, "no-cache"],
    ["people", /^text\/html;charset=utf-8$/i, "no-cache"],
    ["boot.js", /^text\/javascript/, "no-cache"],
    ["favicon.png", /^image\/png$/, "no-cache"],
    [wasm, /^application\/wasm$/, "public, max-age=31536000, immutable"],
    [script, /^text\/javascript/, "public, max-age=31536000, immutable"],
    [style, /^text\/css/, "public, max-age=31536000, immutable"],
  ]) {
    const { status, headers } = await get(server, path);
    assert.equal(status, 200, path);
    assert.match(headers["content-type"], type, path);
    assert.equal(headers["cache-control"], cache, path);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.match(headers["content-security-policy"], /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'/);
    assert.match(headers["content-security-policy"], /frame-ancestors 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe-inline|'unsafe-eval'|\*/);
  }
});

test("compressed files are sent to those who take them", async () => {
  const server = await start();
  const plain = (await readFile(join(dist, wasm))).length;
  for (const [accept, encoding] of [["gzip, deflate, br, zstd", "br"], ["gzip", "gzip"]]) {
    const answer = await fetch(new URL(wasm, server.url), { headers: { "accept-encoding": accept } });
    assert.equal(answer.headers.get("content-encoding"), encoding);
    assert.equal(answer.headers.get("content-type"), "application/wasm");
    assert.match(answer.headers.get("vary"), /accept-encoding/i);
    assert.ok(Number(answer.headers.get("content-length")) < plain);
    assert.equal((await answer.arrayBuffer()).byteLength, plain);
  }
});

test("what is not there is a 404, never the page", async () => {
  const server = await start();
  for (const path of ["nope.js", "metrics-0123456789abcdef_bg.wasm", "config.json"]) {
    const { status, body } = await get(server, path);
    assert.equal(status, 404, path);
    assert.doesNotMatch(body, /<html/, path);
  }
  for (const path of ["api/v2/buildinfo", "api/nope", "icon/x.svg", "windsurf/x", "company/x"]) {
    const { status, headers, body } = await get(server, path);
    assert.equal(status, 404, path);
    assert.equal(headers["content-type"], "application/json");
    assert.ok(JSON.parse(body).message, path);
  }
});

test("a program that is gone gives a message and a way out, not a blank page", async () => {
  const broken = await copy();
  await rm(join(broken, script));
  await rm(join(broken, `${script}.br`));
  await rm(join(broken, `${script}.gz`));
  const server = await start({ dist: broken });
  const page = await open("", { server });
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /could not be started/);
  assert.equal(await page.getByRole("link", { name: "Reload the page" }).count(), 1);
  await finish(page, [noConfig, /^404: GET \S+\.js$/, /^console error: .*dynamically imported module/]);
});

test("a damaged program gives a message, too", async () => {
  const broken = await copy();
  await rm(join(broken, `${wasm}.br`));
  await rm(join(broken, `${wasm}.gz`));
  await writeFile(join(broken, wasm), "not wasm");
  const server = await start({ dist: broken });
  const page = await open("", { server });
  assert.match(await page.getByRole("alert").innerText(), /could not be started/);
  // The page says what its program must be, so that the browser does not even hand it over.
  await finish(page, [noConfig, /valid digest|integrity checks failed/, /^console error: TypeError: Failed to fetch/]);
});

test("a program that does not come is explained after a while, also to those who want no motion", async () => {
  for (const reducedMotion of ["reduce", "no-preference"]) {
    const server = await start();
    const prepare = (page) => page.route("**/*.wasm", () => {});
    const page = await open("", { server, reducedMotion, prepare });
    const help = page.locator(".boot-late");
    assert.equal(await help.evaluate((element) => getComputedStyle(element).opacity), "0");
    // Eight seconds pass.
    await help.evaluate((element) => element.getAnimations().forEach((one) => one.finish()));
    assert.equal(await help.evaluate((element) => getComputedStyle(element).opacity), "1");
    assert.match(await help.innerText(), /Nothing happens\? Reload the page/);
    await finish(page, [noConfig]);
  }
});

test("a program that stops later says so, with a report that tells nothing of people", async () => {
  const server = await start();
  const prepare = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("templates?q=fern-07", { server, prepare });
  await ready(page);
  await page.evaluate(() => {
    performance.mark("panic at src/x.rs:12:3");
    dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("<b>unreachable</b>") }));
  });
  assert.match(await page.getByRole("alert").innerText(), /had to stop/);
  assert.match(await page.innerText("#boot"), /<b>unreachable<\/b>/, "reasons are text");
  assert.equal(await page.locator("section.panel:visible").count(), 0, "what is dead does not look alive");
  await page.getByRole("button", { name: "Copy report" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  for (const word of ["panic at src/x.rs:12:3", "Page: templates, keys of its address: q", "metrics-", "Browser: "]) assert.ok(report.includes(word), `${word} is not in ${report}`);
  for (const word of ["fern-07", "127.0.0.1"]) assert.ok(!report.includes(word), `${word} is in ${report}`);
  await accessible(page);
  await page.getByRole("link", { name: "Reload the page" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.failed === undefined);
  await ready(page);
  await finish(page, [noConfig]);
});

test("a browser without WebAssembly is told so", async () => {
  const server = await start();
  const prepare = (page) => page.addInitScript(() => delete globalThis.WebAssembly);
  const page = await open("", { server, prepare });
  assert.match(await page.getByRole("alert").innerText(), /cannot run/);
  await finish(page);
});

test("a browser without JavaScript is told so", async () => {
  const server = await start();
  const page = await open("", { server, javaScriptEnabled: false });
  assert.match(await page.innerText("body"), /needs JavaScript and WebAssembly/);
  // Chromium gives up the preloads of scripts that it will not run.
  await finish(page, [/^failed: GET \S+\.js csp$/]);
});

test("what is forwarded stays on the page's origin, and credentials stay on the server", async () => {
  const fake = await coder({ token: "right" });
  later(fake.close);
  const rule = { path: "/api/v2/", target: fake.url, cookies: false, headers: { "Coder-Session-Token": "right" } };
  const server = await start({ config: {}, proxy: [rule] });

  const answer = await get(server, "/api/v2/users/me", { cookie: "coder_session_token=stale" });
  assert.equal(answer.status, 200, answer.body);
  assert.equal(fake.requests[0].headers.cookie, undefined);
  assert.equal(fake.requests[0].headers["coder-session-token"], "right");

  for (const [init, status] of [
    [{ method: "POST" }, 405],
    [{ method: "DELETE" }, 405],
    [{ headers: { "sec-fetch-site": "cross-site" } }, 403],
    [{ headers: { "sec-fetch-site": "same-site" } }, 403],
  ]) {
    const answer = await fetch(new URL("/api/v2/users/me", server.url), init);
    assert.equal(answer.status, status);
    assert.ok((await answer.json()).message);
  }
  assert.equal(fake.requests.length, 1, "nothing of that reached the server behind");

  fake.behave("daus", "never");
  const controller = new AbortController();
  const dropped = fetch(new URL("/api/v2/insights/daus?tz_offset=0", server.url), { signal: controller.signal }).catch((error) => error.name);
  while (fake.asked("daus").length === 0) await new Promise((done) => setTimeout(done, 10));
  controller.abort();
  assert.equal(await dropped, "AbortError");
  for (let tries = 0; tries < 100 && fake.requests[1].state === "running"; tries += 1) await new Promise((done) => setTimeout(done, 10));
  assert.equal(fake.requests[1].state, "aborted", "a dropped request is dropped behind the proxy, too");
});

test("a server that is down is a 502 with its name", async () => {
  const fake = await coder();
  await fake.close();
  const server = await start({ coder: fake });
  const { status, body } = await get(server, "/api/v2/buildinfo");
  assert.equal(status, 502);
  assert.match(JSON.parse(body).message, /^127\.0\.0\.1:\d+ cannot be reached/);
});

test("a key is put into the body on the server", async () => {
  const { createServer } = await import("node:http");
  const seen = [];
  const upstream = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    seen.push({ url: req.url, body: JSON.parse(body) });
    res.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise((done) => upstream.listen(0, "127.0.0.1", done));
  later(() => new Promise((done) => upstream.close(done) && upstream.closeAllConnections()));
  const target = `http://127.0.0.1:${upstream.address().port}`;
  const server = await start({ config: {}, proxy: [{ path: "/windsurf/", target, strip: true, cookies: false, methods: ["POST"], inject: { service_key: "k" } }] });
  const post = (body) => fetch(new URL("/windsurf/api/v1/UserPageAnalytics", server.url), { method: "POST", body });
  assert.equal((await post('{"group_name":"ü"}')).status, 200);
  assert.deepEqual(seen, [{ url: "/api/v1/UserPageAnalytics", body: { group_name: "ü", service_key: "k" } }]);
  assert.equal((await post("[1]")).status, 400);
  assert.equal((await post("{")).status, 400);
  assert.equal(seen.length, 1);
});

test("the page's policy names the origins that the configuration names", async () => {
  const config = { version: 1, sources: [{ id: "a", kind: "coder", base_url: "https://coder.example.com/x/" }], embed: { parents: ["https://portal.example.com"] } };
  const server = await start({ config });
  const policy = (await get(server, "")).headers["content-security-policy"];
  assert.match(policy, /connect-src 'self' https:\/\/coder\.example\.com;/);
  assert.match(policy, /frame-ancestors https:\/\/portal\.example\.com$/);
  const { headers, body } = await get(server, "config.json");
  assert.equal(headers["cache-control"], "no-cache");
  assert.deepEqual(JSON.parse(body), config);
});

test("the program tells nothing of the machine that built it", async () => {
  const here = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  for (const name of [wasm, script, style, "index.html"]) {
    const text = (await readFile(join(dist, name))).toString("latin1");
    for (const trace of [join(homedir(), ".cargo"), here, "registry/src"]) assert.ok(!text.includes(trace), `${name} contains ${trace}`);
  }
});
