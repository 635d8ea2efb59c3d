// The nginx recipe of docs/hosting.md, word for word: Debian's nginx, a path below the root, a server behind it, and a
// token that the browser never sees.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { securityHeaders } from "../../.ci/serve.mjs";
import { coder } from "./coder.mjs";
import { dist, finish, later, NOW, open, ready } from "./harness.mjs";

const TOKEN = "nginx-knows-this-0123456789";
const guide = await readFile(new URL("../../docs/hosting.md", import.meta.url), "utf8");

/** The first fenced block of a language. */
const fenced = (language) => guide.split(`\`\`\`${language}\n`)[1].split("```")[0];

/** Puts this test's own place where the recipe has an example. */
function replaced(recipe, places) {
  return places.reduce((text, [example, own]) => {
    assert.ok(text.includes(example), `the recipe has ${example}`);
    return text.replaceAll(example, own);
  }, recipe);
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

let fake;
let server;
let files;

before(async () => {
  fake = await coder({ now: NOW, token: TOKEN });
  later(fake.close);
  const folder = await mkdtemp(join(tmpdir(), "metrics-nginx-"));
  later(() => rm(folder, { recursive: true }));
  const www = join(folder, "www");
  await mkdir(www);
  await cp(dist, join(www, "metrics"), { recursive: true });
  await writeFile(join(www, "metrics/config.json"), fenced("json"));
  files = await readdir(join(www, "metrics"));
  const token = join(folder, "token.conf");
  await writeFile(token, `proxy_set_header Coder-Session-Token "${TOKEN}";\n`, { mode: 0o600 });

  const port = await freePort();
  const site = replaced(fenced("nginx"), [
    ["listen 80;", `listen 127.0.0.1:${port};`],
    ["/srv/www", www],
    ["http://127.0.0.1:3000", fake.url],
    ["/etc/nginx/metrics-token.conf", token],
  ]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
  const main = [
    process.getuid() === 0 ? "user root;" : "",
    "daemon off; worker_processes 1; error_log stderr error;",
    `pid ${folder}/pid;`,
    "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;",
    "events {}",
    `http { include /etc/nginx/mime.types; access_log off; ${temporary.join(" ")}\n${site}\n}`,
  ];
  await writeFile(join(folder, "nginx.conf"), main.join("\n"));
  // Debian keeps it where not every user's PATH leads to.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  const nginx = spawn("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  nginx.stderr.on("data", (text) => (said += text));
  const ended = new Promise((done) => nginx.once("exit", done).once("error", (error) => done((said += error.message))));
  later(() => {
    nginx.kill("SIGTERM");
    return ended;
  });
  server = { url: `http://127.0.0.1:${port}/metrics/` };
  for (let tries = 0; ; tries += 1) {
    if (await fetch(server.url).then((answer) => answer.ok, () => false)) break;
    if (tries === 100 || nginx.exitCode !== null) throw new Error(`nginx does not start (\`.ci/setup test\` installs it): ${said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
});

/** Asks as a browser would, but shows what came over the wire. */
async function get(path, { encoding = "identity", ...init } = {}) {
  const answer = await fetch(new URL(path, server.url), { headers: { "accept-encoding": encoding }, redirect: "manual", ...init });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
}

test("every page opens and reloads; the proxy adds the token, and the browser knows nothing of it", async () => {
  const said = [];
  const prepare = async (page) => {
    await page.context().addCookies([{ name: "coder_session_token", value: "stale", url: server.url, httpOnly: true }]);
    page.on("console", (message) => said.push(message.text()));
    page.on("response", async (response) => said.push(JSON.stringify(await response.allHeaders())));
  };
  const page = await open("?range=7d", { server, now: NOW, prepare });
  for (const path of ["?range=7d", "templates?range=7d"]) {
    await page.goto(new URL(path, server.url).href);
    await ready(page);
    const answer = await page.reload();
    assert.equal(answer.status(), 200);
    await ready(page);
    const states = await page.locator("section.panel").evaluateAll((panels) => panels.map((panel) => panel.dataset.state));
    assert.ok(states.length > 2 && states.every((state) => state === "ready"), states.join());
    assert.equal((await page.content()).includes(TOKEN), false);
  }
  assert.equal(said.join().includes(TOKEN), false);
  assert.ok(fake.requests.length > 10);
  for (const { method, path, headers } of fake.requests) {
    // Pictures need no token.
    const token = path.startsWith("/icon/") ? undefined : TOKEN;
    assert.deepEqual([method, headers["coder-session-token"], headers.cookie], ["GET", token, undefined], path);
  }
  await finish(page);
});

test("the headers are the ones this view is tested with everywhere", async () => {
  for (const path of ["", "templates", "config.json", "nope.js"]) {
    const { headers } = await get(path);
    for (const [name, value] of Object.entries(securityHeaders())) assert.equal(headers.get(name), value, `${name} of ${path}`);
  }
});

test("names with a hash are kept for ever, the rest is asked for anew, and twins are used", async () => {
  for (const name of files.filter((name) => !/\.(br|gz)$/.test(name))) {
    const { status, headers } = await get(name);
    assert.equal(status, 200, name);
    assert.equal(headers.get("cache-control"), /-[0-9a-f]{15,16}(_bg)?\./.test(name) ? "public, max-age=31536000, immutable" : "no-cache", name);
  }
  const wasm = files.find((name) => name.endsWith(".wasm"));
  assert.equal((await get(wasm)).headers.get("content-type"), "application/wasm");
  for (const [ending, encoding] of [["br", "gzip, br"], ["gz", "gzip"]]) {
    // A build for developers has no twins.
    if (!files.includes(`${wasm}.${ending}`)) continue;
    const { headers } = await get(wasm, { encoding });
    assert.equal(headers.get("content-encoding"), ending.replace("gz", "gzip"));
    assert.equal(headers.get("content-type"), "application/wasm");
    assert.match(headers.get("vary"), /accept-encoding/i);
  }
});

test("what is missing is a 404, the path without its slash leads on, and nothing is changed through the proxy", async () => {
  for (const path of ["nope.js", "metrics-0123456789abcdef_bg.wasm", "../", "../other"]) {
    const { status, headers } = await get(path);
    assert.equal(status, 404, path);
    assert.ok(!/immutable/.test(headers.get("cache-control")), path);
  }
  const { status, headers } = await get("/metrics?range=7d");
  assert.deepEqual([status, headers.get("location")], [308, "/metrics/?range=7d"]);
  const before = fake.requests.length;
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) assert.equal((await get("/api/v2/users/me", { method })).status, 403, method);
  assert.equal(fake.requests.length, before);
  assert.equal((await get("/icon/code.svg")).status, 200);
  const last = fake.requests.at(-1);
  assert.deepEqual([last.path, last.headers["coder-session-token"]], ["/icon/code.svg", undefined], "an icon needs no token");
});
