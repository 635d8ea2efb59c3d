// A browser, and pages that notice every complaint.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

let browser;

function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error(`none of ${names.join(", ")} is installed: run \`.ci/setup test\``);
}

/** The browser of this process; started once. */
export function launch() {
  browser ??= chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--no-first-run",
      "--no-default-browser-check", "--metrics-recording-only", "--font-render-hinting=none", "--force-color-profile=srgb",
    ],
  });
  return browser;
}

/** Closes the browser, if there is one. */
export async function quit() {
  await (await browser)?.close();
}

/**
 * Opens a path of a server. The page remembers every complaint until `finish`.
 *
 * - `now`: what the page takes for the current time; timers run on.
 * - `prepare`: called with the page before it navigates, for example to add routes.
 */
export async function open(
  path,
  { server, viewport = { width: 1440, height: 900 }, colorScheme = "light", locale = "en-GB", timezoneId = "UTC", now, prepare, ...rest } = {},
) {
  const context = await (await launch()).newContext({ viewport, colorScheme, locale, timezoneId, reducedMotion: "reduce", ...rest });
  const page = await context.newPage();
  page.problems = [];
  page.aborted = [];
  const problem = (text) => page.problems.push(text);
  page.on("console", (message) => {
    if (!["error", "warning", "assert"].includes(message.type())) return;
    // Chromium repeats failed requests here; they are noted below, with their address.
    if (message.text().startsWith("Failed to load resource")) return;
    problem(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problem(`uncaught: ${error.message}`));
  page.on("crash", () => problem("the page crashed"));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // Dropping a request that is no longer wanted is right.
    if (reason === "net::ERR_ABORTED") page.aborted.push(request.url());
    else problem(`failed: ${request.method()} ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problem(`${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  await context.exposeBinding("reportViolation", (_, text) => problem(`policy: ${text}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => globalThis.reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
  });
  if (now) await page.clock.setFixedTime(new Date(now));
  await prepare?.(page);
  page.answer = await page.goto(new URL(path, server.url).href);
  return page;
}

/** Waits until nothing is loading and the last frame is painted. */
export async function ready(page, { timeout = 30_000 } = {}) {
  await page.waitForSelector('html[data-ready="true"]', { state: "attached", timeout }).catch(async (error) => {
    const text = await page.innerText("body").catch(() => "");
    throw new Error(`the page did not get ready: ${error.message}\nproblems: ${page.problems.join("; ") || "none"}\nit shows: ${text.slice(0, 500)}`);
  });
}
