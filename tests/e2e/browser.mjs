// Browsers, and pages that notice every complaint.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, firefox } from "playwright-core";

/** How each is called on this system. */
const NAMES = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
};
const running = {};

/** Every page that was opened. */
export const pages = [];

function find(names) {
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
}

/** Whether a browser is on this system. */
export const installed = (name) => find(NAMES[name]) !== undefined;

/**
 * What Chromium does for a person at its address bar: two pages of its own for each new window, half a second of a processor.
 * The last list counts, so what Playwright switches off stands here, too.
 */
const OFF = [
  "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
  "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay",
  "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
  "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
];

const LAUNCH = {
  chromium: (executablePath) => chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--no-first-run",
      "--no-default-browser-check", "--metrics-recording-only", "--font-render-hinting=none", "--force-color-profile=srgb",
      `--disable-features=${OFF}`,
    ],
  }),
  /** Over WebDriver BiDi, so that it can be the system's own. Third parties get no storage at all. */
  firefox: async (executablePath) => {
    // Its driver cannot click and type into frames that have a process of their own.
    const firefoxUserPrefs = { "network.cookie.cookieBehavior": 1, "fission.autostart": false };
    const browser = await firefox.launch({ executablePath, channel: "moz-firefox", firefoxUserPrefs });
    // The long-term release does not know this one command of its driver, which is sent for each page.
    const session = Object.getPrototypeOf(firefox._connection.toImpl(browser)._browserSession);
    const send = session.send;
    session.send = function (method, ...rest) {
      return method === "emulation.setMediaFeaturesOverride" ? Promise.resolve({}) : send.call(this, method, ...rest);
    };
    return browser;
  },
};

/** A browser of this process; started once. */
export function launch(name = "chromium") {
  const path = find(NAMES[name]);
  if (!path) throw new Error(`none of ${NAMES[name].join(", ")} is installed: run \`.ci/setup test\``);
  running[name] ??= LAUNCH[name](path);
  return running[name];
}

/** Closes what was started. */
export async function quit() {
  for (const browser of Object.values(running)) await (await browser).close();
}

/**
 * Opens a path of a server. The page remembers every complaint until `finish`.
 *
 * - `browser`: "chromium" or "firefox"; the latter takes its colours and its motion from the system.
 * - `now`: what the page takes for the current time; timers run on.
 * - `prepare`: called with the page before it navigates, for example to add routes.
 */
export async function open(
  path,
  { server, browser = "chromium", viewport = { width: 1440, height: 900 }, colorScheme = "light", locale = "en-GB", timezoneId = "UTC", now, prepare, ...rest } = {},
) {
  const context = await (await launch(browser)).newContext({ viewport, colorScheme, locale, timezoneId, reducedMotion: "reduce", ...rest });
  const page = await context.newPage();
  pages.push(page);
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
  const ours = ["127.0.0.1", "localhost", new URL(server.url).hostname];
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && !ours.includes(hostname)) problem(`third party: ${request.url()}`);
  });
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
