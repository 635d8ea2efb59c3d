// `make serve`, from what is in the environment to what the page is told.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromEnvironment } from "../../.ci/serve.mjs";
import { coder } from "./coder.mjs";
import { later } from "./harness.mjs";

const script = fileURLToPath(new URL("../../.ci/serve.mjs", import.meta.url));

/** Runs the script until it prints a line or ends. */
async function run(environment) {
  const child = spawn(process.execPath, [script], { env: { PATH: process.env.PATH, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  const end = new Promise((done) => child.once("exit", done));
  let output = "";
  const line = new Promise((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
        if (output.includes("\n")) done();
      });
    }
  });
  await Promise.race([line, end]);
  const stop = async () => {
    child.kill("SIGTERM");
    return end;
  };
  later(stop);
  return { output, url: /http:\S+/.exec(output)?.[0], stop, end };
}

test("without anything, the demo: there is no config.json", async () => {
  const { output, url, stop } = await run({ PORT: "0" });
  assert.match(output, /^Metrics is at http:\/\/127\.0\.0\.1:\d+\/ with demo data\. Stop with Ctrl\+C\.\n$/);
  assert.equal((await fetch(new URL("config.json", url))).status, 404);
  assert.equal((await fetch(url)).status, 200);
  assert.equal(await stop(), 0, "it stops when told to");
});

test("CODER shows that deployment; its token stays in the server", async () => {
  const fake = await coder({ token: "hunter2" });
  later(fake.close);
  const { output, url } = await run({ PORT: "0", CODER: `${fake.url}/`, CODER_TOKEN: "hunter2" });
  assert.match(output, /with Coder\./);
  const text = await (await fetch(new URL("config.json", url))).text();
  assert.deepEqual(JSON.parse(text).sources, [{ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: "proxy" }]);
  assert.equal((await fetch(new URL("api/v2/users/me", url))).status, 200);
  assert.doesNotMatch(output + text, /hunter2/);
});

test("each source has its place and its credential", () => {
  const { config, proxy } = fromEnvironment({
    CODER: "http://a:1",
    ACTIVITY: "http://b",
    WINDSURF: "https://c/base/",
    WINDSURF_SERVICE_KEY: "key",
    COMPANY: "https://d",
    COMPANY_ID: "f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a",
    COMPANY_TOKEN: "jwt",
  });
  assert.deepEqual(config.sources.map(({ id, kind, base_url, auth }) => [id, kind, base_url, auth]), [
    ["coder", "coder", "/", "cookie"],
    ["v1", "coder-v1", "/", "token"],
    ["windsurf", "windsurf", "/windsurf/", "proxy"],
    ["company", "user-metrics", "/company/", "proxy"],
  ]);
  assert.deepEqual(proxy.map(({ path, target, strip = false }) => [path, target, strip]), [
    ["/api/v2/", "http://a:1", false],
    ["/icon/", "http://a:1", false],
    ["/api/private/", "http://b", false],
    ["/api/v0/", "http://b", false],
    ["/windsurf/", "https://c/base", true],
    ["/company/", "https://d", true],
  ]);
  assert.deepEqual(proxy[4].inject, { service_key: "key" });
  assert.deepEqual(proxy[5].headers, { Authorization: "Bearer jwt" });
  assert.doesNotMatch(JSON.stringify(config), /jwt|"key"/);
});

test("what cannot work is said in one sentence", async () => {
  for (const [environment, words] of [
    [{ CODER: "127.0.0.1:3000" }, /^error: CODER must be a URL such as http:\/\/127\.0\.0\.1:3000, not "127\.0\.0\.1:3000"\n$/],
    [{ COMPANY: "http://a" }, /^error: COMPANY needs COMPANY_ID too/],
    [{ PORT: "many" }, /^error: PORT must be a number/],
  ]) {
    const { output, end } = await run({ PORT: "0", ...environment });
    assert.match(output, words);
    assert.equal(await end, 1);
  }
  const first = await run({ PORT: "0" });
  const second = await run({ PORT: new URL(first.url).port });
  assert.match(second.output, /^error: port \d+ is in use: set PORT to another one\n$/);
});
