// Firefox over WebDriver BiDi, as much of it as a test of frames needs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";

/** Third parties get no storage at all, and nothing is asked of servers elsewhere. */
const PREFERENCES = {
  "network.cookie.cookieBehavior": 1,
  "app.update.disabledForTesting": true,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
};

/**
 * Starts Firefox; `undefined` where there is none.
 *
 * - `open(url)`: opens a page in a tab of its own and gives its id once it is loaded.
 * - `frames(page)`: ids and addresses of its frames.
 * - `evaluate(page, text)`: the value of an expression in a page or a frame, as JSON can carry it.
 * - `asked`: every address that was asked for; `complaints`: what stood in the console as an error.
 */
export async function firefox() {
  const profile = await mkdtemp(join(tmpdir(), "metrics-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  let child;
  for (const name of ["firefox-esr", "firefox"]) {
    const started = spawn(name, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, HOME: profile } });
    const isThere = await Promise.race([once(started, "spawn").then(() => true), once(started, "error").then(() => false)]);
    if (isThere) {
      child = started;
      break;
    }
  }
  if (!child) return void (await rm(profile, { recursive: true }));

  const address = await new Promise((found, failed) => {
    createInterface(child.stderr).on("line", (line) => {
      const [, url] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
      if (url) found(url);
    });
    child.once("exit", () => failed(new Error("Firefox ended before it could be asked anything")));
  });
  const socket = new WebSocket(`${address}/session`);
  await once(socket, "open");
  const waiting = new Map();
  const asked = [];
  const complaints = [];
  socket.on("message", (data) => {
    const { id, type, method, params, result, message } = JSON.parse(data);
    if (method === "network.beforeRequestSent") asked.push(params.request.url);
    if (method === "log.entryAdded" && params.level === "error") complaints.push(params.text);
    if (!waiting.has(id)) return;
    const [done, failed] = waiting.get(id);
    waiting.delete(id);
    if (type === "success") done(result);
    else failed(new Error(message));
  });
  let count = 0;
  const command = (method, params = {}) =>
    new Promise((done, failed) => {
      waiting.set((count += 1), [done, failed]);
      socket.send(JSON.stringify({ id: count, method, params }));
    });
  await command("session.new", { capabilities: {} });
  await command("session.subscribe", { events: ["network.beforeRequestSent", "log.entryAdded"] });

  return {
    asked,
    complaints,
    async open(url) {
      const { context } = await command("browsingContext.create", { type: "tab" });
      await command("browsingContext.navigate", { context, url, wait: "complete" });
      return context;
    },
    async frames(page) {
      const { contexts } = await command("browsingContext.getTree", { root: page });
      return contexts[0].children.map(({ context, url }) => ({ id: context, url }));
    },
    async evaluate(page, text) {
      const expression = `(async () => JSON.stringify(await (${text})))()`;
      const answer = await command("script.evaluate", { expression, target: { context: page }, awaitPromise: true });
      if (answer.type !== "success") throw new Error(answer.exceptionDetails.text);
      return answer.result.type === "string" ? JSON.parse(answer.result.value) : undefined;
    },
    async close() {
      const ended = once(child, "exit");
      socket.terminate();
      child.kill();
      await ended;
      await rm(profile, { recursive: true, maxRetries: 5 });
    },
  };
}
