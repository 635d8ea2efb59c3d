// Serves dist/ the way a careful web server would, and forwards the APIs on the same origin.
//
// By hand: `node .ci/serve.mjs`, with what to forward in the environment (see `fromEnvironment`).
// In tests: `const { url, close } = await serve({ … })`.
import { createReadStream } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createProxyServer } from "httpxy";
import sirv from "sirv";

/** Paths that belong to an API: they never answer with the page. */
const API = /^\/(api|icon|windsurf|company)(\/|$)/;
/** Trunk puts a hash into these names, so their content never changes. */
const HASHED = /-[0-9a-f]{15,16}(_bg)?\.[a-z]+$/;
const MAX_BODY = 1 << 20;

/**
 * Starts a server for the files of `dist`.
 *
 * - `prefix`: the path below which the files are found, with a slash at both ends.
 * - `mode`: `"spa"` answers unknown paths with the page, `"static"` with 404.html and status 404, as plain hosts do.
 * - `config`: what config.json says; an object, or text as it is. Without it the file of `dist` is served, or a 404.
 * - `proxy`: list of `{ path, target, strip, headers, cookies, methods, inject }`; see `forward`.
 * - `headers`: added to, and stronger than, the headers of every answer that is not forwarded.
 * - `frameAncestors`: who may frame the page; by default the parents that the config lists.
 */
export async function serve({
  dist,
  port = 0,
  host = "127.0.0.1",
  prefix = "/",
  mode = "spa",
  config,
  proxy = [],
  headers = {},
  frameAncestors,
} = {}) {
  const dir = resolve(dist);
  await access(join(dir, "index.html")).catch(() => {
    throw new Error(`${dir} has no index.html: run \`make dist\` first`);
  });
  const files = sirv(dir, {
    etag: true,
    brotli: true,
    gzip: true,
    single: mode === "spa",
    // What looks like a file and is not there must be a 404, not the page.
    ignores: [/\.[a-z0-9]+$/],
    setHeaders: (res, path) => {
      res.setHeader("Cache-Control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  const forwarder = createProxyServer({ changeOrigin: true, cookieDomainRewrite: "", proxyTimeout: 120_000 });
  const fixed = { ...securityHeaders(parsed(config), frameAncestors), ...headers };

  const server = createServer(async (req, res) => {
    const path = req.url.split("?")[0];
    const rule = proxy.find((rule) => path.startsWith(rule.path));
    if (rule) return forward(forwarder, rule, req, res, server.address().port);
    for (const [name, value] of Object.entries(fixed)) res.setHeader(name, value);
    if (API.test(path)) return json(res, 404, "Nothing is forwarded here.");
    if (req.method !== "GET" && req.method !== "HEAD") return json(res, 405, "Only GET and HEAD.");
    // Without the slash at the end, relative names would be looked up one directory too high.
    if (`${path}/` === prefix) return res.writeHead(308, { Location: prefix + req.url.slice(path.length) }).end();
    if (!path.startsWith(prefix)) return text(res, 404, "Not found.");
    req.url = `/${req.url.slice(prefix.length)}`;
    if (config !== undefined && req.url.split("?")[0] === "/config.json") {
      res.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache" });
      return res.end(typeof config === "string" ? config : JSON.stringify(config, null, 2));
    }
    files(req, res, () => {
      if (mode !== "static" || extname(path) !== "") return text(res, 404, "Not found.");
      res.writeHead(404, { "Content-Type": "text/html;charset=utf-8", "Cache-Control": "no-cache" });
      createReadStream(join(dir, "404.html")).pipe(res);
    });
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, host, done));
  return {
    url: `http://${host}:${server.address().port}${prefix}`,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

/**
 * Forwards a request.
 *
 * - `path`: what the path begins with; `strip` takes it off before forwarding.
 * - `methods`: the methods allowed; the view only reads.
 * - `headers`: added to the request: the credential, which the browser never sees.
 * - `cookies`: whether the browser's cookies pass; a stale session cookie beats a token, so never both.
 * - `inject`: fields put into the JSON body.
 */
async function forward(forwarder, rule, req, res, port) {
  const { path, target, strip = false, headers = {}, cookies = true, methods = ["GET", "HEAD"], inject } = rule;
  const problem = misuse(req, port);
  if (problem) return json(res, 403, problem);
  if (!methods.includes(req.method)) return json(res, 405, `Only ${methods.join(", ")} is forwarded here.`);
  const name = new URL(target).host;
  if (strip) req.url = `/${req.url.slice(path.length)}`;
  if (!cookies) delete req.headers.cookie;
  let buffer;
  if (inject) {
    const body = await withFields(req, inject).catch((error) => error);
    if (body instanceof Error) return json(res, 400, body.message);
    req.headers["content-length"] = String(body.length);
    delete req.headers["transfer-encoding"];
    buffer = Readable.from([body]);
  }
  try {
    await forwarder.web(req, res, { target, headers, buffer });
  } catch (error) {
    if (res.headersSent || res.destroyed) res.destroy();
    else json(res, 502, `${name} cannot be reached (${error.code ?? error.message}).`);
  }
}

/**
 * Only this page may use what is forwarded: the server adds credentials, and other sites can reach it through the
 * browser, directly or by pointing their own name at this address.
 */
function misuse(req, port) {
  const named = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (!named.includes(req.headers.host)) return `Open this page as http://${named[0]}/.`;
  const site = req.headers["sec-fetch-site"];
  if (site && site !== "same-origin" && site !== "none") return "Not for other sites.";
  return undefined;
}

async function withFields(req, fields) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error("The body is too large.");
    chunks.push(chunk);
  }
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString() || "{}");
  } catch {
    throw new Error("The body is not JSON.");
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw new Error("The body is not a JSON object.");
  return Buffer.from(JSON.stringify({ ...body, ...fields }));
}

/** The strictest headers under which the view works. The README shows the same for other servers. */
export function securityHeaders(config, frameAncestors) {
  const origins = (config?.sources ?? []).map((source) => originOf(source?.base_url)).filter(Boolean);
  const parents = config?.embed?.parents ?? [];
  const policy = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": ["'self'", ...new Set(origins)].join(" "),
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": frameAncestors ?? (parents.length > 0 ? parents.join(" ") : "'none'"),
  };
  return {
    "Content-Security-Policy": Object.entries(policy).map((entry) => entry.join(" ")).join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}

function originOf(url) {
  return /^https?:\/\//.test(url ?? "") && URL.canParse(url) ? new URL(url).origin : undefined;
}

function parsed(config) {
  if (typeof config !== "string") return config;
  try {
    return JSON.parse(config);
  } catch {
    return undefined;
  }
}

function json(res, status, message) {
  res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify({ message }));
}

function text(res, status, message) {
  res.writeHead(status, { "Content-Type": "text/plain;charset=utf-8", "Cache-Control": "no-cache" });
  res.end(message);
}

/**
 * What `make serve` forwards:
 *
 * | variable | what | credential |
 * |---|---|---|
 * | `CODER` | Coder v2 at /api/v2/ and /icon/ | the browser's cookie, or `CODER_TOKEN` |
 * | `ACTIVITY` | Coder v1 at /api/private/ and /api/v0/ | typed in the page, or `ACTIVITY_TOKEN` |
 * | `WINDSURF` | Windsurf at /windsurf/ | `WINDSURF_SERVICE_KEY`, else the upstream must add it |
 * | `COMPANY`, `COMPANY_ID` | user-metrics at /company/ | typed in the page, or `COMPANY_TOKEN` |
 *
 * Nothing set: no config.json, so the page shows demo data.
 */
export function fromEnvironment(env) {
  const sources = [];
  const proxy = [];
  const target = (name) => {
    const value = env[name]?.trim();
    if (!value) return undefined;
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw new Error(`${name} must be a URL such as http://127.0.0.1:3000, not "${value}"`);
    return value.replace(/\/+$/, "");
  };
  const coder = target("CODER");
  if (coder) {
    const token = env.CODER_TOKEN;
    const rule = { target: coder, cookies: !token, headers: token ? { "Coder-Session-Token": token } : {} };
    proxy.push({ ...rule, path: "/api/v2/" }, { ...rule, path: "/icon/" });
    sources.push({ id: "coder", kind: "coder", label: "Coder", base_url: "/", auth: token ? "proxy" : "cookie" });
  }
  const activity = target("ACTIVITY");
  if (activity) {
    const token = env.ACTIVITY_TOKEN;
    const rule = { target: activity, cookies: !token, headers: token ? { "Session-Token": token } : {} };
    proxy.push({ ...rule, path: "/api/private/" }, { ...rule, path: "/api/v0/" });
    sources.push({ id: "v1", kind: "coder-v1", label: "Coder v1", base_url: "/", auth: token ? "proxy" : "token", route: "api/private" });
  }
  const windsurf = target("WINDSURF");
  if (windsurf) {
    const key = env.WINDSURF_SERVICE_KEY;
    const inject = key ? { service_key: key } : undefined;
    proxy.push({ path: "/windsurf/", target: windsurf, strip: true, cookies: false, methods: ["POST"], inject });
    sources.push({ id: "windsurf", kind: "windsurf", label: "Windsurf", base_url: "/windsurf/", auth: "proxy" });
  }
  const company = target("COMPANY");
  if (company) {
    const token = env.COMPANY_TOKEN;
    if (!env.COMPANY_ID) throw new Error("COMPANY needs COMPANY_ID too: the company's UUID");
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    proxy.push({ path: "/company/", target: company, strip: true, cookies: false, methods: ["GET", "HEAD", "POST"], headers });
    sources.push({ id: "company", kind: "user-metrics", label: "Company", base_url: "/company/", auth: token ? "proxy" : "token", company_id: env.COMPANY_ID });
  }
  return { proxy, config: sources.length > 0 ? { version: 1, sources } : undefined };
}

async function main() {
  const { proxy, config } = fromEnvironment(process.env);
  const port = Number(process.env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`PORT must be a number up to 65535, not "${process.env.PORT}"`);
  const dist = fileURLToPath(new URL("../dist", import.meta.url));
  const own = config ? undefined : await readFile(join(dist, "config.json"), "utf8").catch(() => undefined);
  const { url, close } = await serve({ dist, port, proxy, config: config ?? own });
  const what = config ? config.sources.map((source) => source.label).join(", ") : own ? "dist/config.json" : "demo data";
  console.log(`Metrics is at ${url} with ${what}. Stop with Ctrl+C.`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => close().then(() => process.exit(0)));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    const taken = error.code === "EADDRINUSE" ? `port ${error.port} is in use: set PORT to another one` : error.message;
    console.error(`error: ${taken}`);
    process.exit(1);
  });
}
