// A portal that is not one: pages of another origin with the view in a frame.
//
// By hand: `node tests/e2e/portal.mjs` shows dist/ with demo data inside the test host page.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const BARE = '<!doctype html><html lang="en"><title>Portal</title><link rel="icon" href="data:,"><body></body></html>';

/** Strict where it matters: the helper must not need inline styles. */
const POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'nonce-portal'; frame-src http:; img-src data:; connect-src 'self'";

/**
 * Starts a web server on an origin of its own.
 *
 * - `/`: an empty page, for tests that put a frame into it by hand.
 * - `pages`: more pages by their path, to be filled in.
 * - `/host.js`: the helper of `dist`.
 * - `/portal?view=URL`: the test host page, with everything that the helper can do.
 * - `/api/v2/`: what `api` answers to somebody with the session `token`, which no page sees.
 */
export async function portal({ dist = here("../../dist"), port = 0, api, token } = {}) {
  const pages = {};
  const server = createServer(async (req, res) => {
    const { pathname } = new URL(req.url, "http://portal");
    if (api && pathname.startsWith("/api/v2/")) {
      const answer = await fetch(api + req.url, { headers: { "Coder-Session-Token": token } });
      res.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") });
      return res.end(await answer.text());
    }
    const [type, body] =
      pathname === "/host.js" ? ["text/javascript", await readFile(join(dist, "host.js"))]
      : pathname === "/portal" ? ["text/html", await readFile(here("portal.html"))]
      : ["text/html", pages[pathname] ?? BARE];
    res.writeHead(200, { "Content-Type": `${type};charset=utf-8`, "Content-Security-Policy": POLICY });
    res.end(body);
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  const address = server.address().port;
  return {
    pages,
    url: `http://localhost:${address}/`,
    origin: `http://localhost:${address}`,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { serve } = await import("../../.ci/serve.mjs");
  const host = await portal({ port: Number(process.env.PORT || 8090) });
  const config = { version: 1, sources: [{ id: "demo", kind: "demo" }], embed: { parents: [host.origin] } };
  const view = await serve({ dist: here("../../dist"), config });
  console.log(`The portal is at ${host.url}portal?view=${encodeURIComponent(view.url)}. Stop with Ctrl+C.`);
}
